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
      expect(grid.under(x, y, 0, 15, new Uint8Array(400))).toBe(best);
    }
  });

  it("finds nothing on an empty map or away from every vehicle", () => {
    const grid = new PickGrid();
    grid.build(new Float32Array(0), new Float32Array(0), 0, 800, 600);
    expect(grid.under(10, 10, 5, 15, new Uint8Array(1))).toBe(-1);
    grid.build(Float32Array.of(100), Float32Array.of(100), 1, 800, 600);
    expect(grid.under(130, 100, 5, 15, new Uint8Array(1))).toBe(-1);
    expect(grid.under(110, 100, 5, 15, new Uint8Array(1))).toBe(0);
  });

  it("takes what is drawn on top where several lie under the pointer", () => {
    const grid = new PickGrid();
    const xs = Float32Array.of(100, 102, 103, 110);
    const ys = Float32Array.of(100, 100, 100, 100);
    grid.build(xs, ys, 4, 800, 600);
    expect(grid.under(100, 100, 7, 15, Uint8Array.of(0, 0, 0, 9))).toBe(2);
    expect(grid.under(100, 100, 7, 15, Uint8Array.of(5, 0, 0, 9))).toBe(0);
    expect(grid.under(90, 100, 7, 15, Uint8Array.of(0, 9, 9, 9))).toBe(0);
  });
});
