/** How smoothly the page draws, for the Qt side to read. */

const KEPT = 600;
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
  readonly frames: number;
  readonly drawn_at_ms: number;
}

export class FrameMeter {
  private intervals: number[] = [];
  private draws: number[] = [];
  private behind: number[] = [];
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
    if (this.last > 0 && gap < PAUSE_MS) push(this.intervals, gap);
    this.last = clock;
    this.frames += 1;
  }

  /** Notes that the vehicles were drawn, which took `ms` of script. */
  noteDraw(ms: number): void {
    push(this.draws, ms);
  }

  /** Notes how far behind its making a vehicle frame was drawn; only its first drawing counts. */
  noteBehind(version: number, ms: number): void {
    if (version === this.drawnVersion) return;
    this.drawnVersion = version;
    push(this.behind, ms);
  }

  /** Forgets what was noted, so that a measurement starts afresh. */
  reset(): void {
    this.intervals = [];
    this.draws = [];
    this.behind = [];
    this.last = 0;
  }

  read(): FrameStatistics {
    const mean = this.intervals.reduce((sum, ms) => sum + ms, 0) / Math.max(1, this.intervals.length);
    return {
      fps: mean > 0 ? 1000 / mean : 0,
      frame_p50_ms: quantile(this.intervals, 0.5),
      frame_p95_ms: quantile(this.intervals, 0.95),
      frame_max_ms: quantile(this.intervals, 1),
      draw_p95_ms: quantile(this.draws, 0.95),
      behind_p50_ms: quantile(this.behind, 0.5),
      behind_p95_ms: quantile(this.behind, 0.95),
      behind_p99_ms: quantile(this.behind, 0.99),
      frames: this.frames,
      drawn_at_ms: this.last,
    };
  }
}

function push(into: number[], value: number): void {
  into.push(value);
  if (into.length > KEPT) into.shift();
}

/** The value below which `part` of the values lie; 0 where there is none. */
export function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
}
