import { describe, expect, it } from "vitest";
import { decodeFrame, FRAME_HEADER_BYTES, FRAME_MAGIC, FRAME_ROW_BYTES, FrameError } from "../src/frame";
import { frameBytes } from "./frames";

describe("a vehicle frame", () => {
  it("comes back as it was sent, whatever the number of vehicles", () => {
    for (const count of [0, 1, 3]) {
      const rows = Array.from({ length: count }, (_, i) => ({
        handle: 7 + i, lat: 47.1 + i, lon: -9.5 - i, speed: 1234 + i, heading: 359.99 - i, atMs: 1.7e12 + i, punctuality: i, kind: 5 - i,
      }));
      const frame = decodeFrame(frameBytes(rows, 9_007_199_254, 1.7e12));
      expect(frame.version).toBe(9_007_199_254);
      expect(frame.count).toBe(count);
      expect([...frame.handle]).toEqual(rows.map((r) => r.handle));
      expect([...frame.lat]).toEqual(rows.map((r) => Math.round(r.lat * 1e7)));
      expect([...frame.lon]).toEqual(rows.map((r) => Math.round(r.lon * 1e7)));
      expect([...frame.speed]).toEqual(rows.map((r) => r.speed));
      expect([...frame.heading]).toEqual(rows.map((r) => Math.round(r.heading * 100)));
      expect([...frame.atMs]).toEqual(rows.map((r) => r.atMs));
      expect([...frame.kind]).toEqual(rows.map((r) => r.kind));
    }
  });

  it("is refused when cut short, too long or something else", () => {
    const whole = frameBytes([{ handle: 1, lat: 47, lon: 9, speed: 0, heading: 0, atMs: 0, punctuality: 0, kind: 0 }], 1, 0);
    expect(() => decodeFrame(new ArrayBuffer(4))).toThrow(FrameError);
    expect(() => decodeFrame(whole.slice(0, whole.byteLength - 1))).toThrow(FrameError);
    expect(() => decodeFrame(new ArrayBuffer(FRAME_HEADER_BYTES + FRAME_ROW_BYTES))).toThrow("not a vehicle frame");
    const lying = whole.slice(0);
    new DataView(lying).setUint32(4, 4_000_000_000, true);
    expect(() => decodeFrame(lying)).toThrow(FrameError);
    expect(new DataView(whole).getUint32(0, true)).toBe(FRAME_MAGIC);
  });
});
