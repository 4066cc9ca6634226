/** A grid over the screen that answers "what is under the pointer" without looking at everything. */

const CELL_PX = 32;
const NONE = -1;

export class PickGrid {
  private columns = 1;
  private rows = 1;
  /** The last point entered into each cell; `before` leads to the others. */
  private last = new Int32Array(1).fill(NONE);
  private before = new Int32Array(0);
  private xs: Float32Array = new Float32Array(0);
  private ys: Float32Array = new Float32Array(0);

  /**
   * Indexes `count` screen points; points off the screen are left out, and those with a number
   * of 0 or more in `hidden`.
   */
  build(xs: Float32Array, ys: Float32Array, count: number, width: number, height: number, hidden?: Int32Array): void {
    this.fit(Math.max(1, Math.ceil(width / CELL_PX)), Math.max(1, Math.ceil(height / CELL_PX)), xs.length);
    this.xs = xs;
    this.ys = ys;
    const { columns, rows, last, before } = this;
    for (let i = 0; i < count; i++) {
      if (hidden && hidden[i]! >= 0) continue;
      const column = Math.floor(xs[i]! / CELL_PX);
      const row = Math.floor(ys[i]! / CELL_PX);
      if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
      const cell = row * columns + column;
      before[i] = last[cell]!;
      last[cell] = i;
    }
  }

  /**
   * The index of what is under a point: of those whose middle is within `body` pixels the one
   * of the highest rank, the later one of the same rank; else the nearest within `radius`; else -1.
   */
  under(x: number, y: number, body: number, radius: number, ranks: Uint8Array): number {
    let top = NONE;
    let nearest = NONE;
    let nearestSquare = radius * radius;
    this.visit(x, y, Math.max(body, radius), (i) => {
      const square = (this.xs[i]! - x) ** 2 + (this.ys[i]! - y) ** 2;
      if (square <= body * body && (top === NONE || isOver(i, top, ranks))) top = i;
      if (square > nearestSquare) return;
      nearestSquare = square;
      nearest = i;
    });
    return top === NONE ? nearest : top;
  }

  private visit(x: number, y: number, reach: number, look: (i: number) => void): void {
    const left = Math.max(0, Math.floor((x - reach) / CELL_PX));
    const right = Math.min(this.columns - 1, Math.floor((x + reach) / CELL_PX));
    const top = Math.max(0, Math.floor((y - reach) / CELL_PX));
    const bottom = Math.min(this.rows - 1, Math.floor((y + reach) / CELL_PX));
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        for (let i = this.last[row * this.columns + column]!; i !== NONE; i = this.before[i]!) look(i);
      }
    }
  }

  private fit(columns: number, rows: number, points: number): void {
    this.columns = columns;
    this.rows = rows;
    if (this.last.length !== columns * rows) this.last = new Int32Array(columns * rows);
    if (this.before.length < points) this.before = new Int32Array(points);
    this.last.fill(NONE);
  }
}

/** Whether `i` is drawn over `other`. */
function isOver(i: number, other: number, ranks: Uint8Array): boolean {
  return ranks[i] === ranks[other] ? i > other : ranks[i]! > ranks[other]!;
}
