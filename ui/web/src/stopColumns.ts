/** The stops in columns, so that a drawing looks through a hundred thousand of them in a millisecond. */

import type { Stop } from "./scene";
import { isOutcome } from "./words";

/** How a stop stands, as bits. */
export const DONE = 1;
export const LATE = 2;
export const AT_RISK = 4;
/** On no route, and still to do. */
export const LOOSE = 8;

/** A part of the unit square. */
export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export class StopColumns {
  size = 0;
  x = new Float64Array(0);
  y = new Float64Array(0);
  standing = new Uint8Array(0);
  /** Stops a drawing has set apart; whoever sets a byte clears it again. */
  apart = new Uint8Array(0);
  /** The stop of each slot. */
  readonly records: Stop[] = [];
  private readonly slots = new Map<string, number>();

  slotOf(id: string): number {
    return this.slots.get(id) ?? -1;
  }

  get(id: string): Stop | undefined {
    const slot = this.slots.get(id);
    return slot === undefined ? undefined : this.records[slot];
  }

  has(id: string): boolean {
    return this.slots.has(id);
  }

  values(): Iterable<Stop> {
    return this.records;
  }

  set(stop: Stop): void {
    const known = this.slots.get(stop.id);
    const slot = known ?? this.enter(stop.id);
    this.x[slot] = stop.x;
    this.y[slot] = stop.y;
    this.standing[slot] = standingOf(stop);
    this.records[slot] = stop;
  }

  remove(id: string): void {
    const slot = this.slots.get(id);
    if (slot === undefined) return;
    const last = this.records[--this.size]!;
    this.slots.delete(id);
    this.records.pop();
    if (slot === this.size) return;
    for (const column of [this.x, this.y, this.standing]) column[slot] = column[this.size]!;
    this.records[slot] = last;
    this.slots.set(last.id, slot);
  }

  clear(): void {
    this.size = this.records.length = 0;
    this.slots.clear();
  }

  /** How many stops lie in a box, those set apart or standing as in `left` aside. */
  countIn(box: Box, left: number): number {
    let found = 0;
    for (let i = 0; i < this.size; i++) if (this.isIn(i, box, left)) found += 1;
    return found;
  }

  /** The slots of the stops in a box, those set apart or standing as in `left` aside. */
  slotsIn(box: Box, left: number): number[] {
    const found: number[] = [];
    for (let i = 0; i < this.size; i++) if (this.isIn(i, box, left)) found.push(i);
    return found;
  }

  /** What all stops lie within; null where there is none. */
  bounds(): Box | null {
    let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < this.size; i++) {
      minX = Math.min(minX, this.x[i]!);
      minY = Math.min(minY, this.y[i]!);
      maxX = Math.max(maxX, this.x[i]!);
      maxY = Math.max(maxY, this.y[i]!);
    }
    return this.size > 0 ? { minX, minY, maxX, maxY } : null;
  }

  isIn(i: number, { minX, minY, maxX, maxY }: Box, left: number): boolean {
    const x = this.x[i]!;
    const y = this.y[i]!;
    return x >= minX && y >= minY && x < maxX && y < maxY && this.apart[i] === 0 && (this.standing[i]! & left) === 0;
  }

  private enter(id: string): number {
    if (this.size === this.x.length) this.grow();
    const slot = this.size++;
    this.slots.set(id, slot);
    return slot;
  }

  private grow(): void {
    const wanted = Math.max(256, this.size * 2);
    const grown = <T extends { set(from: T): void }>(make: new (n: number) => T, old: T): T => {
      const next = new make(wanted);
      next.set(old);
      return next;
    };
    this.x = grown(Float64Array, this.x);
    this.y = grown(Float64Array, this.y);
    this.standing = grown(Uint8Array, this.standing);
    this.apart = grown(Uint8Array, this.apart);
  }
}

function standingOf(stop: Stop): number {
  if (isOutcome(stop.state)) return DONE;
  const loose = stop.route_id === "" ? LOOSE : 0;
  return loose | (stop.punctuality === "late" ? LATE : stop.punctuality === "at_risk" ? AT_RISK : 0);
}
