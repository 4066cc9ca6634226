/** Short breadcrumbs of where each vehicle has just been, kept by the page itself. */

import type * as L from "leaflet";
import type { Fleet } from "./fleet";
import { vehicleLook } from "./look";
import type { ViewTransform } from "./mercator";
import { PaddedCanvas } from "./paddedCanvas";
import type { Redraws } from "./redraws";
import { withAlpha, type Theme } from "./theme";
import { punctualityOf } from "./words";

const KEPT = 40;
/** A crumb is dropped once a vehicle is this far from its last one (unit square, ~20 m). */
const APART = 5e-7;

export class Trails {
  private readonly crumbs = new Map<number, number[]>();

  /** Notes where every vehicle is; call it with each fix, not with each frame. */
  note(fleet: Fleet): void {
    for (let i = 0; i < fleet.count; i++) this.noteOne(fleet.handle[i]!, fleet.x[i]!, fleet.y[i]!);
    if (this.crumbs.size > fleet.count) this.forgetGone(fleet);
  }

  of(handle: number): readonly number[] {
    return this.crumbs.get(handle) ?? [];
  }

  /** All crumbs by vehicle handle, for another page to take. */
  all(): [number, readonly number[]][] {
    return [...this.crumbs];
  }

  /** Goes on from the crumbs of another page. */
  take(crumbs: readonly (readonly [number, readonly number[]])[]): void {
    for (const [handle, trail] of crumbs) this.crumbs.set(handle, [...trail]);
  }

  private noteOne(handle: number, x: number, y: number): void {
    let trail = this.crumbs.get(handle);
    if (!trail) this.crumbs.set(handle, (trail = []));
    const n = trail.length;
    if (n > 0 && Math.abs(trail[n - 2]! - x) + Math.abs(trail[n - 1]! - y) < APART) return;
    trail.push(x, y);
    if (trail.length > 2 * KEPT) trail.splice(0, 2);
  }

  private forgetGone(fleet: Fleet): void {
    for (const handle of this.crumbs.keys()) if (fleet.slotOf(handle) < 0) this.crumbs.delete(handle);
  }
}

export class TrailLayer extends PaddedCanvas {
  constructor(
    map: L.Map, redraws: Redraws, private readonly fleet: Fleet, private readonly trails: Trails, public theme: Theme,
  ) {
    super(map, redraws, { pane: "trails", zIndex: 430 });
  }

  protected override paint(ctx: CanvasRenderingContext2D, view: ViewTransform): void {
    ctx.lineCap = ctx.lineJoin = "round";
    ctx.lineWidth = 2;
    const now = performance.now();
    for (let i = 0; i < this.fleet.count; i++) {
      const look = vehicleLook(punctualityOf(this.fleet.punctuality[i]!), this.fleet.ageS(i, now));
      const trail = [...this.trails.of(this.fleet.handle[i]!), this.fleet.x[i]!, this.fleet.y[i]!];
      this.fade(ctx, view, trail, this.theme.marks[look.punctuality]);
    }
  }

  private fade(ctx: CanvasRenderingContext2D, view: ViewTransform, trail: readonly number[], colour: string): void {
    const count = trail.length / 2;
    for (let k = 1; k < count; k++) {
      ctx.strokeStyle = withAlpha(colour, 0.55 * (k / count) ** 1.5);
      ctx.beginPath();
      for (const p of [k - 1, k]) {
        ctx.lineTo(trail[2 * p]! * view.scale - view.offsetX, trail[2 * p + 1]! * view.scale - view.offsetY);
      }
      ctx.stroke();
    }
  }
}
