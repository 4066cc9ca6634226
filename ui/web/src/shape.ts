/** A route's line: decoding, thinning for a zoom, and splitting into driven and remaining. */

import { worldX, worldY } from "./mercator";

export interface Shape {
  /** Unit-square x, y pairs. */
  readonly points: Float64Array;
  /** Length from the start to each point, in unit-square units. */
  readonly along: Float64Array;
}

/** Reads base64 of little-endian int32 latitude, longitude pairs in 1e-7 degrees. */
export function decodeShape(text: string): Shape {
  const raw = atob(text);
  const bytes = Uint8Array.from(raw, (c) => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const count = Math.floor(bytes.length / 8);
  const points = new Float64Array(count * 2);
  for (let i = 0; i < count; i++) {
    points[2 * i] = worldX(view.getInt32(8 * i + 4, true) / 1e7);
    points[2 * i + 1] = worldY(view.getInt32(8 * i, true) / 1e7);
  }
  return { points, along: lengthsAlong(points) };
}

function lengthsAlong(points: Float64Array): Float64Array {
  const along = new Float64Array(points.length / 2);
  for (let i = 1; i < along.length; i++) {
    along[i] = along[i - 1]! + Math.hypot(
      points[2 * i]! - points[2 * i - 2]!, points[2 * i + 1]! - points[2 * i - 1]!,
    );
  }
  return along;
}

/** Drops points that no pixel would miss (Douglas-Peucker, tolerance in unit-square units). */
export function thin(shape: Shape, tolerance: number): Shape {
  const count = shape.along.length;
  if (count < 3) return shape;
  const keep = new Uint8Array(count);
  keep[0] = keep[count - 1] = 1;
  const open: [number, number][] = [[0, count - 1]];
  for (let range = open.pop(); range; range = open.pop()) {
    const far = farthest(shape.points, range[0], range[1], tolerance);
    if (far < 0) continue;
    keep[far] = 1;
    open.push([range[0], far], [far, range[1]]);
  }
  return pick(shape, keep);
}

function farthest(points: Float64Array, first: number, last: number, tolerance: number): number {
  let best = -1;
  let bestDistance = tolerance;
  for (let i = first + 1; i < last; i++) {
    const d = toSegment(points, i, first, last);
    if (d > bestDistance) {
      bestDistance = d;
      best = i;
    }
  }
  return best;
}

function toSegment(points: Float64Array, i: number, a: number, b: number): number {
  const ax = points[2 * a]!, ay = points[2 * a + 1]!;
  const dx = points[2 * b]! - ax, dy = points[2 * b + 1]! - ay;
  const px = points[2 * i]! - ax, py = points[2 * i + 1]! - ay;
  const square = dx * dx + dy * dy;
  const t = square === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / square));
  return Math.hypot(px - t * dx, py - t * dy);
}

function pick(shape: Shape, keep: Uint8Array): Shape {
  const points: number[] = [];
  const along: number[] = [];
  keep.forEach((kept, i) => {
    if (!kept) return;
    points.push(shape.points[2 * i]!, shape.points[2 * i + 1]!);
    along.push(shape.along[i]!);
  });
  return { points: Float64Array.from(points), along: Float64Array.from(along) };
}

export interface SplitShape {
  readonly driven: Float64Array;
  readonly remaining: Float64Array;
}

/** Cuts a line where `fraction` of its length lies behind; both parts hold the cut point. */
export function split(shape: Shape, fraction: number): SplitShape {
  const count = shape.along.length;
  const cut = Math.max(0, Math.min(1, fraction)) * (shape.along[count - 1] ?? 0);
  let next = 1;
  while (next < count && shape.along[next]! < cut) next++;
  if (count < 2 || next >= count) return { driven: shape.points, remaining: new Float64Array(0) };
  const before = shape.along[next - 1]!;
  const t = (cut - before) / Math.max(1e-15, shape.along[next]! - before);
  const at = (k: number): number => {
    const from = shape.points[2 * next - 2 + k]!;
    return from + (shape.points[2 * next + k]! - from) * t;
  };
  const point = [at(0), at(1)];
  return {
    driven: Float64Array.from([...shape.points.subarray(0, 2 * next), ...point]),
    remaining: Float64Array.from([...point, ...shape.points.subarray(2 * next)]),
  };
}
