/** An RGBA frame that stamps are blended into, pixel by pixel, without a call per vehicle. */

import type { Stamp } from "./stamps";

const OPAQUE = 0xff000000;

export class Raster {
  readonly image: ImageData;
  private readonly pixels: Uint32Array;

  constructor(readonly width: number, readonly height: number) {
    this.image = new ImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  clear(): void {
    this.pixels.fill(0);
  }

  /** Lays a stamp with its centre at a device pixel over what is there. */
  stamp(stamp: Stamp, centreX: number, centreY: number): void {
    blend(this.pixels, this.width, this.height, stamp, centreX, centreY);
  }
}

/** Lays a stamp over a frame of straight-alpha pixels; what falls outside is cut off. */
export function blend(
  into: Uint32Array, width: number, height: number, stamp: Stamp, centreX: number, centreY: number,
): void {
  const { side, pixels } = stamp;
  const left = Math.round(centreX - side / 2);
  const top = Math.round(centreY - side / 2);
  const firstColumn = Math.max(0, -left);
  const lastColumn = Math.min(side, width - left);
  const lastRow = Math.min(side, height - top);
  for (let row = Math.max(0, -top); row < lastRow; row++) {
    let from = row * side + firstColumn;
    let to = (top + row) * width + left + firstColumn;
    for (let column = firstColumn; column < lastColumn; column++, from++, to++) {
      const source = pixels[from]!;
      if (source < 0x01000000) continue;
      const under = into[to]!;
      into[to] = source >= OPAQUE || under < 0x01000000 ? source : over(source, under);
    }
  }
}

/** Porter-Duff "over" of two straight-alpha pixels. */
export function over(source: number, under: number): number {
  const a = source >>> 24;
  const b = ((under >>> 24) * (255 - a)) / 255;
  const alpha = a + b;
  const mix = (shift: number): number =>
    Math.round((((source >>> shift) & 255) * a + ((under >>> shift) & 255) * b) / alpha) << shift;
  return ((Math.round(alpha) << 24) | mix(16) | mix(8) | mix(0)) >>> 0;
}
