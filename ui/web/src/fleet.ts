/** Every vehicle in typed arrays, moving smoothly between its fixes. */

import { UNKNOWN, type Frame } from "./frame";
import { worldX, worldY } from "./mercator";
import type { Box } from "./stopColumns";

/** A fix farther than this from the drawn place is a jump, not a drive (unit square, ~8 km). */
const JUMP = 2e-4;
const SHORTEST_GLIDE_MS = 150;
const LONGEST_GLIDE_MS = 6000;
/** How fast a vehicle that outran its fix comes to rest: it rolls on for this much of its pace. */
const COAST_MS = 700;
const STILL_CM_S = 100;
/** A vehicle without a heading points where it goes once it went this far (unit square, ~10 m). */
const A_MOVE = 2.5e-7;

const EVERYWHERE: Box = { minX: -Infinity, minY: -Infinity, maxX: Infinity, maxY: Infinity };
/** The times of so many fixes of a frame are kept, to tell how long after them they are drawn. */
const MOST_FRESH = 200;

export class Fleet {
  count = 0;
  capacity = 0;
  /** Of the frame taken in last. */
  version = 0;
  nowMs = 0;
  nowAt = 0;
  handle = new Uint32Array(0);
  x = new Float64Array(0);
  y = new Float64Array(0);
  /** Degrees clockwise from north, as drawn. */
  heading = new Float32Array(0);
  speed = new Uint16Array(0);
  punctuality = new Uint8Array(0);
  kind = new Uint8Array(0);
  atMs = new Float64Array(0);
  private fromX = new Float64Array(0);
  private fromY = new Float64Array(0);
  private toX = new Float64Array(0);
  private toY = new Float64Array(0);
  private fromHeading = new Float32Array(0);
  private toHeading = new Float32Array(0);
  private startedAt = new Float64Array(0);
  private glideMs = new Float64Array(0);
  private seen = new Uint32Array(0);
  private round = 0;
  private readonly slots = new Map<number, number>();
  private readonly freshAtMs = new Float64Array(MOST_FRESH);
  private freshCount = 0;

  /** When the fixes that the last frame brought anew were taken, ms since 1970 UTC; not of all of them. */
  get fresh(): Float64Array {
    return this.freshAtMs.subarray(0, this.freshCount);
  }

  slotOf(handle: number): number {
    return this.slots.get(handle) ?? -1;
  }

  /** Age of a fix in seconds, on the gateway's clock. */
  ageS(slot: number, clock: number): number {
    return Math.max(0, (this.nowMs + (clock - this.nowAt) - this.atMs[slot]!) / 1000);
  }

  /** Takes a frame in at page time `clock` (ms); vehicles it does not name leave. */
  apply(frame: Frame, clock: number): void {
    this.version = frame.version;
    this.nowMs = frame.nowMs;
    this.nowAt = clock;
    this.round += 1;
    this.freshCount = 0;
    if (this.count + frame.count > this.capacity) this.reserve(this.count + frame.count - this.countKnown(frame));
    for (let row = 0; row < frame.count; row++) this.applyRow(frame, row, clock);
    if (this.count !== frame.count) this.dropUnseen();
  }

  /**
   * Moves every vehicle to where it is at page time `clock`; true while any is moving. One that
   * neither leaves from nor goes to a place in `box` is put where it goes at once: nobody sees it.
   */
  advance(clock: number, box: Box = EVERYWHERE): boolean {
    let moving = false;
    for (let i = 0; i < this.count; i++) {
      if (!isIn(box, this.toX[i]!, this.toY[i]!) && !isIn(box, this.x[i]!, this.y[i]!)) {
        this.x[i] = this.toX[i]!;
        this.y[i] = this.toY[i]!;
        this.heading[i] = this.toHeading[i]!;
        continue;
      }
      const t = (clock - this.startedAt[i]!) / this.glideMs[i]!;
      if (t < 1) moving = true;
      else if (this.coasts(i, clock)) moving = true;
      this.place(i, t);
    }
    return moving;
  }

  /** Where a vehicle is drawn, unit square; null where it is not on the map. */
  placeOf(handle: number | undefined): { readonly x: number; readonly y: number } | null {
    const slot = handle === undefined ? -1 : this.slotOf(handle);
    return slot < 0 ? null : { x: this.x[slot]!, y: this.y[slot]! };
  }

  private countKnown(frame: Frame): number {
    let known = 0;
    for (let row = 0; row < frame.count; row++) if (this.slots.has(frame.handle[row]!)) known += 1;
    return known;
  }

  private isDriving(i: number): boolean {
    return this.speed[i]! > STILL_CM_S && this.speed[i] !== UNKNOWN;
  }

  private coasts(i: number, clock: number): boolean {
    return this.isDriving(i) && clock - this.startedAt[i]! - this.glideMs[i]! < 4 * COAST_MS;
  }

  private place(i: number, t: number): void {
    const dx = this.toX[i]! - this.fromX[i]!;
    const dy = this.toY[i]! - this.fromY[i]!;
    const part = t <= 1 ? t : 1 + this.overrun(i, t);
    this.x[i] = this.fromX[i]! + dx * part;
    this.y[i] = this.fromY[i]! + dy * part;
    const turn = ((this.toHeading[i]! - this.fromHeading[i]! + 540) % 360) - 180;
    // Turn in the first third of the way, as a vehicle turns at the corner.
    this.heading[i] = (this.fromHeading[i]! + turn * Math.min(1, t * 3) + 360) % 360;
  }

  private overrun(i: number, t: number): number {
    if (!this.isDriving(i)) return 0;
    const glide = this.glideMs[i]!;
    return (COAST_MS / glide) * (1 - Math.exp((-(t - 1) * glide) / COAST_MS));
  }

  private applyRow(frame: Frame, row: number, clock: number): void {
    const handle = frame.handle[row]!;
    const known = this.slots.get(handle);
    const slot = known ?? this.enter(handle);
    this.seen[slot] = this.round;
    this.punctuality[slot] = frame.punctuality[row]!;
    this.kind[slot] = frame.kind[row]!;
    if (known !== undefined && frame.atMs[row] === this.atMs[slot]) return;
    if (known !== undefined && this.freshCount < MOST_FRESH) this.freshAtMs[this.freshCount++] = frame.atMs[row]!;
    this.atMs[slot] = frame.atMs[row]!;
    this.speed[slot] = frame.speed[row]!;
    this.aim(slot, frame, row, clock, known === undefined);
  }

  private aim(slot: number, frame: Frame, row: number, clock: number, isNew: boolean): void {
    const x = worldX(frame.lon[row]! / 1e7);
    const y = worldY(frame.lat[row]! / 1e7);
    const told = frame.heading[row]!;
    const heading = told === UNKNOWN ? this.guessedHeading(slot, x, y, isNew) : told / 100;
    const jumped = isNew || Math.abs(x - this.x[slot]!) + Math.abs(y - this.y[slot]!) > JUMP;
    const gap = clock - this.startedAt[slot]!;
    this.fromX[slot] = jumped ? x : this.x[slot]!;
    this.fromY[slot] = jumped ? y : this.y[slot]!;
    this.fromHeading[slot] = jumped ? heading : this.heading[slot]!;
    this.toX[slot] = x;
    this.toY[slot] = y;
    this.toHeading[slot] = heading;
    this.startedAt[slot] = clock;
    this.glideMs[slot] = jumped ? SHORTEST_GLIDE_MS : clampGlide(gap);
    if (jumped) this.place(slot, 1);
  }

  /** Where a vehicle points that does not tell: along its last move; north before the first. */
  private guessedHeading(slot: number, x: number, y: number, isNew: boolean): number {
    if (isNew) return 0;
    const [east, south] = [x - this.toX[slot]!, y - this.toY[slot]!];
    if (Math.hypot(east, south) < A_MOVE) return this.toHeading[slot]!;
    return ((Math.atan2(east, -south) * 180) / Math.PI + 360) % 360;
  }

  private enter(handle: number): number {
    const slot = this.count++;
    this.handle[slot] = handle;
    this.slots.set(handle, slot);
    return slot;
  }

  private dropUnseen(): void {
    for (let i = this.count - 1; i >= 0; i--) if (this.seen[i] !== this.round) this.drop(i);
  }

  private drop(slot: number): void {
    const last = --this.count;
    this.slots.delete(this.handle[slot]!);
    if (slot === last) return;
    for (const column of this.columns()) column[slot] = column[last]!;
    this.slots.set(this.handle[slot]!, slot);
  }

  private columns(): (Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array)[] {
    return [
      this.handle, this.x, this.y, this.heading, this.speed, this.punctuality, this.kind, this.atMs,
      this.fromX, this.fromY, this.toX, this.toY, this.fromHeading, this.toHeading,
      this.startedAt, this.glideMs, this.seen,
    ];
  }

  private reserve(wanted: number): void {
    if (wanted <= this.capacity) return;
    this.capacity = Math.max(64, wanted * 2);
    const grow = <T extends { set(from: T): void }>(make: new (n: number) => T, old: T): T => {
      const next = new make(this.capacity);
      next.set(old);
      return next;
    };
    this.handle = grow(Uint32Array, this.handle);
    this.seen = grow(Uint32Array, this.seen);
    this.speed = grow(Uint16Array, this.speed);
    this.punctuality = grow(Uint8Array, this.punctuality);
    this.kind = grow(Uint8Array, this.kind);
    this.heading = grow(Float32Array, this.heading);
    this.fromHeading = grow(Float32Array, this.fromHeading);
    this.toHeading = grow(Float32Array, this.toHeading);
    this.x = grow(Float64Array, this.x);
    this.y = grow(Float64Array, this.y);
    this.fromX = grow(Float64Array, this.fromX);
    this.fromY = grow(Float64Array, this.fromY);
    this.toX = grow(Float64Array, this.toX);
    this.toY = grow(Float64Array, this.toY);
    this.atMs = grow(Float64Array, this.atMs);
    this.startedAt = grow(Float64Array, this.startedAt);
    this.glideMs = grow(Float64Array, this.glideMs);
  }
}

function clampGlide(gapMs: number): number {
  return Math.max(SHORTEST_GLIDE_MS, Math.min(LONGEST_GLIDE_MS, gapMs));
}

function isIn({ minX, minY, maxX, maxY }: Box, x: number, y: number): boolean {
  return x >= minX && y >= minY && x <= maxX && y <= maxY;
}
