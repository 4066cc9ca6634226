import { describe, expect, it } from "vitest";
import { latOfWorldY, lonOfWorldX, worldX, worldY } from "../src/mercator";
import { decodeShape, split, thin, type Shape } from "../src/shape";
import { shapeText } from "./lines";

function line(...points: [number, number][]): Shape {
  const flat = Float64Array.from(points.flat());
  const along = new Float64Array(points.length);
  points.forEach((p, i) => {
    if (i > 0) along[i] = along[i - 1]! + Math.hypot(p[0] - points[i - 1]![0], p[1] - points[i - 1]![1]);
  });
  return { points: flat, along };
}

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
    const { driven, remaining } = split(line([0, 0], [4, 0], [4, 4]), 0.75);
    expect([...driven]).toEqual([0, 0, 4, 0, 4, 2]);
    expect([...remaining]).toEqual([4, 2, 4, 4]);
  });

  it("is all remaining at the start and all driven at the end", () => {
    const shape = line([0, 0], [4, 0]);
    expect([...split(shape, 0).remaining]).toEqual([0, 0, 4, 0]);
    expect([...split(shape, -1).remaining]).toEqual([0, 0, 4, 0]);
    expect(split(shape, 2).remaining.length).toBeLessThanOrEqual(4);
    expect([...split(shape, 1).driven].slice(-2)).toEqual([4, 0]);
    expect(split(line([1, 1]), 0.5).remaining.length).toBe(0);
  });

  it("loses only the points no pixel would miss", () => {
    const shape = line([0, 0], [1, 0.001], [2, 0], [3, 2], [4, 0]);
    expect([...thin(shape, 0.01).points]).toEqual([0, 0, 2, 0, 3, 2, 4, 0]);
    expect(thin(shape, 0.0001)).toEqual(shape);
    const ends = thin(shape, 100);
    expect([...ends.points]).toEqual([0, 0, 4, 0]);
    expect(ends.along[1]).toBe(shape.along[4]);
  });
});
