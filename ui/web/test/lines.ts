/** Lines for tests. */

import type { Shape } from "../src/shape";

/** A line through points of the unit square. */
export function line(...points: [number, number][]): Shape {
  const along = new Float64Array(points.length);
  points.forEach((p, i) => {
    if (i > 0) along[i] = along[i - 1]! + Math.hypot(p[0] - points[i - 1]![0], p[1] - points[i - 1]![1]);
  });
  return { points: Float64Array.from(points.flat()), along };
}

/** Writes a route's line as the Qt side does. */
export function shapeText(points: readonly (readonly [number, number])[]): string {
  const view = new DataView(new ArrayBuffer(points.length * 8));
  points.forEach(([lat, lon], i) => {
    view.setInt32(8 * i, Math.round(lat * 1e7), true);
    view.setInt32(8 * i + 4, Math.round(lon * 1e7), true);
  });
  return btoa(String.fromCharCode(...new Uint8Array(view.buffer)));
}
