import { describe, expect, it } from "vitest";
import type { Rectangle } from "../src/labelRoom";
import { SteadyLabels, type Label } from "../src/steadyLabels";
import { lot } from "./lots";

const HEIGHT = 14;

interface Moving {
  readonly key: number;
  readonly width: number;
  x: number;
  y: number;
  readonly dx: number;
  readonly dy: number;
}

function moving(seed: number, count: number, pace: number): Moving[] {
  const draw = lot(seed);
  return Array.from({ length: count }, (_, key) => ({
    key, width: 24 + draw() * 40, x: draw() * 800, y: draw() * 600, dx: (draw() - 0.5) * pace, dy: (draw() - 0.5) * pace,
  }));
}

function labelOf({ key, width, x, y }: Moving): Label {
  return { key, left: x, top: y, width, height: HEIGHT, isFirst: false };
}

function placeOf({ left, top, width, height }: Label): Rectangle {
  return { left, top, right: left + width, bottom: top + height };
}

function meet(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

describe.each([1, 2, 3, 4, 5, 6])("labels of room %i", (seed) => {
  it("lie over no other and over no mark that is kept free, frame after frame", () => {
    const labels = new SteadyLabels();
    const vehicles = moving(seed, 300, 2);
    const kept = moving(seed + 100, 25, 0).map(({ x, y }) => ({ left: x - 9, top: y - 9, right: x + 9, bottom: y + 9 }));
    for (let frame = 0; frame < 40; frame++) {
      const laid = labels.lay(vehicles.map(labelOf), kept).map(placeOf);
      expect(laid.length).toBeGreaterThan(30);
      expect(laid.some((a, i) => laid.some((b, k) => k < i && meet(a, b)))).toBe(false);
      expect(laid.some((a) => kept.some((b) => meet(a, b)))).toBe(false);
      for (const one of vehicles) [one.x, one.y] = [one.x + one.dx, one.y + one.dy];
    }
  });

  it("are the same ones while the map is dragged slowly", () => {
    const labels = new SteadyLabels();
    const vehicles = moving(seed, 300, 0);
    const first = labels.lay(vehicles.map(labelOf), []).map(({ key }) => key).sort();
    for (let frame = 0; frame < 60; frame++) {
      for (const one of vehicles) [one.x, one.y] = [one.x + 1.3, one.y - 0.7];
      // The order in which vehicles are known must not matter for who keeps a label.
      const shuffled = [...vehicles.slice(frame), ...vehicles.slice(0, frame)];
      expect(labels.lay(shuffled.map(labelOf), []).map(({ key }) => key).sort()).toEqual(first);
    }
  });

  it("do not come and go while vehicles creep past each other", () => {
    const labels = new SteadyLabels();
    const vehicles = moving(seed, 200, 0.6);
    const changes = new Map<number, number>();
    let shown = new Set<number>();
    for (let frame = 0; frame < 100; frame++) {
      const now = new Set(labels.lay(vehicles.map(labelOf), []).map(({ key }) => key));
      if (frame > 0) for (const { key } of vehicles) if (now.has(key) !== shown.has(key)) changes.set(key, (changes.get(key) ?? 0) + 1);
      shown = now;
      // A fix is never exact: a tenth of a pixel to and fro.
      for (const one of vehicles) [one.x, one.y] = [one.x + one.dx + (frame % 2 ? 0.1 : -0.1), one.y + one.dy];
    }
    expect(Math.max(0, ...changes.values())).toBeLessThanOrEqual(3);
  });
});
