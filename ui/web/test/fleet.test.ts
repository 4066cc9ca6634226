import { describe, expect, it } from "vitest";
import { Fleet } from "../src/fleet";
import { decodeFrame } from "../src/frame";
import { worldX } from "../src/mercator";
import { frameBytes, row, type Row } from "./frames";

function feed(fleet: Fleet, clock: number, ...rows: Row[]): void {
  fleet.apply(decodeFrame(frameBytes(rows, 1, 1000 + clock)), clock);
}

describe("the fleet", () => {
  it("shows a new vehicle at its fix at once", () => {
    const fleet = new Fleet();
    feed(fleet, 0, row(7, 47.1, 9.5));
    fleet.advance(0);
    expect(fleet.x[fleet.slotOf(7)]).toBeCloseTo(worldX(9.5), 9);
  });

  it("glides from fix to fix in the time between them, without a jump", () => {
    const fleet = new Fleet();
    feed(fleet, 0, row(7, 47.1, 9.5, { atMs: 1 }));
    fleet.advance(1000);
    feed(fleet, 1000, row(7, 47.1, 9.501, { atMs: 1001 }));
    const seen = [1000, 1250, 1500, 1750, 2000].map((clock) => {
      fleet.advance(clock);
      return fleet.x[0]!;
    });
    expect(seen[0]).toBeCloseTo(worldX(9.5), 9);
    expect(seen[2]).toBeCloseTo(worldX(9.5005), 9);
    expect(seen[4]).toBeCloseTo(worldX(9.501), 9);
    const steps = seen.slice(1).map((x, i) => x - seen[i]!);
    for (const step of steps) expect(step).toBeCloseTo(steps[0]!, 12);
  });

  it("rolls out and rests when fixes stop coming, never far beyond the last one", () => {
    const fleet = new Fleet();
    feed(fleet, 0, row(7, 47.1, 9.5, { atMs: 1 }));
    fleet.advance(1000);
    feed(fleet, 1000, row(7, 47.1, 9.501, { atMs: 1001 }));
    expect(fleet.advance(2100)).toBe(true);
    expect(fleet.advance(60_000)).toBe(false);
    const beyond = (fleet.x[0]! - worldX(9.501)) / (worldX(9.501) - worldX(9.5));
    expect(beyond).toBeGreaterThan(0);
    expect(beyond).toBeLessThan(0.75);
  });

  it("does not roll a standing vehicle off its place", () => {
    const fleet = new Fleet();
    feed(fleet, 0, row(7, 47.1, 9.5, { atMs: 1 }));
    fleet.advance(1000);
    feed(fleet, 1000, row(7, 47.1, 9.5001, { atMs: 1001, speed: 0 }));
    fleet.advance(60_000);
    expect(fleet.x[0]).toBeCloseTo(worldX(9.5001), 12);
  });

  it("rests where it was seen last when it tells no speed", () => {
    const fleet = new Fleet();
    feed(fleet, 0, row(7, 47.1, 9.5, { atMs: 1 }));
    fleet.advance(1000);
    feed(fleet, 1000, row(7, 47.1, 9.5001, { atMs: 1001, speed: 0xffff }));
    fleet.advance(60_000);
    expect(fleet.x[0]).toBeCloseTo(worldX(9.5001), 12);
  });

  it("points a vehicle that tells no heading to where it went", () => {
    const fleet = new Fleet();
    const untold = 0xffff / 100;
    feed(fleet, 0, row(7, 47.1, 9.5, { atMs: 1, heading: untold }));
    fleet.advance(1000);
    expect(fleet.heading[0]).toBe(0);
    feed(fleet, 1000, row(7, 47.1, 9.501, { atMs: 1001, heading: untold }));
    fleet.advance(4000);
    expect(fleet.heading[0]).toBeCloseTo(90, 1);
    feed(fleet, 5000, row(7, 47.1, 9.501, { atMs: 5001, heading: untold }));
    fleet.advance(9000);
    expect(fleet.heading[0]).toBeCloseTo(90, 1);
  });

  it("turns the short way round through north", () => {
    const fleet = new Fleet();
    feed(fleet, 0, row(7, 47.1, 9.5, { atMs: 1, heading: 350 }));
    fleet.advance(1000);
    feed(fleet, 1000, row(7, 47.1, 9.5001, { atMs: 1001, heading: 20 }));
    fleet.advance(1000 + 1000 / 6);
    expect(fleet.heading[0]).toBeCloseTo(5, 1);
    fleet.advance(2000);
    expect(fleet.heading[0]).toBeCloseTo(20, 3);
  });

  it("puts a vehicle that leapt across the map where it is, without flying there", () => {
    const fleet = new Fleet();
    feed(fleet, 0, row(7, 47.1, 9.5, { atMs: 1 }));
    feed(fleet, 1000, row(7, 48.9, 2.3, { atMs: 1001 }));
    fleet.advance(1001);
    expect(fleet.x[0]).toBeCloseTo(worldX(2.3), 9);
  });

  it("keeps every vehicle on its own place when others leave and come back", () => {
    const fleet = new Fleet();
    const all = Array.from({ length: 100 }, (_, i) => row(i, 47, 9 + i / 100));
    feed(fleet, 0, ...all);
    feed(fleet, 10, ...all.filter((r) => r.handle % 3 === 0));
    expect(fleet.count).toBe(34);
    feed(fleet, 20, ...all.filter((r) => r.handle % 2 === 0).reverse());
    fleet.advance(60_000);
    expect(fleet.count).toBe(50);
    for (let h = 0; h < 100; h++) {
      if (h % 2) expect(fleet.slotOf(h)).toBe(-1);
      else expect(fleet.x[fleet.slotOf(h)]).toBeCloseTo(worldX(9 + h / 100), 9);
    }
  });

  it("tells the age of a fix on the gateway's clock, and never below zero", () => {
    const fleet = new Fleet();
    feed(fleet, 500, row(7, 47, 9, { atMs: 500 }), row(8, 47, 9, { atMs: 9000 }));
    expect(fleet.ageS(fleet.slotOf(7), 2500)).toBeCloseTo(3, 6);
    expect(fleet.ageS(fleet.slotOf(8), 2500)).toBe(0);
  });
});
