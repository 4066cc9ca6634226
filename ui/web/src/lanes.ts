/** Routes that work along the same road are drawn side by side, each in a lane of its own. */

import type { Shape } from "./shape";

/** A band of routes is never wider than this many lanes, however many share the road. */
const WIDEST_BAND = 4;

/** A line, and the part of it to be laid beside others, from one length along it to another. */
export interface LaneLine {
  readonly shape: Shape;
  readonly from: number;
  readonly to: number;
}

/** The lines that share a stretch of road, and from where the first of them comes. */
interface Stretch {
  readonly lines: number[];
  readonly fromX: number;
  readonly fromY: number;
}

/**
 * Where each line runs among those it shares a road with.
 *
 * Returns, for each line and each of its segments, how many lanes to the right of the
 * driving direction it is drawn; 0 is the middle of the road. Lines keep their order and
 * their side of the road whichever way they drive it.
 */
export function assignLanes(lines: readonly LaneLine[]): Float32Array[] {
  const stretches = stretchesOf(lines);
  return lines.map(({ shape, from, to }, line) => {
    const lanes = new Float32Array(Math.max(0, shape.along.length - 1));
    for (let i = 0; i < lanes.length; i++) {
      if (!isWithin(shape, i, from, to)) continue;
      const stretch = stretches.get(segmentKey(shape.points, i))!;
      const lane = laneAmong(stretch.lines.indexOf(line), stretch.lines.length);
      lanes[i] = isSameWay(stretch, shape.points, i) ? lane : -lane;
    }
    return lanes;
  });
}

function stretchesOf(lines: readonly LaneLine[]): Map<number, Stretch> {
  const stretches = new Map<number, Stretch>();
  lines.forEach(({ shape, from, to }, line) => {
    const { points } = shape;
    for (let i = 0; i < shape.along.length - 1; i++) {
      if (!isWithin(shape, i, from, to)) continue;
      const key = segmentKey(points, i);
      const stretch = stretches.get(key);
      if (!stretch) stretches.set(key, { lines: [line], fromX: points[2 * i]!, fromY: points[2 * i + 1]! });
      else if (stretch.lines[stretch.lines.length - 1] !== line) stretch.lines.push(line);
    }
  });
  return stretches;
}

function isWithin({ along }: Shape, i: number, from: number, to: number): boolean {
  return along[i + 1]! > from && along[i]! < to;
}

function laneAmong(place: number, count: number): number {
  if (count < 2) return 0;
  return (place - (count - 1) / 2) * Math.min(1, (WIDEST_BAND - 1) / (count - 1));
}

/** The same number for both ways of a stretch of road: lines from one road graph share it exactly. */
function segmentKey(points: Float64Array, i: number): number {
  const x = points[2 * i]! + points[2 * i + 2]!;
  const y = points[2 * i + 1]! + points[2 * i + 3]!;
  return x + y * 0.7548776662466927;
}

function isSameWay(stretch: Stretch, points: Float64Array, i: number): boolean {
  return points[2 * i] === stretch.fromX && points[2 * i + 1] === stretch.fromY;
}

/** Bends sharper than this are not mitred: the cosine of the turn. */
const SHARPEST_MITRE = -0.3;

/** Moves each segment of a line sideways by its lanes, `laneWidth` each; segments stay joined. */
export function moveIntoLanes({ points, along }: Shape, lanes: Float32Array, laneWidth: number): Shape {
  const sides = sidesOf(points, lanes, laneWidth);
  const moved: number[] = [];
  const movedAlong: number[] = [];
  const add = (i: number, asideX: number, asideY: number): void => {
    moved.push(points[2 * i]! + asideX, points[2 * i + 1]! + asideY);
    movedAlong.push(along[i]!);
  };
  for (let i = 0; i < along.length; i++) {
    const before = sides[i - 1];
    const after = sides[i];
    const mitre = before && after && lanes[i - 1] === lanes[i] ? mitreOf(before, after) : null;
    if (mitre) add(i, mitre.x, mitre.y);
    else for (const side of [before, after]) if (side) add(i, side.x, side.y);
  }
  return { points: Float64Array.from(moved), along: Float64Array.from(movedAlong) };
}

interface Side {
  readonly x: number;
  readonly y: number;
}

/** How far each segment is moved. */
function sidesOf(points: Float64Array, lanes: Float32Array, laneWidth: number): Side[] {
  return Array.from(lanes, (lane, i) => {
    const dx = points[2 * i + 2]! - points[2 * i]!;
    const dy = points[2 * i + 3]! - points[2 * i + 1]!;
    const aside = (lane * laneWidth) / Math.max(1e-15, Math.hypot(dx, dy));
    return { x: -dy * aside, y: dx * aside };
  });
}

/** Where two neighbouring segments moved by the same width meet, or null where they turn too sharply. */
function mitreOf(before: Side, after: Side): Side | null {
  const square = before.x ** 2 + before.y ** 2;
  if (square === 0) return before;
  const cosine = (before.x * after.x + before.y * after.y) / square;
  if (cosine < SHARPEST_MITRE) return null;
  return { x: (before.x + after.x) / (1 + cosine), y: (before.y + after.y) / (1 + cosine) };
}
