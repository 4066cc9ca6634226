/** Spreads the redrawing of canvases over frames, so that no frame has to draw them all. */

/** While the map moves what is merely out of date may wait this long. */
const PATIENCE_MS = 1000;

export interface Redrawn {
  redraw(): void;
  /** Draws what a frame has time for, and says whether that was all; where it is there, it is used. */
  redrawSome?(): boolean;
}

interface Request {
  readonly canvas: Redrawn;
  readonly since: number;
  isUrgent: boolean;
}

export class Redraws {
  /** Whether the map is moving under the hand now. */
  isMoving = false;
  /** Whether a zoom is stretching the canvases now: one drawn meanwhile would jump out of it. */
  isZooming: () => boolean = () => false;
  private readonly waiting: Request[] = [];
  private isScheduled = false;
  private drawnFrame = -1;
  private isAwaited = false;

  /** Asks for the one drawing a frame has time for; false where another has it, and the next is kept free. */
  claim(frame: number): boolean {
    if (this.isZooming()) return false;
    this.isAwaited = frame === this.drawnFrame;
    this.drawnFrame = frame;
    return !this.isAwaited;
  }

  /** Whether everything that was asked for is drawn. */
  get isSettled(): boolean {
    return this.waiting.length === 0;
  }

  /** Asks for a redraw; an urgent one does not wait for the map to come to rest. */
  ask(canvas: Redrawn, isUrgent: boolean): void {
    const known = this.waiting.find((request) => request.canvas === canvas);
    if (known) known.isUrgent ||= isUrgent;
    else this.waiting.push({ canvas, since: performance.now(), isUrgent });
    this.schedule();
  }

  /** Forgets a request, because the canvas was drawn meanwhile. */
  settle(canvas: Redrawn): void {
    const place = this.waiting.findIndex((request) => request.canvas === canvas);
    if (place >= 0) this.waiting.splice(place, 1);
  }

  private schedule(): void {
    if (this.isScheduled || this.waiting.length === 0) return;
    this.isScheduled = true;
    requestAnimationFrame((clock) => {
      this.isScheduled = false;
      this.runOne(clock);
      this.schedule();
    });
  }

  private runOne(clock: number): void {
    const isDue = (request: Request): boolean => !this.isMoving || request.isUrgent || clock - request.since > PATIENCE_MS;
    const next = this.waiting.find((request) => request.isUrgent) ?? this.waiting.find(isDue);
    if (!next || this.isZooming() || this.isAwaited || clock === this.drawnFrame) return;
    this.drawnFrame = clock;
    if (!next.canvas.redrawSome) next.canvas.redraw();
    else if (!next.canvas.redrawSome()) return;
    this.settle(next.canvas);
  }
}
