/** When something that moves by itself is drawn next: not too often, and what is news soon. */

import type { Redraws } from "./redraws";

/** Drawing takes at most this part of the time, however much there is to draw. */
const SHARE_OF_TIME = 0.2;
/** The same of drawings longer than a frame while the map is moved: the hand is what must not wait. */
const SHARE_WHILE_MOVED = 0.08;
const FRAME_MS = 16;

export class Pace {
  private drawnAt = 0;
  private tookMs = 0;
  /** When the next drawing is due: never while none is, long since while it waits for its frame. */
  private dueAt = Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly redraws: Redraws, private readonly draw: () => void) {}

  /** Asks for a drawing `stepMs` after the last one; one that is due sooner stays. */
  ask(stepMs: number): void {
    const due = this.drawnAt + Math.max(stepMs, this.tookMs / this.share);
    if (due >= this.dueAt) return;
    this.dueAt = due;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.awaitFrame(), due - performance.now() - FRAME_MS);
  }

  /** Notes a drawing that just ended, whoever asked for it, and the time it took. */
  noteDrawn(tookMs: number): void {
    this.drawnAt = performance.now();
    this.tookMs = tookMs;
  }

  private get share(): number {
    return this.redraws.isMoving && this.tookMs > FRAME_MS ? SHARE_WHILE_MOVED : SHARE_OF_TIME;
  }

  private awaitFrame(): void {
    this.dueAt = -Infinity;
    requestAnimationFrame(this.tick);
  }

  private readonly tick = (frame: number): void => {
    if (!this.redraws.claim(frame)) {
      requestAnimationFrame(this.tick);
      return;
    }
    this.dueAt = Infinity;
    this.draw();
  };
}
