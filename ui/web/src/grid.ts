/** A grid over the screen that answers "what is under the pointer" without looking at everything. */

const CELL_PX = 32;

export class PickGrid {
  private columns = 1;
  private rows = 1;
  private starts = new Uint32Array(2);
  private items = new Uint32Array(0);
  private xs: Float32Array = new Float32Array(0);
  private ys: Float32Array = new Float32Array(0);

  /** Indexes `count` screen points; points off the screen are left out. */
  build(xs: Float32Array, ys: Float32Array, count: number, width: number, height: number): void {
    this.columns = Math.max(1, Math.ceil(width / CELL_PX));
    this.rows = Math.max(1, Math.ceil(height / CELL_PX));
    this.xs = xs;
    this.ys = ys;
    this.starts = new Uint32Array(this.columns * this.rows + 1);
    for (let i = 0; i < count; i++) {
      const cell = this.cell(xs[i]!, ys[i]!);
      if (cell >= 0) this.starts[cell + 1]! += 1;
    }
    for (let c = 0; c < this.starts.length - 1; c++) this.starts[c + 1]! += this.starts[c]!;
    this.items = new Uint32Array(this.starts[this.starts.length - 1]!);
    const next = this.starts.slice();
    for (let i = 0; i < count; i++) {
      const cell = this.cell(xs[i]!, ys[i]!);
      if (cell >= 0) this.items[next[cell]!++] = i;
    }
  }

  /** The index of the nearest point within `radius` pixels, or -1. */
  nearest(x: number, y: number, radius: number): number {
    let best = -1;
    let bestSquare = radius * radius;
    const left = Math.max(0, Math.floor((x - radius) / CELL_PX));
    const right = Math.min(this.columns - 1, Math.floor((x + radius) / CELL_PX));
    const top = Math.max(0, Math.floor((y - radius) / CELL_PX));
    const bottom = Math.min(this.rows - 1, Math.floor((y + radius) / CELL_PX));
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const cell = row * this.columns + column;
        for (let k = this.starts[cell]!; k < this.starts[cell + 1]!; k++) {
          const i = this.items[k]!;
          const square = (this.xs[i]! - x) ** 2 + (this.ys[i]! - y) ** 2;
          if (square <= bestSquare) {
            bestSquare = square;
            best = i;
          }
        }
      }
    }
    return best;
  }

  private cell(x: number, y: number): number {
    const column = Math.floor(x / CELL_PX);
    const row = Math.floor(y / CELL_PX);
    if (column < 0 || row < 0 || column >= this.columns || row >= this.rows) return -1;
    return row * this.columns + column;
  }
}
