import { describe, expect, it } from "vitest";
import { tracePolyline } from "../src/polyline";

const UNIT = { scale: 1, offsetX: 0, offsetY: 0 };

function traced(...points: number[]): string {
  const steps: string[] = [];
  const ctx = { moveTo: (x: number, y: number) => steps.push(`M${x},${y}`), lineTo: (x: number, y: number) => steps.push(`L${x},${y}`) };
  tracePolyline(ctx, Float64Array.from(points), UNIT, 100, 100);
  return steps.join(" ");
}

describe("a long line", () => {
  it("is drawn whole where it is in view", () => {
    expect(traced(10, 10, 50, 50, 90, 10)).toBe("M10,10 L50,50 L90,10");
  });

  it("is left out where it is not, and taken up again where it comes back", () => {
    expect(traced(10, 10, 50, 500, 60, 600, 70, 500, 90, 10)).toBe("M10,10 L50,500 M70,500 L90,10");
    expect(traced(-900, 10, -800, 50, -900, 90)).toBe("");
  });

  it("is drawn where it crosses the view from outside to outside", () => {
    expect(traced(-50, 50, 150, 50)).toBe("M-50,50 L150,50");
  });
});
