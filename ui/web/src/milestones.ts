/** When the map was first on the screen, and when the vehicles were. */

export type Milestone = "map" | "vehicles";

export class Milestones {
  private readonly reached = new Map<Milestone, number>();

  /** `tell` is called once for each, after the frame that shows it, with its page time in milliseconds. */
  constructor(private readonly tell: (what: Milestone, atMs: number) => void) {}

  note(what: Milestone): void {
    if (this.reached.has(what)) return;
    const atMs = performance.now();
    this.reached.set(what, atMs);
    requestAnimationFrame(() => this.tell(what, atMs));
  }

  /** Page time, or 0 where it is not reached. */
  at(what: Milestone): number {
    return this.reached.get(what) ?? 0;
  }
}
