/** How smoothly the page draws, for the Qt side to read. */

const KEPT = 600;
/** A gap this long is not a slow frame but a pause in drawing. */
const PAUSE_MS = 250;

export interface FrameStatistics {
  readonly fps: number;
  readonly frame_p50_ms: number;
  readonly frame_p95_ms: number;
  readonly draw_p95_ms: number;
  readonly frames: number;
  readonly drawn_at_ms: number;
}

export class FrameMeter {
  private intervals: number[] = [];
  private draws: number[] = [];
  private last = 0;
  private frames = 0;

  /** Notes a frame drawn at page time `clock`, which took `drawMs` of script. */
  note(clock: number, drawMs: number, isContinuous: boolean): void {
    const gap = clock - this.last;
    if (isContinuous && this.last > 0 && gap < PAUSE_MS) push(this.intervals, gap);
    push(this.draws, drawMs);
    this.last = clock;
    this.frames += 1;
  }

  /** Forgets the intervals, so that a measurement starts afresh. */
  reset(): void {
    this.intervals = [];
    this.draws = [];
    this.last = 0;
  }

  read(): FrameStatistics {
    const mean = this.intervals.reduce((sum, ms) => sum + ms, 0) / Math.max(1, this.intervals.length);
    return {
      fps: mean > 0 ? 1000 / mean : 0,
      frame_p50_ms: quantile(this.intervals, 0.5),
      frame_p95_ms: quantile(this.intervals, 0.95),
      draw_p95_ms: quantile(this.draws, 0.95),
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
