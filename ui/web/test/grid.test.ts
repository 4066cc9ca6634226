import { describe, expect, it } from "vitest";
import { PickGrid } from "../src/grid";

/** Repeatable numbers in [0, 1). */
function* lots(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe("picking", () => {
  it("finds the same nearest vehicle as looking at all of them", () => {
    const draw = lots(42);
    const xs = Float32Array.from({ length: 400 }, () => draw.next().value * 900 - 50);
    const ys = Float32Array.from({ length: 400 }, () => draw.next().value * 700 - 50);
    const grid = new PickGrid();
    grid.build(xs, ys, 400, 800, 600);
    for (let k = 0; k < 300; k++) {
      const x = draw.next().value * 800;
      const y = draw.next().value * 600;
      let best = -1;
      let bestSquare = 15 * 15;
      xs.forEach((px, i) => {
        const isOnScreen = px >= 0 && px < 800 && ys[i]! >= 0 && ys[i]! < 600;
        const square = (px - x) ** 2 + (ys[i]! - y) ** 2;
        if (isOnScreen && square <= bestSquare) [best, bestSquare] = [i, square];
      });
      expect(grid.nearest(x, y, 15)).toBe(best);
    }
  });

  it("finds nothing on an empty map or away from every vehicle", () => {
    const grid = new PickGrid();
    grid.build(new Float32Array(0), new Float32Array(0), 0, 800, 600);
    expect(grid.nearest(10, 10, 15)).toBe(-1);
    grid.build(Float32Array.of(100), Float32Array.of(100), 1, 800, 600);
    expect(grid.nearest(130, 100, 15)).toBe(-1);
    expect(grid.nearest(110, 100, 15)).toBe(0);
  });
});
