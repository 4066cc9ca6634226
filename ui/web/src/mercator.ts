/** Web Mercator on the unit square: x east, y south, both in [0, 1). */

const MAX_LATITUDE = 85.0511287798;

export function worldX(lon: number): number {
  return lon / 360 + 0.5;
}

export function worldY(lat: number): number {
  const held = Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, lat));
  const sin = Math.sin((held * Math.PI) / 180);
  return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
}

export function latOfWorldY(y: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
}

export function lonOfWorldX(x: number): number {
  return (x - 0.5) * 360;
}

/** How a unit-square point lands on a canvas: screen = world * scale - offset, CSS pixels. */
export interface ViewTransform {
  readonly scale: number;
  readonly offsetX: number;
  readonly offsetY: number;
}
