/** Keeps labels from lying over each other: who comes first has the place. */

const CELL_PX = 64;

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export class LabelRoom {
  private readonly cells = new Map<number, Rectangle[]>();

  /** Takes the place of a label, unless part of it is taken; says which. */
  take(left: number, top: number, width: number, height: number): boolean {
    const wanted = { left, top, right: left + width, bottom: top + height };
    if (!this.isFree(wanted)) return false;
    this.block(wanted);
    return true;
  }

  /** Takes a place whether or not it is free, so that no label comes over it. */
  block(place: Rectangle): void {
    for (const key of cellsOf(place)) {
      const cell = this.cells.get(key);
      if (cell) cell.push(place);
      else this.cells.set(key, [place]);
    }
  }

  /** Whether nothing lies within `margin` pixels of a place. */
  isFree({ left, top, right, bottom }: Rectangle, margin = 0): boolean {
    const wanted = { left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin };
    return !cellsOf(wanted).some((key) => this.cells.get(key)?.some((taken) => meet(taken, wanted)));
  }
}

function cellsOf({ left, top, right, bottom }: Rectangle): number[] {
  const keys: number[] = [];
  for (let x = Math.floor(left / CELL_PX); x <= Math.floor(right / CELL_PX); x++) {
    for (let y = Math.floor(top / CELL_PX); y <= Math.floor(bottom / CELL_PX); y++) keys.push(x * 0x100000 + y);
  }
  return keys;
}

function meet(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
