/** Dragging a stop, step by step: pressed, asked for, carried, and put down. Knows no page. */

/** A press that moves less than this is a click, pixels. */
const DRAG_PX = 5;

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Where a stop can be put: before another one of a route, or at its end; no route takes it off. */
export interface Target {
  readonly route_id: string;
  readonly before: string;
}

/** What the drag needs: the Qt side, which decides, and the screen. */
export interface DragHost {
  lift(stopId: string): void;
  hover(target: Target | null): void;
  drop(target: Target): void;
  cancel(): void;
  /** What lies under the pointer, shown as such. */
  aim(at: Spot): Target | null;
  /** The drag is seen from now on, and from when on it is not. */
  begin(lifted: readonly string[]): void;
  end(): void;
  say(why: string): void;
}

/** `let_go`: released before the answer; `spent`: over, though the button is still held. */
type Phase = "idle" | "pressed" | "asked" | "carried" | "let_go" | "refused" | "spent";

export class StopDrag {
  private phase: Phase = "idle";
  private stopId = "";
  private pressedAt: Spot = { x: 0, y: 0 };
  private at: Spot = { x: 0, y: 0 };
  private target: Target | null = null;

  constructor(private readonly host: DragHost) {}

  /** True once the pointer has moved: a release is no click then. */
  get isDragging(): boolean {
    return this.phase !== "idle" && this.phase !== "pressed";
  }

  get isPressed(): boolean {
    return this.phase !== "idle" && this.phase !== "let_go";
  }

  get isRefused(): boolean {
    return this.phase === "refused";
  }

  get isCarried(): boolean {
    return this.phase === "carried";
  }

  press(stopId: string, at: Spot): void {
    this.cancel();
    this.phase = "pressed";
    this.stopId = stopId;
    this.pressedAt = this.at = at;
  }

  move(at: Spot): void {
    this.at = at;
    if (this.phase === "carried") this.aim();
    if (this.phase !== "pressed" || Math.hypot(at.x - this.pressedAt.x, at.y - this.pressedAt.y) < DRAG_PX) return;
    this.phase = "asked";
    this.host.lift(this.stopId);
  }

  release(at: Spot): void {
    this.at = at;
    if (this.phase === "asked") this.phase = "let_go";
    else if (this.phase === "carried") this.putDown();
    else if (this.phase !== "let_go") this.phase = "idle";
  }

  /** Puts everything back where it was. */
  cancel(): void {
    const wasAsked = this.phase === "asked" || this.phase === "carried" || this.phase === "let_go";
    this.finish(this.phase === "let_go" ? "idle" : "spent");
    if (wasAsked) this.host.cancel();
  }

  /** The button is not held any more, and nobody saw it let go. */
  abandon(): void {
    this.cancel();
    this.phase = "idle";
  }

  /** The Qt side says what is lifted now, by this drag or by another hand. */
  told(lifted: readonly string[]): void {
    if (this.phase === "carried" && lifted.length === 0) this.finish("spent");
    if (lifted.length === 0 || (this.phase !== "asked" && this.phase !== "let_go")) return;
    const isLetGo = this.phase === "let_go";
    this.phase = "carried";
    this.host.begin(lifted);
    if (isLetGo) this.putDown();
    else this.aim();
  }

  /** The Qt side will not have it moved. */
  refused(why: string): void {
    if (this.phase !== "asked" && this.phase !== "let_go") return;
    this.phase = this.phase === "asked" ? "refused" : "idle";
    this.host.say(why);
  }

  private aim(): void {
    const target = this.host.aim(this.at);
    if (isSame(target, this.target)) return;
    this.target = target;
    this.host.hover(target);
  }

  private putDown(): void {
    this.aim();
    const { target } = this;
    this.finish("idle");
    if (target) this.host.drop(target);
    else this.host.cancel();
  }

  private finish(phase: "idle" | "spent"): void {
    const wasCarried = this.phase === "carried";
    if (this.phase !== "idle") this.phase = phase;
    this.target = null;
    if (wasCarried) this.host.end();
  }
}

export function isSame(a: Target | null, b: Target | null): boolean {
  return a === b || (a !== null && b !== null && a.route_id === b.route_id && a.before === b.before);
}
