/** Vehicle arrows, rendered once per kind, look and heading, and copied into the frame. */

import type { Badge, VehicleLook } from "./look";
import { Stamp } from "./raster";
import type { Theme } from "./theme";
import { PUNCTUALITY, VEHICLE_KINDS, type VehicleKind } from "./words";

const HEADINGS = 48;
/** Side of a stamp, CSS pixels. */
const STAMP_PX = 32;

/** Outlines pointing north about the origin, CSS pixels; a kind is told by its outline. */
const OUTLINES: Record<VehicleKind, readonly (readonly [number, number])[]> = {
  van: [[0, -9], [6.6, 7.6], [0, 4], [-6.6, 7.6]],
  e_van: [[0, -9], [6.6, 3.2], [5.2, 7.8], [0, 4.2], [-5.2, 7.8], [-6.6, 3.2]],
  truck: [[0, -9.4], [5.6, -3.8], [5.6, 7.4], [-5.6, 7.4], [-5.6, -3.8]],
  car: [[0, -8], [5.4, 4.5], [3.4, 7], [-3.4, 7], [-5.4, 4.5]],
  cargo_bike: [[0, -8.5], [3.9, 0.6], [0, 8], [-3.9, 0.6]],
  bus: [[0, -10.6], [4.7, -4.6], [4.7, 8.8], [0, 5.4], [-4.7, 8.8], [-4.7, -4.6]],
};

export class StampSheet {
  private readonly stamps = new Map<number, Stamp>();
  private readonly scratch: CanvasRenderingContext2D;
  private readonly side: number;

  /** `ratio` is how many device pixels one pixel of an outline takes. */
  constructor(private readonly theme: Theme, private readonly ratio: number) {
    this.side = Math.ceil(STAMP_PX * ratio);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = this.side;
    this.scratch = canvas.getContext("2d", { willReadFrequently: true })!;
  }

  /** The stamp of a vehicle; `kind` is the code of the feed, `heading` degrees from north. */
  get(kind: number, look: VehicleLook, heading: number): Stamp {
    const turn = Math.round((heading / 360) * HEADINGS) % HEADINGS;
    const status = PUNCTUALITY.indexOf(look.punctuality);
    const key = (kind * PUNCTUALITY.length + status) * HEADINGS + turn;
    let stamp = this.stamps.get(key);
    if (!stamp) {
      stamp = this.render(VEHICLE_KINDS[kind] ?? "van", look, (turn * 2 * Math.PI) / HEADINGS);
      this.stamps.set(key, stamp);
    }
    return stamp;
  }

  private render(kind: VehicleKind, look: VehicleLook, radians: number): Stamp {
    const ctx = this.scratch;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.side, this.side);
    ctx.setTransform(this.ratio, 0, 0, this.ratio, this.side / 2, this.side / 2);
    drawVehicle(ctx, this.theme, kind, look, radians);
    const data = ctx.getImageData(0, 0, this.side, this.side).data;
    return new Stamp(this.side, new Uint32Array(data.buffer));
  }
}

/** Draws a vehicle about the origin of `ctx`, as on the map and in the legend. */
export function drawVehicle(
  ctx: CanvasRenderingContext2D, theme: Theme, kind: VehicleKind, look: VehicleLook, radians: number,
): void {
  ctx.save();
  ctx.rotate(radians);
  trace(ctx, OUTLINES[kind]);
  ctx.lineJoin = "round";
  if (look.isHollow) fillHollow(ctx, theme);
  else fillSolid(ctx, theme, look);
  ctx.restore();
  drawBadge(ctx, theme, look.badge);
}

function trace(ctx: CanvasRenderingContext2D, outline: readonly (readonly [number, number])[]): void {
  ctx.beginPath();
  for (const [x, y] of outline) ctx.lineTo(x, y);
  ctx.closePath();
}

function fillSolid(ctx: CanvasRenderingContext2D, theme: Theme, look: VehicleLook): void {
  ctx.lineWidth = 2.6;
  ctx.strokeStyle = theme.map.route_casing;
  ctx.stroke();
  ctx.fillStyle = theme.marks[look.punctuality];
  ctx.fill();
}

function fillHollow(ctx: CanvasRenderingContext2D, theme: Theme): void {
  ctx.lineWidth = 4;
  ctx.strokeStyle = theme.map.route_casing;
  ctx.stroke();
  ctx.fillStyle = theme.map.ground;
  ctx.fill();
  ctx.setLineDash([3.2, 1.8]);
  ctx.lineWidth = 1.6;
  ctx.strokeStyle = theme.marks.no_signal;
  ctx.stroke();
}

function drawBadge(ctx: CanvasRenderingContext2D, theme: Theme, badge: Badge): void {
  if (badge === "none") return;
  ctx.save();
  ctx.translate(9, -9);
  ctx.beginPath();
  if (badge === "bang") ctx.arc(0, 0, 4.6, 0, 2 * Math.PI);
  else trace(ctx, [[0, -5], [5, 4], [-5, 4]]);
  ctx.lineJoin = "round";
  ctx.lineWidth = 2.4;
  ctx.strokeStyle = theme.map.route_casing;
  ctx.stroke();
  ctx.fillStyle = badge === "bang" ? theme.marks.late : theme.marks.at_risk;
  ctx.fill();
  ctx.fillStyle = theme.map.route_casing;
  ctx.fillRect(-0.75, badge === "bang" ? -2.8 : -2, 1.5, 3.4);
  ctx.fillRect(-0.75, badge === "bang" ? 1.5 : 2.2, 1.5, 1.4);
  ctx.restore();
}
