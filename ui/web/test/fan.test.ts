import { describe, expect, it } from "vitest";
import { fanOut, inRows } from "../src/fan";

const DOOR = { x: 0.5, y: 0.35 };
const at = (dx = 0, dy = 0) => ({ x: DOOR.x + dx, y: DOOR.y + dy });

describe("stops at one door", () => {
  it("are laid around it, each as far from the next as asked", () => {
    for (const count of [2, 3, 5, 9]) {
      const stops = Array.from({ length: count }, (_, i) => at(i * 1e-9));
      const spots = [...fanOut(stops, 25).values()];
      expect(spots.length).toBe(count);
      spots.forEach((spot, i) => {
        const next = spots[(i + 1) % count]!;
        expect(Math.hypot(spot.dx - next.dx, spot.dy - next.dy)).toBeCloseTo(25, 9);
      });
    }
  });

  it("are not confused with those of the next house, though a cell's edge lies between them", () => {
    const next = 3e-7;
    const stops = [at(), at(1e-7), at(next), at(next + 1e-7)];
    const spots = fanOut(stops, 20);
    expect(spots.get(stops[0]!)).toEqual(spots.get(stops[2]!));
    expect(spots.get(stops[0]!)!.dx).toBeCloseTo(-10, 9);
    expect(spots.get(stops[1]!)!.dx).toBeCloseTo(10, 9);
  });

  it("stay where they are with a door to themselves", () => {
    expect(fanOut([at(), at(1e-5)], 25).size).toBe(0);
  });
});

describe("marks in a row", () => {
  it("stand side by side about their place", () => {
    const rows = inRows(["a1", "b1", "a2", "a3"], (mark) => mark[0]!);
    expect(Object.fromEntries(rows.map(({ mark, sideways }) => [mark, sideways]))).toEqual({ a1: -1, a2: 0, a3: 1, b1: 0 });
  });
});
