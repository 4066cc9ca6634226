/** An RGBA frame that stamps are blended into, pixel by pixel, without a call per vehicle. */

/** A small picture as the list of its visible pixels, so that nothing is spent on empty ones. */
export class Stamp {
  private readonly columns: Uint16Array;
  private readonly rows: Uint16Array;
  private readonly colours: Uint32Array;
  private offsets = new Int32Array(0);
  private offsetsWidth = -1;

  /** `pixels` is a square of straight-alpha pixels, one number each, as ImageData holds them. */
  constructor(readonly side: number, pixels: Uint32Array) {
    const visible = [...pixels.keys()].filter((at) => pixels[at]! > 0x00ffffff);
    this.columns = Uint16Array.from(visible, (at) => at % side);
    this.rows = Uint16Array.from(visible, (at) => Math.floor(at / side));
    this.colours = Uint32Array.from(visible, (at) => pixels[at]!);
  }

  /** Lays the stamp with its centre at a pixel over a frame; what falls outside is cut off. */
  blendInto(frame: Uint32Array, width: number, height: number, centreX: number, centreY: number): void {
    const left = Math.round(centreX - this.side / 2);
    const top = Math.round(centreY - this.side / 2);
    if (left >= 0 && top >= 0 && left + this.side <= width && top + this.side <= height) {
      this.blendWhole(frame, width, top * width + left);
    } else {
      this.blendPart(frame, width, height, left, top);
    }
  }

  private blendWhole(frame: Uint32Array, width: number, base: number): void {
    if (this.offsetsWidth !== width) this.measure(width);
    const { offsets, colours } = this;
    for (let k = 0; k < colours.length; k++) {
      const at = base + offsets[k]!;
      frame[at] = over(colours[k]!, frame[at]!);
    }
  }

  private blendPart(frame: Uint32Array, width: number, height: number, left: number, top: number): void {
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
    stamp.blendInto(this.pixels, this.width, this.height, centreX, centreY);
  }
}

/** Porter-Duff "over" of two straight-alpha pixels. */
export function over(source: number, under: number): number {
  if (source >= 0xff000000 || under <= 0x00ffffff) return source;
  return under >= 0xff000000 ? overOpaque(source, under) : overSheer(source, under);
}

function overOpaque(source: number, under: number): number {
  const a = (source >>> 24) + (source >>> 31); // 0..256, so that dividing is shifting
  const rest = 256 - a;
  const redBlue = ((source & 0x00ff00ff) * a + (under & 0x00ff00ff) * rest) / 256;
  const green = ((source & 0x0000ff00) * a + (under & 0x0000ff00) * rest) / 256;
  return ((redBlue & 0x00ff00ff) | (green & 0x0000ff00) | 0xff000000) >>> 0;
}

function overSheer(source: number, under: number): number {
  const a = source >>> 24;
  const b = ((under >>> 24) * (255 - a)) / 255;
  const alpha = a + b;
  const red = ((source & 255) * a + (under & 255) * b) / alpha;
  const green = (((source >>> 8) & 255) * a + ((under >>> 8) & 255) * b) / alpha;
  const blue = (((source >>> 16) & 255) * a + ((under >>> 16) & 255) * b) / alpha;
  return ((Math.round(alpha) << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}
