import { describe, expect, it } from "vitest";
import { cellBox, cellsUnder, groundTileZoom, namesTileZoom, overlap, tileSide, boxOfBounds, type Box } from "../src/pieces";

const VIEW: Box = { minX: 1_000_003, minY: 700_009, maxX: 1_001_031, maxY: 700_764 };

describe("the pieces of the base map", () => {
  it("cover the view at every zoom without gap or overlap", () => {
    for (const zoom of [9, 10.25, 11.5, 11.75, 13, 16.25]) {
      const side = tileSide(zoom, Math.round(zoom));
      const boxes = cellsUnder(VIEW, side).map((cell) => cellBox(cell, side));
      const area = boxes.reduce((sum, box) => {
        const seen = overlap(box, VIEW);
        return sum + (seen ? (seen.maxX - seen.minX) * (seen.maxY - seen.minY) : 0);
      }, 0);
      expect(area).toBe((VIEW.maxX - VIEW.minX) * (VIEW.maxY - VIEW.minY));
      for (const box of boxes) expect(Object.values(box).every(Number.isInteger)).toBe(true);
    }
  });

  it("are painted from tiles that hold every street as soon as a town is in view", () => {
    expect([10.1, 10.75, 11.5, 12, 13].map((zoom) => groundTileZoom(zoom, 15))).toEqual([12, 12, 12, 12, 12]);
    expect([8, 9].map((zoom) => groundTileZoom(zoom, 15))).toEqual([9, 10]);
    expect([14, 15, 16, 17, 19].map((zoom) => groundTileZoom(zoom, 15))).toEqual([13, 14, 15, 15, 15]);
    expect([11.5, 14, 19].map((zoom) => namesTileZoom(zoom, 15))).toEqual([11, 13, 15]);
  });

  it("lie where the region lies", () => {
    const box = boxOfBounds([47, 9, 48, 10], 8);
    expect(box.minX).toBeCloseTo((9 / 360 + 0.5) * 65536, 6);
    expect(box.maxY - box.minY).toBeGreaterThan(box.maxX - box.minX);
    expect(overlap(box, { minX: 0, minY: 0, maxX: box.minX, maxY: 1e9 })).toBeNull();
  });
});
