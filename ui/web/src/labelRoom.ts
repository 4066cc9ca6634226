/** Keeps labels from lying over each other: who comes first has the place. */

const CELL_PX = 64;

interface Taken {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export class LabelRoom {
  private readonly cells = new Map<string, Taken[]>();

  /** Takes the place of a label, unless part of it is taken; says which. */
  take(left: number, top: number, width: number, height: number): boolean {
    const wanted = { left, top, right: left + width, bottom: top + height };
    const cells = this.cellsOf(wanted);
    if (cells.some((cell) => this.cells.get(cell)?.some((taken) => meet(taken, wanted)))) return false;
    for (const cell of cells) {
      const inCell = this.cells.get(cell);
      if (inCell) inCell.push(wanted);
      else this.cells.set(cell, [wanted]);
    }
    return true;
  }

  private cellsOf({ left, top, right, bottom }: Taken): string[] {
    const cells: string[] = [];
    for (let x = Math.floor(left / CELL_PX); x <= Math.floor(right / CELL_PX); x++) {
      for (let y = Math.floor(top / CELL_PX); y <= Math.floor(bottom / CELL_PX); y++) cells.push(`${x}:${y}`);
    }
    return cells;
  }
}

function meet(a: Taken, b: Taken): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
