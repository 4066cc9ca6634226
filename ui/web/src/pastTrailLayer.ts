/** Trails of chosen vehicles on the map: speeds, directions, stays, gaps, the planned line. */

import type * as L from "leaflet";
import { LabelRoom } from "./labelRoom";
import type { ViewTransform } from "./mercator";
import { PaddedCanvas } from "./paddedCanvas";
import { arrows, PastTrail, stepsInView, type DrawnTrail, type Spot, type TrailsRecord } from "./pastTrail";
import { CASING, SPEED_COLOURS, speedColour } from "./pastTrailLook";
import { tracePolyline } from "./polyline";
import type { Redraws } from "./redraws";
import { withAlpha, type Theme } from "./theme";

const ARROW_EVERY_PX = 90;
const STAY_PX = 5.5;
const LABEL_FONT = "600 10.5px Inter, sans-serif";
const LABEL_PX = 15;

interface Sheet {
  readonly ctx: CanvasRenderingContext2D;
  readonly view: ViewTransform;
  readonly size: L.Point;
  readonly zoom: number;
}

export class PastTrailLayer extends PaddedCanvas {
  trails: readonly PastTrail[] = [];
  private gap = 255;

  constructor(map: L.Map, redraws: Redraws, public theme: Theme) {
    super(map, redraws, { pane: "pastTrails", zIndex: 435 });
    this.isShown = false;
  }

  /** Shows other trails instead; none hides the canvas, so that it costs nothing. */
  take(record: TrailsRecord): void {
    this.gap = record.gap;
    this.trails = record.trails.map((trail) => new PastTrail(trail, record.gap));
    this.isShown = this.trails.length > 0;
  }

  protected override paint(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, zoom: number): void {
    const sheet = { ctx, view, size, zoom };
    ctx.save();
    ctx.lineJoin = ctx.lineCap = "round";
    for (const trail of this.trails) this.underlay(sheet, trail);
    for (const trail of this.trails) this.line(sheet, trail);
    const room = new LabelRoom();
    for (const trail of this.trails) this.stays(sheet, trail, room);
    for (const trail of this.trails) this.ticks(sheet, trail, room);
    for (const trail of this.trails) if (trail.moment) this.moment(sheet, trail.moment);
    ctx.restore();
  }

  /** The planned line, and the stretches that lie away from it. */
  private underlay(sheet: Sheet, trail: PastTrail): void {
    const { ctx, zoom } = sheet;
    ctx.setLineDash([2, 5]);
    this.stroke(sheet, trail.plannedLine(zoom).points, this.theme.text, 2.4);
    ctx.setLineDash([]);
    for (const stray of trail.record.strays) this.stroke(sheet, trail.stretch(stray), withAlpha(this.theme.marks.late, 0.45), 15);
  }

  private line(sheet: Sheet, trail: PastTrail): void {
    const { ctx, zoom, view } = sheet;
    const drawn = trail.at(zoom);
    const seen = stepsInView(drawn, view, sheet.size);
    this.steps(sheet, drawn, seen.filter((place) => drawn.steps[place] !== this.gap), CASING, 6.5);
    for (const colour of SPEED_COLOURS) {
      const ofColour = seen.filter((place) => drawn.steps[place] !== this.gap && speedColour(drawn.steps[place]!) === colour);
      this.steps(sheet, drawn, ofColour, colour, 4);
    }
    ctx.setLineDash([5, 6]);
    this.steps(sheet, drawn, seen.filter((place) => drawn.steps[place] === this.gap), this.theme.marks.no_signal, 2);
    ctx.setLineDash([]);
    for (const one of arrows(drawn, this.gap, ARROW_EVERY_PX / view.scale)) {
      const { x, y } = onScreen(sheet, one);
      if (isInside(sheet, x, y)) this.arrow(ctx, x, y, one.angle);
    }
  }

  /** Strokes some steps in one path; neighbours are joined. */
  private steps({ ctx, view, size }: Sheet, { shape }: DrawnTrail, places: readonly number[], colour: string, width: number): void {
    if (places.length === 0) return;
    ctx.beginPath();
    for (let i = 0; i < places.length; i++) {
      const first = places[i]!;
      while (i + 1 < places.length && places[i + 1] === places[i]! + 1) i++;
      tracePolyline(ctx, shape.points.subarray(2 * first, 2 * (places[i]! + 2)), view, size.x, size.y);
    }
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }

  private arrow(ctx: CanvasRenderingContext2D, x: number, y: number, angle: number): void {
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate(angle);
    ctx.beginPath();
    ctx.moveTo(-4.5, -5);
    ctx.lineTo(5, 0);
    ctx.lineTo(-4.5, 5);
    ctx.closePath();
    ctx.fillStyle = "#ffffff";
    ctx.fill();
    ctx.strokeStyle = CASING;
    ctx.lineWidth = 1.4;
    ctx.stroke();
    ctx.restore();
  }

  private stays(sheet: Sheet, trail: PastTrail, room: LabelRoom): void {
    const { ctx } = sheet;
    for (const stay of trail.stays) {
      const { x, y } = onScreen(sheet, stay);
      if (!isInside(sheet, x, y)) continue;
      ctx.beginPath();
      ctx.arc(x, y, STAY_PX, 0, 2 * Math.PI);
      ctx.fillStyle = "#ffffff";
      ctx.fill();
      ctx.strokeStyle = CASING;
      ctx.lineWidth = 2.5;
      ctx.stroke();
      this.label(ctx, stay.label, x + STAY_PX + 3, y - LABEL_PX - 2, room, this.theme.text);
    }
  }

  private ticks(sheet: Sheet, trail: PastTrail, room: LabelRoom): void {
    for (const tick of trail.ticks) {
      const { x, y } = onScreen(sheet, tick);
      if (isInside(sheet, x, y)) this.label(sheet.ctx, tick.label, x + 7, y + 4, room, this.theme.text_secondary);
    }
  }

  /** A label on a plate, where nothing else has the place. */
  private label(ctx: CanvasRenderingContext2D, words: string, left: number, top: number, room: LabelRoom, ink: string): void {
    ctx.font = LABEL_FONT;
    const width = ctx.measureText(words).width + 8;
    if (!room.take(left - 1, top - 1, width + 2, LABEL_PX + 2)) return;
    ctx.fillStyle = withAlpha(this.theme.panel_raised, 0.92);
    ctx.beginPath();
    ctx.roundRect(left, top, width, LABEL_PX, 3);
    ctx.fill();
    ctx.fillStyle = ink;
    ctx.textBaseline = "middle";
    ctx.fillText(words, left + 4, top + LABEL_PX / 2 + 0.5);
  }

  private moment(sheet: Sheet, moment: Spot): void {
    const { ctx } = sheet;
    const { x, y } = onScreen(sheet, moment);
    for (const [colour, width] of [[CASING, 6], ["#ffffff", 2.6]] as const) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.beginPath();
      ctx.arc(x, y, 13, 0, 2 * Math.PI);
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
        ctx.moveTo(x + 13 * dx, y + 13 * dy);
        ctx.lineTo(x + 20 * dx, y + 20 * dy);
      }
      ctx.stroke();
    }
  }

  private stroke({ ctx, view, size }: Sheet, points: Float64Array, colour: string, width: number): void {
    ctx.beginPath();
    tracePolyline(ctx, points, view, size.x, size.y);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}

function onScreen({ view }: Sheet, { x, y }: { readonly x: number; readonly y: number }): { x: number; y: number } {
  return { x: x * view.scale - view.offsetX, y: y * view.scale - view.offsetY };
}

function isInside({ size }: Sheet, x: number, y: number): boolean {
  return x > -40 && y > -40 && x < size.x + 40 && y < size.y + 40;
}
