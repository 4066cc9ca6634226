import { describe, expect, it } from "vitest";
import { arrows, merge, PastTrail, stepsInView, type TrailRecord } from "../src/pastTrail";
import { saidAt } from "../src/pastTrailHover";
import { SPEED_COLOURS, speedColour, speedWords } from "../src/pastTrailLook";
import { line, shapeText } from "./lines";

const GAP = 255;

function bytes(...values: number[]): string {
  return btoa(String.fromCharCode(...values));
}

function record(points: readonly (readonly [number, number])[], steps: readonly number[], more: Partial<TrailRecord> = {}): TrailRecord {
  return {
    id: "own:A", label: "FL 4000", points: shapeText(points), steps: bytes(...steps),
    stays: [], ticks: [], strays: [], moment: null, planned: "", ...more,
  };
}

/** A day of a vehicle: a drive with small turns and changing speeds, and one silence in it. */
function day(count: number): TrailRecord {
  const points = Array.from({ length: count }, (_, i) => [47 + 0.0003 * i + 0.0001 * Math.sin(i), 9.5 + 0.0002 * Math.cos(i / 3)] as const);
  const steps = Array.from({ length: count - 1 }, (_, i) => (i === 5000 ? GAP : i % 5));
  return record(points, steps);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

describe("a trail", () => {
  it("keeps the point where the speed changes, and forgets what no pixel would miss", () => {
    const trail = new PastTrail(record([[47, 9.5], [47, 9.51], [47, 9.52], [47, 9.53], [47, 9.54]], [0, 0, 3, 3]), GAP);
    const drawn = trail.at(14);
    expect([...drawn.steps]).toEqual([0, 3]);
    expect(drawn.shape.along.length).toBe(3);
  });

  it("of ten thousand positions is drawn with as few as the screen can show", () => {
    const trail = new PastTrail(day(10_000), GAP);
    const far = trail.at(9);
    expect(far.shape.along.length).toBeLessThan(1_500);
    expect(far.steps.length).toBe(far.shape.along.length - 1);
    expect([...far.steps].filter((step) => step === GAP).length).toBe(1);
    expect(trail.at(18).shape.along.length).toBeGreaterThan(9_000);
    expect(trail.at(9)).toBe(far);
  });

  it("never joins a silence to what was heard", () => {
    const shape = line([0, 0], [1, 0], [2, 0], [3, 0], [4, 0]);
    const { steps, shape: kept } = merge(shape, Uint8Array.of(1, GAP, 1, 1), GAP, 10);
    expect([...steps]).toEqual([1, GAP, 1]);
    expect([...kept.along]).toEqual([0, 1, 2, 4]);
  });

  it("gives a joined step the class of its longest part", () => {
    const shape = line([0, 0], [0.1, 0], [1, 0], [1.1, 0]);
    expect([...merge(shape, Uint8Array.of(0, 4, 0), GAP, 5).steps]).toEqual([4]);
  });

  it("is nothing at all where there is one position, or none", () => {
    for (const points of [[], [[47, 9.5]]] as const) {
      const trail = new PastTrail(record(points, []), GAP);
      expect(trail.at(12).steps.length).toBe(0);
      expect(arrows(trail.at(12), GAP, 1e-6)).toEqual([]);
    }
  });

  it("leaves out a time that stands at no position", () => {
    const ticks = [{ place: 1, words: "12:00" }, { place: 9, words: "13:00" }];
    const trail = new PastTrail(record([[47, 9.5], [47, 9.6]], [1], { ticks }), GAP);
    expect(trail.ticks.map((tick) => tick.words)).toEqual(["12:00"]);
  });

  it("has arrows the way it was driven, and none where nobody knows", () => {
    const drawn = { shape: line([0, 0], [10, 0], [20, 0], [20, 10]), steps: Uint8Array.of(1, GAP, 1) };
    const found = arrows(drawn, GAP, 4);
    expect(found.every(({ x }) => x <= 10 || x === 20)).toBe(true);
    expect(found[0]!.angle).toBeCloseTo(0);
    expect(found.at(-1)!.angle).toBeCloseTo(Math.PI / 2);
  });
});

describe("drawing a trail", () => {
  it("leaves out the steps that lie off the canvas, and keeps those that cross it", () => {
    const drawn = { shape: line([-50, 5], [-20, 5], [5, 5], [6, 6], [30, 5], [40, 5]), steps: Uint8Array.of(0, 1, 2, 3, 4) };
    const view = { scale: 10, offsetX: 0, offsetY: 0 };
    expect(stepsInView(drawn, view, { x: 100, y: 100 })).toEqual([1, 2, 3]);
    expect(stepsInView(drawn, { ...view, offsetY: 900 }, { x: 100, y: 100 })).toEqual([]);
  });
});

describe("the pointer over a trail", () => {
  const stay = { lat: 47, lon: 9.52, label: "12 min", words: "Stood 10:14–10:26 (12 min), not at a stop" };
  const stray = { first: 3, last: 4, words: "260 m from the planned line" };
  const trail = new PastTrail(record(
    [[47, 9.5], [47, 9.51], [47, 9.52], [47, 9.55], [47, 9.56]], [1, 1, 1, 1], { stays: [stay], strays: [stray] },
  ), GAP);
  const pixel = 1 / (256 * 2 ** 14);
  const at = (lon: number, dy = 0): string | undefined => {
    const [x, y] = [lon / 360 + 0.5, trail.whole.points[1]! + dy * pixel];
    return saidAt([trail], x, y, pixel)?.words;
  };

  it("says from when until when it stood, and where", () => {
    expect(at(9.52, 5)).toBe(stay.words);
    expect(at(9.52, 30)).toBeUndefined();
  });

  it("says how far from the line it was", () => {
    expect(at(9.555, 6)).toBe(stray.words);
    expect(at(9.505)).toBeUndefined();
  });
});

describe("the colours of speeds", () => {
  it("are told apart by their lightness alone", () => {
    const lights = SPEED_COLOURS.map(luminance);
    for (let i = 1; i < lights.length; i++) expect((lights[i]! + 0.05) / (lights[i - 1]! + 0.05)).toBeGreaterThan(1.3);
  });

  it("have a word each, and what is faster than all has the last", () => {
    const words = speedWords([10, 30, 50, 80]);
    expect(words).toEqual(["under 10", "10–30", "30–50", "50–80", "over 80"]);
    expect(words.length).toBe(SPEED_COLOURS.length);
    expect(speedColour(99)).toBe(SPEED_COLOURS.at(-1));
  });
});
