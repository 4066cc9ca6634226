/** Lays marks that must all be seen apart from each other, each as near to its place as there is room. */

import type { Aside } from "./fan";

/** A mark that wants to be at a point of the canvas, pixels. */
export interface Wanted {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** Directions tried around a place at each distance. */
const TURNS = 8;
/** Room more than needed that its own place must have before a mark moves back to it: none flickers. */
const SURE_OF_IT = 1.25;

export class Apart {
  private asides = new Map<string, Aside>();

  /**
   * The point of each mark, at least `room` pixels from every other's, in the order given:
   * who comes first has the place. A mark that was laid aside stays there while there is room
   * and its own place is taken.
   */
  lay(marks: readonly Wanted[], room: number): Map<string, { readonly x: number; readonly y: number }> {
    const laid = new Map<string, { readonly x: number; readonly y: number }>();
    const taken = new Taken(room);
    const asides = new Map<string, Aside>();
    for (const mark of marks) {
      const aside = this.asideOf(mark, taken, room);
      const at = { x: mark.x + aside.dx, y: mark.y + aside.dy };
      taken.add(at.x, at.y);
      laid.set(mark.id, at);
      if (aside !== HOME) asides.set(mark.id, aside);
    }
    this.asides = asides;
    return laid;
  }

  private asideOf(mark: Wanted, taken: Taken, room: number): Aside {
    const before = this.asides.get(mark.id);
    if (taken.isFree(mark.x, mark.y, room * (before ? SURE_OF_IT : 1))) return HOME;
    if (before && taken.isFree(mark.x + before.dx, mark.y + before.dy, room)) return before;
    return firstFree(mark, taken, room);
  }
}

const HOME: Aside = { dx: 0, dy: 0 };

/** The free place nearest to a mark's own, in rings around it. */
function firstFree({ x, y }: Wanted, taken: Taken, room: number): Aside {
  for (let ring = taken.ringAround(x, y); ; ring++) {
    for (let turn = 0; turn < TURNS * ring; turn++) {
      const angle = (2 * Math.PI * turn) / (TURNS * ring) - Math.PI / 2;
      const aside = { dx: ring * room * 0.75 * Math.cos(angle), dy: ring * room * 0.75 * Math.sin(angle) };
      if (!taken.isFree(x + aside.dx, y + aside.dy, room)) continue;
      taken.noteRing(x, y, ring);
      return aside;
    }
  }
}

/** Points taken, in cells as wide as the room each has. */
class Taken {
  private readonly cells = new Map<number, { readonly x: number; readonly y: number }[]>();

  private readonly rings = new Map<number, number>();

  constructor(private readonly side: number) {}

  /** The first ring around a place worth trying: nearer ones were full when last tried. */
  ringAround(x: number, y: number): number {
    return this.rings.get(this.key(Math.floor(x / this.side), Math.floor(y / this.side))) ?? 1;
  }

  noteRing(x: number, y: number, ring: number): void {
    this.rings.set(this.key(Math.floor(x / this.side), Math.floor(y / this.side)), Math.max(1, ring - 1));
  }

  add(x: number, y: number): void {
    const key = this.key(Math.floor(x / this.side), Math.floor(y / this.side));
    const cell = this.cells.get(key);
    if (cell) cell.push({ x, y });
    else this.cells.set(key, [{ x, y }]);
  }

  isFree(x: number, y: number, room: number): boolean {
    const reach = Math.ceil(room / this.side);
    const [column, row] = [Math.floor(x / this.side), Math.floor(y / this.side)];
    for (let c = column - reach; c <= column + reach; c++) {
      for (let r = row - reach; r <= row + reach; r++) {
        for (const other of this.cells.get(this.key(c, r)) ?? []) {
          if ((other.x - x) ** 2 + (other.y - y) ** 2 < room * room - 1e-6) return false;
        }
      }
    }
    return true;
  }

  private key(column: number, row: number): number {
    return column * 0x100000 + row;
  }
}
