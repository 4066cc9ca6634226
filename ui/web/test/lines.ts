/** Writes a route's line as the Qt side does. */

export function shapeText(points: readonly (readonly [number, number])[]): string {
  const view = new DataView(new ArrayBuffer(points.length * 8));
  points.forEach(([lat, lon], i) => {
    view.setInt32(8 * i, Math.round(lat * 1e7), true);
    view.setInt32(8 * i + 4, Math.round(lon * 1e7), true);
  });
  return btoa(String.fromCharCode(...new Uint8Array(view.buffer)));
}
