/** Marks at the same place, drawn apart from each other. */

import type { Placed } from "./scene";

/** Two stops closer than this are at one door (unit square, about 5 m at mid latitudes). */
const SAME_DOOR = 1.8e-7;

/** How far from its door a mark is drawn, pixels. */
export interface Aside {
  readonly dx: number;
  readonly dy: number;
}

/**
 * Lays marks that share a door in a ring around it, `apart` pixels from each other, in the
 * order given. Marks that have their door to themselves are not in the answer.
 */
export function fanOut<T extends Placed>(marks: readonly T[], apart: number): Map<T, Aside> {
  const asides = new Map<T, Aside>();
  for (const door of byDoor(marks)) {
    if (door.length < 2) continue;
    const radius = apart / (2 * Math.sin(Math.PI / door.length));
    const start = door.length === 2 ? Math.PI : -Math.PI / 2;
    door.forEach((mark, place) => {
      const angle = start + (2 * Math.PI * place) / door.length;
      asides.set(mark, { dx: radius * Math.cos(angle), dy: radius * Math.sin(angle) });
    });
  }
  return asides;
}

function byDoor<T extends Placed>(marks: readonly T[]): T[][] {
  const cells = new Map<string, T[][]>();
  for (const mark of marks) {
    const found = nearbyDoors(cells, mark).find((door) => isAtDoor(mark, door[0]!));
    if (found) found.push(mark);
    else addDoor(cells, mark);
  }
  return [...cells.values()].flat();
}

function nearbyDoors<T extends Placed>(cells: ReadonlyMap<string, T[][]>, mark: T): T[][] {
  const column = Math.floor(mark.x / SAME_DOOR);
  const row = Math.floor(mark.y / SAME_DOOR);
  const doors: T[][] = [];
  for (let x = column - 1; x <= column + 1; x++) {
    for (let y = row - 1; y <= row + 1; y++) doors.push(...(cells.get(`${x}:${y}`) ?? []));
  }
  return doors;
}

function addDoor<T extends Placed>(cells: Map<string, T[][]>, mark: T): void {
  const key = `${Math.floor(mark.x / SAME_DOOR)}:${Math.floor(mark.y / SAME_DOOR)}`;
  const doors = cells.get(key);
  if (doors) doors.push([mark]);
  else cells.set(key, [[mark]]);
}

function isAtDoor(mark: Placed, first: Placed): boolean {
  return Math.abs(mark.x - first.x) <= SAME_DOOR && Math.abs(mark.y - first.y) <= SAME_DOOR;
}

/** Lays marks of one place in a row; `sideways` is each one's step from the middle of its row. */
export function inRows<T>(marks: readonly T[], placeOf: (mark: T) => string): { readonly mark: T; readonly sideways: number }[] {
  const rows = [...Map.groupBy(marks, placeOf).values()];
  return rows.flatMap((row) => row.map((mark, step) => ({ mark, sideways: step - (row.length - 1) / 2 })));
}
