import { describe, expect, it } from "vitest";
import { LabelRoom } from "../src/labelRoom";

describe("the room for labels", () => {
  it("is given to whoever comes first, and nobody over it", () => {
    const room = new LabelRoom();
    expect(room.take(10, 10, 50, 14)).toBe(true);
    expect(room.take(40, 20, 50, 14)).toBe(false);
    expect(room.take(40, 24, 50, 14)).toBe(true);
  });

  it("is the same wherever on the map, and beyond its edges", () => {
    for (const [x, y] of [[60, 60], [-70, -5], [1000, 630]] as const) {
      const room = new LabelRoom();
      expect(room.take(x, y, 90, 14)).toBe(true);
      expect(room.take(x + 89, y + 13, 20, 14)).toBe(false);
      expect(room.take(x + 90, y, 20, 14)).toBe(true);
    }
  });

  it("leaves no two of many labels over each other", () => {
    const room = new LabelRoom();
    const kept: [number, number][] = [];
    for (let i = 0; i < 500; i++) {
      const [x, y] = [(i * 7919) % 640, (i * 104729) % 480];
      if (room.take(x, y, 60, 14)) kept.push([x, y]);
    }
    const clash = kept.some(([x, y], i) => kept.some(([u, v], k) => k < i && Math.abs(x - u) < 60 && Math.abs(y - v) < 14));
    expect(kept.length).toBeGreaterThan(100);
    expect(clash).toBe(false);
  });
});
