import { describe, expect, it } from "vitest";
import { assignLanes, moveIntoLanes } from "../src/lanes";
import type { Shape } from "../src/shape";
import { line } from "./lines";

function lanesOf(...shapes: Shape[]): number[][] {
  return assignLanes(shapes.map((shape) => ({ shape, from: 0, to: Infinity }))).map((lanes) => [...lanes]);
}

describe("lanes", () => {
  it("leave a route alone on its road in the middle", () => {
    expect(lanesOf(line([0, 0], [1, 0]), line([0, 1], [1, 1]))).toEqual([[0], [0]]);
  });

  it("part two routes where they share a road, and only there", () => {
    const lanes = lanesOf(line([0, 0], [1, 0], [2, 0]), line([1, 0], [2, 0], [2, 5]));
    expect(lanes).toEqual([[0, -0.5], [0.5, 0]]);
  });

  it("keep a route on its side of the road whichever way the others drive it", () => {
    const [there, back] = assignLanes([
      { shape: line([0, 0], [1, 0]), from: 0, to: 9 }, { shape: line([1, 0], [0, 0]), from: 0, to: 9 },
    ]);
    const first = moveIntoLanes(line([0, 0], [1, 0]), there!, 1);
    const second = moveIntoLanes(line([1, 0], [0, 0]), back!, 1);
    expect([first.points[1], second.points[1]]).toEqual([-0.5, 0.5]);
  });

  it("do not swap sides on a road that winds about north", () => {
    const road: [number, number][] = [[0, 0], [0.1, 1], [0, 2], [0.1, 3], [-0.1, 4]];
    const [one, other] = lanesOf(line(...road), line(...road));
    expect(new Set(one).size).toBe(1);
    expect(new Set(other).size).toBe(1);
  });

  it("never grow into a band wider than four lanes", () => {
    const many = lanesOf(...Array.from({ length: 40 }, () => line([0, 0], [1, 0]))).map(([lane]) => lane!);
    expect(Math.max(...many) - Math.min(...many)).toBeLessThanOrEqual(3.0001);
    expect(new Set(many).size).toBe(40);
  });

  it("are for where routes serve somebody, not for the ways from and to the depot", () => {
    const shape = line([0, 0], [1, 0], [2, 0], [3, 0]);
    const lanes = assignLanes([{ shape, from: 1, to: 2 }, { shape, from: 0, to: 3 }]);
    expect(lanes.map((one) => [...one])).toEqual([[0, -0.5, 0], [0, 0.5, 0]]);
  });
});

describe("a line in its lane", () => {
  it("runs beside the road, to the right of the driving direction", () => {
    const moved = moveIntoLanes(line([0, 0], [2, 0], [2, 2]), Float32Array.of(1, 1), 0.5);
    expect([...moved.points]).toEqual([0, 0.5, 1.5, 0.5, 1.5, 2]);
    expect([...moved.along]).toEqual([0, 2, 4]);
  });

  it("stays in one piece where it changes lanes or turns back", () => {
    const changed = moveIntoLanes(line([0, 0], [2, 0], [4, 0]), Float32Array.of(0, 1), 0.5);
    expect([...changed.points]).toEqual([0, 0, 2, 0, 2, 0.5, 4, 0.5]);
    const turned = moveIntoLanes(line([0, 0], [2, 0], [0, 0]), Float32Array.of(1, 1), 0.5);
    expect([...turned.points]).toEqual([0, 0.5, 2, 0.5, 2, -0.5, 0, -0.5]);
    expect([...turned.along]).toEqual([0, 2, 2, 4]);
  });
});
