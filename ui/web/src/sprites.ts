/** Small pictures drawn once and copied as often as they are needed, while they are needed. */

export interface SpriteSize {
  readonly width: number;
  readonly height: number;
  /** The point of the picture that is laid on the point asked for, pixels. */
  readonly originX: number;
  readonly originY: number;
}

export class Sprites {
  private used = new Map<string, HTMLCanvasElement>();
  private before = new Map<string, HTMLCanvasElement>();

  /** Begins a drawing: pictures the last one did not use are forgotten with it. */
  begin(): void {
    this.before = this.used;
    this.used = new Map();
  }

  /** Copies the picture of a key to a point; `draw` makes it about its origin if it is not there. */
  lay(ctx: CanvasRenderingContext2D, key: string, x: number, y: number, size: SpriteSize, draw: (ctx: CanvasRenderingContext2D) => void): void {
    const ratio = window.devicePixelRatio;
    let sprite = this.used.get(key) ?? this.before.get(key);
    if (!sprite) sprite = rendered(size, ratio, draw);
    this.used.set(key, sprite);
    // Between pixels it would be blurred.
    const [left, top] = [Math.round((x - size.originX) * ratio) / ratio, Math.round((y - size.originY) * ratio) / ratio];
    ctx.drawImage(sprite, left, top, size.width, size.height);
  }
}

function rendered({ width, height, originX, originY }: SpriteSize, ratio: number, draw: (ctx: CanvasRenderingContext2D) => void): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * ratio);
  canvas.height = Math.ceil(height * ratio);
  const ctx = canvas.getContext("2d")!;
  ctx.scale(canvas.width / width, canvas.height / height);
  ctx.translate(originX, originY);
  draw(ctx);
  return canvas;
}
