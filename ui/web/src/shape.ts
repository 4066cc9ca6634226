/** A route's line: decoding, thinning for a zoom, and cutting into stretches. */

import { worldX, worldY } from "./mercator";
import type { Box } from "./stopColumns";

export interface Shape {
  /** Unit-square x, y pairs. */
  readonly points: Float64Array;
  /** Length from the start to each point, in unit-square units. */
  readonly along: Float64Array;
}

/** The bytes of a text in base64. */
export function unpack(text: string): Uint8Array {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

/** What a line lies within, from its bytes. */
export function boxOf(bytes: Uint8Array): Box {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let [south, west, north, east] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const lat = view.getInt32(at, true);
    const lon = view.getInt32(at + 4, true);
    if (lat < south) south = lat;
    if (lat > north) north = lat;
    if (lon < west) west = lon;
    if (lon > east) east = lon;
  }
  return { minX: worldX(west / 1e7), minY: worldY(north / 1e7), maxX: worldX(east / 1e7), maxY: worldY(south / 1e7) };
}

/** Reads base64 of little-endian int32 latitude, longitude pairs in 1e-7 degrees. */
export function decodeShape(text: string): Shape {
  return readShape(unpack(text));
}

/** Reads little-endian int32 latitude, longitude pairs in 1e-7 degrees. */
export function readShape(bytes: Uint8Array): Shape {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
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

export interface ThinnedShape {
  readonly shape: Shape;
  /** Which points of the whole line were kept. */
  readonly places: Uint32Array;
}

/**
 * Drops points that no pixel would miss (Douglas-Peucker, tolerance in unit-square units).
 * Where `lanes` are given, one a segment, points at which they change are kept.
 */
export function thin(shape: Shape, tolerance: number, lanes: Float32Array | null = null): ThinnedShape {
  const count = shape.along.length;
  const keep = new Uint8Array(count);
  const open: [number, number][] = [];
  let last = 0;
  for (let i = 1; i < count; i++) {
    if (i < count - 1 && (!lanes || lanes[i] === lanes[i - 1])) continue;
    open.push([last, i]);
    last = i;
  }
  keep[0] = 1;
  for (let range = open.pop(); range; range = open.pop()) {
    keep[range[1]] = 1;
    const far = farthest(shape.points, range[0], range[1], tolerance);
    if (far >= 0) open.push([range[0], far], [far, range[1]]);
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

function pick(shape: Shape, keep: Uint8Array): ThinnedShape {
  const places = Uint32Array.from([...shape.along.keys()].filter((i) => keep[i]));
  const points = new Float64Array(2 * places.length);
  places.forEach((place, i) => points.set(shape.points.subarray(2 * place, 2 * place + 2), 2 * i));
  return { shape: { points, along: Float64Array.from(places, (place) => shape.along[place]!) }, places };
}

/** The points of the part of a line between two fractions of its length, both ends included. */
export function stretch(shape: Shape, from: number, to: number): Float64Array {
  const { points, along } = shape;
  const length = along[along.length - 1] ?? 0;
  const start = clamp(from) * length;
  const end = clamp(to) * length;
  if (along.length < 2 || start >= end) return new Float64Array(0);
  const first = placeOf(along, (at) => at > start);
  const behind = placeOf(along, (at) => at >= end);
  const found = new Float64Array(2 * (Math.max(0, behind - first) + 2));
  found.set(pointAt(shape, first, start));
  if (behind > first) found.set(points.subarray(2 * first, 2 * behind), 2);
  found.set(pointAt(shape, behind, end), found.length - 2);
  return found;
}

/** The first place of a growing list at which something is so, by halving. */
function placeOf(along: Float64Array, isSo: (at: number) => boolean): number {
  let [from, to] = [0, along.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isSo(along[middle]!)) to = middle;
    else from = middle + 1;
  }
  return from;
}

function clamp(fraction: number): number {
  return Math.max(0, Math.min(1, fraction));
}

/** The point at a length along the line, which lies on the segment that ends at point `next`. */
function pointAt({ points, along }: Shape, next: number, at: number): [number, number] {
  const before = along[next - 1]!;
  const t = (at - before) / Math.max(1e-15, along[next]! - before);
  const mix = (k: number): number => points[2 * next - 2 + k]! + (points[2 * next + k]! - points[2 * next - 2 + k]!) * t;
  return [mix(0), mix(1)];
}
