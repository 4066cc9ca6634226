import { describe, expect, it } from "vitest";
import { latOfWorldY, lonOfWorldX, worldX, worldY } from "../src/mercator";
import { decodeShape, stretch, thin } from "../src/shape";
import { line, shapeText } from "./lines";

describe("a route's line", () => {
  it("lies where its points are", () => {
    const shape = decodeShape(shapeText([[47.1234567, 9.5], [-33.45, -70.6666667]]));
    expect(latOfWorldY(shape.points[1]!)).toBeCloseTo(47.1234567, 6);
    expect(lonOfWorldX(shape.points[2]!)).toBeCloseTo(-70.6666667, 6);
    expect(shape.points[3]).toBeCloseTo(worldY(-33.45), 9);
    expect(worldX(9.5)).toBe(shape.points[0]);
  });

  it("is empty for an empty text", () => {
    expect(decodeShape("").points.length).toBe(0);
  });

  it("is cut where the vehicle is, and both parts meet there", () => {
    const shape = line([0, 0], [4, 0], [4, 4]);
    expect([...stretch(shape, 0, 0.75)]).toEqual([0, 0, 4, 0, 4, 2]);
    expect([...stretch(shape, 0.75, 1)]).toEqual([4, 2, 4, 4]);
    expect([...stretch(shape, 0.25, 0.375)]).toEqual([2, 0, 3, 0]);
    expect([...stretch(shape, 0.25, 0.5)]).toEqual([2, 0, 4, 0]);
  });

  it("has no stretch of no length, and none beyond its ends", () => {
    const shape = line([0, 0], [4, 0]);
    expect([...stretch(shape, -1, 2)]).toEqual([0, 0, 4, 0]);
    expect(stretch(shape, 0.5, 0.5).length).toBe(0);
    expect(stretch(shape, 1, 1).length).toBe(0);
    expect(stretch(shape, 0.9, 0.2).length).toBe(0);
    expect(stretch(line([1, 1]), 0, 1).length).toBe(0);
  });

  it("loses only the points no pixel would miss", () => {
    const shape = line([0, 0], [1, 0.001], [2, 0], [3, 2], [4, 0]);
    expect([...thin(shape, 0.01).shape.points]).toEqual([0, 0, 2, 0, 3, 2, 4, 0]);
    expect(thin(shape, 0.0001).shape).toEqual(shape);
    const ends = thin(shape, 100).shape;
    expect([...ends.points]).toEqual([0, 0, 4, 0]);
    expect(ends.along[1]).toBe(shape.along[4]);
  });

  it("keeps the points where it changes its lane, however straight it is there", () => {
    const shape = line([0, 0], [1, 0], [2, 0], [3, 0], [4, 0]);
    const { shape: kept, places } = thin(shape, 100, Float32Array.of(0, 0, 1, 1));
    expect([...places]).toEqual([0, 2, 4]);
    expect([...kept.along]).toEqual([0, 2, 4]);
  });
});
