import { describe, expect, it } from "vitest";
import { degreeLabel, graticuleStep } from "../src/degrees";
import { over, Stamp } from "../src/raster";
import { FrameMeter, quantile } from "../src/statistics";
import { ageWords, speedWords } from "../src/strings";

const RED = 0xff0000ff | 0;
const GREEN = 0xff00ff00 | 0;
const HALF_BLUE = 0x80ff0000 | 0;

describe("stamping", () => {
  const stamp = new Stamp(2, Uint32Array.of(RED, 0, HALF_BLUE, RED));

  it("leaves what lies under empty pixels", () => {
    const frame = new Int32Array(16);
    frame[6] = GREEN;
    stamp.blendInto(frame, 4, 4, 2, 2);
    expect([frame[5], frame[6], frame[9], frame[10]]).toEqual([RED, GREEN, HALF_BLUE, RED]);
  });

  it("cuts off what hangs over any edge instead of wrapping round", () => {
    for (const [x, y, lit] of [[0, 0, [0]], [4, 4, [15]], [4, 2, [7, 11]], [2, 0, [1, 2]], [90, 2, []]] as const) {
      const frame = new Int32Array(16);
      stamp.blendInto(frame, 4, 4, x, y);
      expect([...frame.keys()].filter((at) => frame[at] !== 0)).toEqual(lit);
    }
  });

  it("is right again after the frame changed its width", () => {
    const narrow = new Int32Array(16);
    const wide = new Int32Array(64);
    stamp.blendInto(narrow, 4, 4, 2, 2);
    stamp.blendInto(wide, 8, 8, 4, 4);
    expect([wide[27], wide[35], wide[36]]).toEqual([RED, HALF_BLUE, RED]);
  });

  it("mixes half-seen pixels as light does", () => {
    const mixed = over(HALF_BLUE, RED);
    expect(mixed >>> 24).toBe(255);
    expect(Math.abs(((mixed >>> 16) & 255) - 128)).toBeLessThan(2);
    expect(Math.abs((mixed & 255) - 127)).toBeLessThan(2);
    expect(over(HALF_BLUE, 0)).toBe(HALF_BLUE);
    expect(over(HALF_BLUE, 0x800000ff | 0) >>> 24).toBe(192);
  });
});

describe("the graticule", () => {
  it("keeps its lines apart at every zoom", () => {
    for (let zoom = 2; zoom <= 19; zoom++) {
      const scale = 256 * 2 ** zoom;
      const gap = (graticuleStep(scale) * scale) / 360;
      if (graticuleStep(scale) < 30) expect(gap).toBeGreaterThanOrEqual(150);
      expect(gap).toBeLessThan(zoom > 17 ? 800 : 400);
    }
  });

  it("names places with the decimals they need", () => {
    expect(degreeLabel(47.2, 0.1, ["N", "S"])).toBe("47.2° N");
    expect(degreeLabel(-70.65, 0.05, ["E", "W"])).toBe("70.65° W");
    expect(degreeLabel(0, 10, ["N", "S"])).toBe("0° N");
  });
});

describe("frame statistics", () => {
  it("count time between frames, not pauses", () => {
    const meter = new FrameMeter();
    for (const clock of [1000, 1020, 1040, 5000, 5020]) meter.noteFrame(clock);
    const read = meter.read();
    expect(read.fps).toBeCloseTo(50, 6);
    expect(read.frames).toBe(5);
    expect(quantile([5, 1, 3], 0.5)).toBe(3);
    expect(quantile([], 0.95)).toBe(0);
  });
});

describe("how old what is drawn is", () => {
  it("counts each frame's fixes once, from their devices' time to the first drawing", () => {
    const meter = new FrameMeter();
    meter.noteFirstDrawing(1, 900, Float64Array.of(700, 800), 1000);
    meter.noteFirstDrawing(1, 900, Float64Array.of(700, 800), 5000);
    expect(meter.read()).toMatchObject({ behind_p50_ms: 100, drawn_p50_ms: 300, drawn_p99_ms: 300 });
    meter.reset();
    expect(meter.read().drawn_p95_ms).toBe(0);
  });
});

describe("words", () => {
  it("say ages and speeds as people do", () => {
    expect([ageWords(4), ageWords(200), ageWords(8000)]).toEqual(["4 s", "3 min", "2 h"]);
    expect([speedWords(0), speedWords(900), speedWords(0xffff)]).toEqual(["standing", "32 km/h", "not told"]);
  });
});
