/** Vehicles drawn together where so many are in one place that arrows would hide each other. */

import { cellSide, type Cluster } from "./cluster";
import type { ViewTransform } from "./mercator";
import { PUNCTUALITY, SEVERITIES } from "./words";

const CELL_PX = 96;
/** Room of a crowd's mark on the canvas's edge, cells. */
const BEYOND = 1;
/** A cell with more vehicles than the first is one mark, until it has fewer than the second. */
const CROWD_FROM = 10;
const CROWD_UNTIL = 7;
const [LATE, AT_RISK, SILENT, DONE, IDLE] = (["late", "at_risk", "no_signal", "done", "idle"] as const).map((word) => PUNCTUALITY.indexOf(word));

/** The vehicles of a drawing, in columns. */
export interface Gathering {
  readonly count: number;
  /** Points of the canvas, pixels. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Codes of how they stand, as drawn. */
  readonly standing: Uint8Array;
  /** Those of this rank are never part of a crowd. */
  readonly ranks: Uint8Array;
  readonly singledOut: number;
}

/** A mark for a crowd: a point of the canvas, and what is in it. */
export interface Crowd extends Cluster {
  readonly vehicles: number;
  readonly silent: number;
  readonly severities: number[];
}

const NONE = -1;

export class VehicleCrowds {
  crowds: readonly Crowd[] = [];
  /** For each vehicle its crowd, or -1 where it is drawn by itself. */
  crowdOf = new Int32Array(0);
  private cellOf = new Int32Array(0);
  /** Numbers of the cells, on the whole map, that were crowds last, and the side they had. */
  private before = new Set<number>();
  private side = 0;

  /** Nobody is in a crowd. */
  scatter(count: number): void {
    this.fit(count);
    this.crowdOf.fill(NONE);
    this.crowds = [];
    this.before.clear();
  }

  /** Finds the crowds on a canvas of `width` by `height` pixels. */
  gather(gathering: Gathering, view: ViewTransform, width: number, height: number): void {
    this.fit(gathering.count);
    const grid = new CellGrid(view, width, height);
    const counts = this.countCells(gathering, grid);
    const before = this.side === grid.side ? this.before : new Set<number>();
    const now = new Set<number>();
    const crowdAt = new Int32Array(counts.length).fill(NONE);
    const found: Open[] = [];
    counts.forEach((count, cell) => {
      const key = grid.keyOf(cell);
      if (count < (before.has(key) ? CROWD_UNTIL : CROWD_FROM)) return;
      now.add(key);
      crowdAt[cell] = found.push({ x: 0, y: 0, count: 0, late: 0, atRisk: 0, done: 0, silent: 0 }) - 1;
    });
    this.before = now;
    this.side = grid.side;
    this.join(gathering, crowdAt, found);
    this.crowds = found.map(closed);
  }

  private countCells({ count, x, y, ranks, singledOut }: Gathering, grid: CellGrid): Uint32Array {
    const counts = new Uint32Array(grid.columns * grid.rows);
    for (let i = 0; i < count; i++) {
      const cell = ranks[i] === singledOut ? NONE : grid.cellAt(x[i]!, y[i]!);
      this.cellOf[i] = cell;
      if (cell !== NONE) counts[cell]! += 1;
    }
    return counts;
  }

  private join({ count, x, y, standing }: Gathering, crowdAt: Int32Array, found: Open[]): void {
    for (let i = 0; i < count; i++) {
      const cell = this.cellOf[i]!;
      const at = cell === NONE ? NONE : crowdAt[cell]!;
      this.crowdOf[i] = at;
      if (at === NONE) continue;
      const crowd = found[at]!;
      crowd.count += 1;
      crowd.x += x[i]!;
      crowd.y += y[i]!;
      const code = standing[i];
      if (code === LATE) crowd.late += 1;
      else if (code === AT_RISK) crowd.atRisk += 1;
      else if (code === SILENT) crowd.silent += 1;
      else if (code === DONE || code === IDLE) crowd.done += 1;
    }
  }

  private fit(count: number): void {
    if (this.crowdOf.length >= count) return;
    this.crowdOf = new Int32Array(count * 2);
    this.cellOf = new Int32Array(count * 2);
  }
}

interface Open {
  x: number;
  y: number;
  count: number;
  late: number;
  atRisk: number;
  done: number;
  silent: number;
}

function closed({ x, y, count, ...shares }: Open): Crowd {
  return { ...shares, x: x / count, y: y / count, vehicles: count, count: 0, severities: SEVERITIES.map(() => 0), stop: null, exception: null };
}

/** Cells fixed to the world, as far as a canvas shows them. */
class CellGrid {
  readonly side: number;
  readonly columns: number;
  readonly rows: number;
  private readonly px: number;
  private readonly left: number;
  private readonly top: number;
  private readonly offsetX: number;
  private readonly offsetY: number;

  constructor({ scale, offsetX, offsetY }: ViewTransform, width: number, height: number) {
    this.side = cellSide(scale, CELL_PX);
    this.px = this.side * scale;
    this.left = Math.floor(offsetX / this.px) - BEYOND;
    this.top = Math.floor(offsetY / this.px) - BEYOND;
    this.columns = Math.ceil(width / this.px) + 2 * BEYOND + 1;
    this.rows = Math.ceil(height / this.px) + 2 * BEYOND + 1;
    this.offsetX = offsetX - this.left * this.px;
    this.offsetY = offsetY - this.top * this.px;
  }

  /** The cell of a point of the canvas, or -1. */
  cellAt(x: number, y: number): number {
    const column = Math.floor((x + this.offsetX) / this.px);
    const row = Math.floor((y + this.offsetY) / this.px);
    if (column < 0 || row < 0 || column >= this.columns || row >= this.rows) return NONE;
    return row * this.columns + column;
  }

  /** The number a cell has on the whole map. */
  keyOf(cell: number): number {
    return (this.top + Math.floor(cell / this.columns)) * 2 ** 26 + this.left + (cell % this.columns);
  }
}
