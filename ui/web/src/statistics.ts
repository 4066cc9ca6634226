/** How smoothly the page draws, for the Qt side to read. */

const KEPT = 600;
/** Of single fixes more are kept: a frame brings many. */
const KEPT_FIXES = 6000;
/** A gap this long is not a slow frame but a pause in drawing. */
const PAUSE_MS = 250;

export interface FrameStatistics {
  readonly fps: number;
  readonly frame_p50_ms: number;
  readonly frame_p95_ms: number;
  readonly frame_max_ms: number;
  readonly draw_p95_ms: number;
  /** From the making of a vehicle frame, by the clock in it, to its first drawing. */
  readonly behind_p50_ms: number;
  readonly behind_p95_ms: number;
  readonly behind_p99_ms: number;
  /** From when a device took a fix to its first drawing. */
  readonly drawn_p50_ms: number;
  readonly drawn_p95_ms: number;
  readonly drawn_p99_ms: number;
  readonly frames: number;
  readonly drawn_at_ms: number;
}

export class FrameMeter {
  private readonly intervals = new Recent(KEPT);
  private readonly draws = new Recent(KEPT);
  private readonly behind = new Recent(KEPT);
  private readonly fixes = new Recent(KEPT_FIXES);
  private drawnVersion = 0;
  private last = 0;
  private frames = 0;
  private isWatching = false;

  /** Counts frames from now on, until `rest`: while the map is dragged or zooms. */
  watch(): void {
    if (this.isWatching) return;
    this.isWatching = true;
    this.last = 0;
    const step = (clock: number): void => {
      if (!this.isWatching) return;
      this.noteFrame(clock);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  rest(): void {
    this.isWatching = false;
  }

  /** Notes a frame shown at page time `clock`. */
  noteFrame(clock: number): void {
    const gap = clock - this.last;
    if (this.last > 0 && gap < PAUSE_MS) this.intervals.note(gap);
    this.last = clock;
    this.frames += 1;
  }

  /** Notes that the vehicles were drawn, which took `ms` of script. */
  noteDraw(ms: number): void {
    this.draws.note(ms);
  }

  /**
   * Notes that a vehicle frame made at `madeMs` is drawn at `nowMs`, and with it fixes that were
   * taken at `fixesMs`; only its first drawing counts.
   */
  noteFirstDrawing(version: number, madeMs: number, fixesMs: Float64Array, nowMs: number): void {
    if (version === this.drawnVersion) return;
    this.drawnVersion = version;
    this.behind.note(nowMs - madeMs);
    for (const takenMs of fixesMs) this.fixes.note(nowMs - takenMs);
  }

  /** Forgets what was noted, so that a measurement starts afresh. */
  reset(): void {
    for (const kept of [this.intervals, this.draws, this.behind, this.fixes]) kept.clear();
    this.last = 0;
  }

  read(): FrameStatistics {
    const intervals = this.intervals.values();
    const behind = this.behind.values();
    const fixes = this.fixes.values();
    const mean = intervals.reduce((sum, ms) => sum + ms, 0) / Math.max(1, intervals.length);
    return {
      fps: mean > 0 ? 1000 / mean : 0,
      frame_p50_ms: quantile(intervals, 0.5),
      frame_p95_ms: quantile(intervals, 0.95),
      frame_max_ms: quantile(intervals, 1),
      draw_p95_ms: quantile(this.draws.values(), 0.95),
      behind_p50_ms: quantile(behind, 0.5),
      behind_p95_ms: quantile(behind, 0.95),
      behind_p99_ms: quantile(behind, 0.99),
      drawn_p50_ms: quantile(fixes, 0.5),
      drawn_p95_ms: quantile(fixes, 0.95),
      drawn_p99_ms: quantile(fixes, 0.99),
      frames: this.frames,
      drawn_at_ms: this.last,
    };
  }
}

/** The last so many values, without anything made anew for another one. */
class Recent {
  private readonly kept: Float64Array;
  private next = 0;
  private count = 0;

  constructor(size: number) {
    this.kept = new Float64Array(size);
  }

  note(value: number): void {
    this.kept[this.next] = value;
    this.next = (this.next + 1) % this.kept.length;
    this.count = Math.min(this.count + 1, this.kept.length);
  }

  values(): Float64Array {
    return this.kept.subarray(0, this.count);
  }

  clear(): void {
    this.next = this.count = 0;
  }
}

/** The value below which `part` of the values lie; 0 where there is none. */
export function quantile(values: ArrayLike<number>, part: number): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
}
