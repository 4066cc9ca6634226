/** What is drawn together where the map is too far out to tell it apart: stops, and exceptions of less than critical severity. */

import type { Exception, Stop } from "./scene";
import { AT_RISK, DONE, LATE, type Box, type StopColumns } from "./stopColumns";
import { SEVERITIES, type Severity } from "./words";

/** How many exceptions of each severity, in the order of `SEVERITIES`. */
export type SeverityCounts = readonly number[];

export interface Cluster {
  readonly x: number;
  readonly y: number;
  /** How many stops; 0 where it holds exceptions only. */
  readonly count: number;
  readonly late: number;
  readonly atRisk: number;
  readonly done: number;
  readonly severities: SeverityCounts;
  /** How many vehicles, where it holds vehicles instead. */
  readonly vehicles?: number;
  /** How many of them have not been heard of for long. */
  readonly silent?: number;
  /** The stop, or the exception, where it is the only one. */
  readonly stop: Stop | null;
  readonly exception: Exception | null;
}

/** A grid of cells fixed to the world, so that panning does not regroup what is in them. */
interface Cells {
  readonly cell: number;
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
}

/**
 * Side of a cell in unit-square units for a drawing at `scale` pixels to a unit: about `px`
 * pixels, and always a halving of the world, so that a little zooming does not regroup.
 */
export function cellSide(scale: number, px: number): number {
  return 2 ** -Math.round(Math.log2(scale / px));
}

/** The smallest box of whole cells around a box; its clusters count the same wherever the view ends. */
export function wholeCells(box: Box, cell: number): Box {
  return {
    minX: Math.floor(box.minX / cell) * cell, minY: Math.floor(box.minY / cell) * cell,
    maxX: Math.ceil(box.maxX / cell) * cell, maxY: Math.ceil(box.maxY / cell) * cell,
  };
}

/** Sums up what falls into each cell. */
export class Clustering {
  private readonly cells: Cells;
  private readonly count: Uint32Array;
  private readonly sumX: Float64Array;
  private readonly sumY: Float64Array;
  private readonly late: Uint32Array;
  private readonly atRisk: Uint32Array;
  private readonly done: Uint32Array;
  private readonly lastStop: Int32Array;
  private readonly severities: Uint32Array;
  private readonly lastException = new Map<number, Exception>();

  /** `box` is made of whole cells, as `wholeCells` gives them. */
  constructor(private readonly box: Box, cell: number) {
    const { minX, minY, maxX, maxY } = box;
    this.cells = {
      cell, left: Math.round(minX / cell), top: Math.round(minY / cell),
      columns: Math.max(1, Math.round((maxX - minX) / cell)), rows: Math.max(1, Math.round((maxY - minY) / cell)),
    };
    const size = this.cells.columns * this.cells.rows;
    this.count = new Uint32Array(size);
    this.sumX = new Float64Array(size);
    this.sumY = new Float64Array(size);
    this.late = new Uint32Array(size);
    this.atRisk = new Uint32Array(size);
    this.done = new Uint32Array(size);
    this.lastStop = new Int32Array(size);
    this.severities = new Uint32Array(size * SEVERITIES.length);
  }

  /** Takes in the stops of the box that are not set apart and do not stand as in `left`. */
  addStops(columns: StopColumns, left: number): void {
    for (let i = 0; i < columns.size; i++) {
      if (!columns.isIn(i, this.box, left)) continue;
      const at = this.cellAt(columns.x[i]!, columns.y[i]!);
      const standing = columns.standing[i]!;
      this.count[at]! += 1;
      this.sumX[at]! += columns.x[i]!;
      this.sumY[at]! += columns.y[i]!;
      this.lastStop[at] = i;
      if (standing & DONE) this.done[at]! += 1;
      else if (standing & LATE) this.late[at]! += 1;
      else if (standing & AT_RISK) this.atRisk[at]! += 1;
    }
  }

  /** Takes an exception in, at a place of its own where it is not where it was reported. */
  addException(exception: Exception, x = exception.x, y = exception.y): void {
    const at = this.cellAt(x, y);
    if (at < 0) return;
    this.severities[at * SEVERITIES.length + SEVERITIES.indexOf(exception.severity)]! += 1;
    this.lastException.set(at, exception);
    if (this.count[at] !== 0) return;
    this.sumX[at] = x;
    this.sumY[at] = y;
  }

  /** One cluster for each cell with something in it; `columns` are those whose stops were added. */
  read(columns: StopColumns | null): Cluster[] {
    const found: Cluster[] = [];
    for (let at = 0; at < this.count.length; at++) {
      if (this.count[at]! > 0 || this.lastException.has(at)) found.push(this.clusterAt(at, columns));
    }
    return found;
  }

  private clusterAt(at: number, columns: StopColumns | null): Cluster {
    const count = this.count[at]!;
    const severities = Array.from(this.severities.subarray(at * SEVERITIES.length, (at + 1) * SEVERITIES.length));
    const exceptions = severities.reduce((sum, one) => sum + one, 0);
    return {
      x: this.sumX[at]! / Math.max(1, count), y: this.sumY[at]! / Math.max(1, count),
      count, late: this.late[at]!, atRisk: this.atRisk[at]!, done: this.done[at]!, severities,
      stop: count === 1 && columns ? columns.records[this.lastStop[at]!]! : null,
      exception: exceptions === 1 ? this.lastException.get(at)! : null,
    };
  }

  private cellAt(x: number, y: number): number {
    const column = Math.floor(x / this.cells.cell) - this.cells.left;
    const row = Math.floor(y / this.cells.cell) - this.cells.top;
    if (column < 0 || row < 0 || column >= this.cells.columns || row >= this.cells.rows) return -1;
    return row * this.cells.columns + column;
  }
}

/** Of which severity there are how many, the gravest first, without those there are none of. */
export function severityShares({ severities }: Pick<Cluster, "severities">): (readonly [Severity, number])[] {
  return SEVERITIES.flatMap((severity, i) => (severities[i]! > 0 ? [[severity, severities[i]!] as const] : []));
}
