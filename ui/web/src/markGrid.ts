/** Which of the marks drawn lies under a point, without looking at all of them. */

import type { Mark } from "./markDrawing";
import type { ViewTransform } from "./mercator";

const CELL_PX = 32;
/** Marks are looked for in their cell and those beside it, so none may reach farther. */
const MOST_RADIUS_PX = 32;

/** A mark, and the pixel it is drawn at. */
export interface PlacedMark {
  readonly mark: Mark;
  readonly x: number;
  readonly y: number;
}

export class MarkGrid {
  private readonly cells = new Map<number, PlacedMark[]>();
  private view: ViewTransform = { scale: 1, offsetX: 0, offsetY: 0 };

  /** Takes the marks of a drawing, topmost last. */
  build(marks: readonly Mark[], view: ViewTransform): void {
    this.cells.clear();
    this.view = view;
    for (const mark of marks) {
      const { x, y } = this.placeOf(mark);
      const key = keyOf(Math.floor(x / CELL_PX), Math.floor(y / CELL_PX));
      const cell = this.cells.get(key);
      if (cell) cell.push({ mark, x, y });
      else this.cells.set(key, [{ mark, x, y }]);
    }
  }

  /** The pixel of the canvas a mark is drawn at. */
  placeOf({ x, y, aside }: Mark): { readonly x: number; readonly y: number } {
    const { scale, offsetX, offsetY } = this.view;
    return { x: x * scale - offsetX + aside.dx, y: y * scale - offsetY + aside.dy };
  }

  /** The mark drawn last of those whose circle holds a point. */
  topmost(x: number, y: number): PlacedMark | null {
    let best: PlacedMark | null = null;
    const [column, row] = [Math.floor(x / CELL_PX), Math.floor(y / CELL_PX)];
    for (let c = column - 1; c <= column + 1; c++) {
      for (let r = row - 1; r <= row + 1; r++) {
        for (const placed of this.cells.get(keyOf(c, r)) ?? []) {
          const reach = Math.min(MOST_RADIUS_PX, placed.mark.radius);
          if ((placed.x - x) ** 2 + (placed.y - y) ** 2 > reach * reach) continue;
          if (!best || placed.mark.order > best.mark.order) best = placed;
        }
      }
    }
    return best;
  }
}

function keyOf(column: number, row: number): number {
  return column * 0x100000 + row;
}
