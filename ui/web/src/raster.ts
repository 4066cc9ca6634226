/** An RGBA frame that stamps are blended into, pixel by pixel, without a call per vehicle. */

/** A small picture as the list of its visible pixels, so that nothing is spent on empty ones. */
export class Stamp {
  private readonly columns: Uint16Array;
  private readonly rows: Uint16Array;
  private readonly colours: Int32Array;
  /** The first so many pixels let nothing through and are merely copied. */
  private readonly solid: number;
  private offsets = new Int32Array(0);
  private offsetsWidth = -1;

  /** `pixels` is a square of straight-alpha pixels, one number each, as ImageData holds them. */
  constructor(readonly side: number, pixels: Uint32Array) {
    const visible = [...pixels.keys()].filter((at) => pixels[at]! > 0x00ffffff);
    const isSolid = (at: number): boolean => pixels[at]! >= 0xff000000;
    const ordered = [...visible.filter(isSolid), ...visible.filter((at) => !isSolid(at))];
    this.solid = visible.filter(isSolid).length;
    this.columns = Uint16Array.from(ordered, (at) => at % side);
    this.rows = Uint16Array.from(ordered, (at) => Math.floor(at / side));
    this.colours = Int32Array.from(ordered, (at) => pixels[at]! | 0);
  }

  /** Lays the stamp with its centre at a pixel over a frame; what falls outside is cut off. */
  blendInto(frame: Int32Array, width: number, height: number, centreX: number, centreY: number): void {
    const left = Math.round(centreX - this.side / 2);
    const top = Math.round(centreY - this.side / 2);
    if (left >= 0 && top >= 0 && left + this.side <= width && top + this.side <= height) {
      this.blendWhole(frame, width, top * width + left);
    } else {
      this.blendPart(frame, width, height, left, top);
    }
  }

  private blendWhole(frame: Int32Array, width: number, base: number): void {
    if (this.offsetsWidth !== width) this.measure(width);
    const { offsets, colours, solid } = this;
    for (let k = 0; k < solid; k++) frame[base + offsets[k]!] = colours[k]!;
    for (let k = solid; k < colours.length; k++) {
      const at = base + offsets[k]!;
      frame[at] = over(colours[k]!, frame[at]!);
    }
  }

  private blendPart(frame: Int32Array, width: number, height: number, left: number, top: number): void {
    for (let k = 0; k < this.colours.length; k++) {
      const x = left + this.columns[k]!;
      const y = top + this.rows[k]!;
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      frame[y * width + x] = over(this.colours[k]!, frame[y * width + x]!);
    }
  }

  private measure(width: number): void {
    this.offsets = Int32Array.from(this.columns, (column, k) => this.rows[k]! * width + column);
    this.offsetsWidth = width;
  }
}

export class Raster {
  readonly image: ImageData;
  private readonly pixels: Int32Array;

  constructor(readonly width: number, readonly height: number) {
    this.image = new ImageData(width, height);
    this.pixels = new Int32Array(this.image.data.buffer);
  }

  clear(): void {
    this.pixels.fill(0);
  }

  /** Lays a stamp with its centre at a device pixel over what is there. */
  stamp(stamp: Stamp, centreX: number, centreY: number): void {
    stamp.blendInto(this.pixels, this.width, this.height, centreX, centreY);
  }
}

/**
 * Porter-Duff "over" of two straight-alpha pixels. Pixels are signed 32-bit numbers here and
 * in frames: sums of them stay whole machine numbers, which is several times as fast.
 */
export function over(source: number, under: number): number {
  const a = source >>> 24;
  const b = under >>> 24;
  if (a === 255 || b === 0) return source;
  return b === 255 ? overOpaque(source, under, a) : overSheer(source, under, a, b);
}

function overOpaque(source: number, under: number, alpha: number): number {
  const a = alpha + (alpha >>> 7); // 0..256, so that dividing is shifting
  const rest = 256 - a;
  const redBlue = (Math.imul(source & 0x00ff00ff, a) + Math.imul(under & 0x00ff00ff, rest)) >>> 8;
  const green = (Math.imul((source >>> 8) & 255, a) + Math.imul((under >>> 8) & 255, rest)) & 0xff00;
  return (redBlue & 0x00ff00ff) | green | 0xff000000;
}

function overSheer(source: number, under: number, a: number, under255: number): number {
  const b = (under255 * (255 - a)) / 255;
  const alpha = a + b;
  const red = ((source & 255) * a + (under & 255) * b) / alpha;
  const green = (((source >>> 8) & 255) * a + ((under >>> 8) & 255) * b) / alpha;
  const blue = (((source >>> 16) & 255) * a + ((under >>> 16) & 255) * b) / alpha;
  return (Math.round(alpha) << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red);
}
