/** What is drawn about single vehicles: rings and names, and with them what is above all else. */

import { Apart } from "./apart";
import { markScale } from "./look";
import { routeOfSelection } from "./selection";
import { Sprites } from "./sprites";
import { SteadyLabels, type Label } from "./steadyLabels";
import { withAlpha, type Theme } from "./theme";
import {
  countTravelling, crowdBox, drawAlerts, drawOneCrowd, drawTravelling, layAlerts, placeOf, slotOf,
  type Alert, type DrawnFleet, type MarkStyle, type TopMark,
} from "./topMarks";

const NAMES_FROM_ZOOM = 13;
const RING_PX = 17;
const NAME_HEIGHT = 14;
const NAME_FONT = "500 10.5px Inter, sans-serif";
/** With more vehicles in view than this no further names are tried. */
const MOST_NAMES = 400;

export class VehicleMarks {
  /** As last drawn, topmost last, at points of the canvas. */
  top: readonly TopMark[] = [];
  private readonly apart = new Apart();
  private readonly labels = new SteadyLabels();
  private readonly widths = new Map<string, number>();
  private readonly sprites = new Sprites();
  private theme: Theme | null = null;

  draw(ctx: CanvasRenderingContext2D, drawn: DrawnFleet, style: MarkStyle): void {
    const top: TopMark[] = [];
    const pen = { ctx, sprites: this.spritesIn(style.theme) };
    const alerts = style.layers.isOn("exceptions") ? layAlerts(this.apart, drawn, style) : [];
    if (style.layers.isOn("vehicles")) {
      if (style.layers.isOn("exceptions")) countTravelling(drawn);
      top.push(...drawn.crowds.crowds.map((crowd) => drawOneCrowd(pen, style.theme, crowd)));
      this.vehicles(ctx, drawn, style, alerts);
    }
    if (style.layers.isOn("exceptions")) {
      if (style.layers.isOn("vehicles")) top.push(...drawTravelling(pen, drawn, style));
      top.push(...drawAlerts(pen, drawn, style, alerts));
    }
    this.top = top;
  }

  private spritesIn(theme: Theme): Sprites {
    this.sprites.begin();
    // Twice, so that nothing is left in the colours before.
    if (theme !== this.theme) this.sprites.begin();
    this.theme = theme;
    return this.sprites;
  }

  private vehicles(ctx: CanvasRenderingContext2D, drawn: DrawnFleet, style: MarkStyle, alerts: readonly Alert[]): void {
    const scale = markScale(style.zoom);
    const ringed = ringedSlot(drawn);
    if (style.layers.isOn("vehicle_names") && style.zoom >= NAMES_FROM_ZOOM) this.names(ctx, drawn, style, ringed, alerts);
    if (ringed >= 0) drawRing(ctx, drawn, ringed, style.theme.accent, scale);
    if (style.hovered >= 0 && style.hovered !== ringed) drawRing(ctx, drawn, style.hovered, style.theme.muted, scale);
  }

  private names(
    ctx: CanvasRenderingContext2D, drawn: DrawnFleet, style: MarkStyle, ringed: number, alerts: readonly Alert[],
  ): void {
    ctx.font = NAME_FONT;
    ctx.lineJoin = "round";
    ctx.lineWidth = 3;
    ctx.strokeStyle = style.theme.map.label_halo;
    ctx.fillStyle = style.theme.map.label_strong;
    const wanted = namedSlots(drawn, style, ringed).flatMap((slot) => this.label(ctx, drawn, style, slot, ringed) ?? []);
    const kept = [...alerts.map((alert) => placeOf(alert, markScale(style.zoom))), ...drawn.crowds.crowds.map(crowdBox)];
    for (const label of this.labels.lay(wanted, kept)) {
      const text = drawn.scene.names.get(label.key)!.label;
      ctx.strokeText(text, label.left, label.top + NAME_HEIGHT - 3);
      ctx.fillText(text, label.left, label.top + NAME_HEIGHT - 3);
    }
  }

  private label(
    ctx: CanvasRenderingContext2D, drawn: DrawnFleet, { hovered }: MarkStyle, slot: number, ringed: number,
  ): Label | null {
    const key = drawn.fleet.handle[slot]!;
    const name = drawn.scene.names.get(key);
    if (!name) return null;
    const isFirst = slot === ringed || slot === hovered;
    const left = drawn.x[slot]! + (isFirst ? 22 : 14);
    return { key, left, top: drawn.y[slot]! - NAME_HEIGHT / 2, width: this.widthOf(ctx, name.label), height: NAME_HEIGHT, isFirst };
  }

  private widthOf(ctx: CanvasRenderingContext2D, text: string): number {
    let width = this.widths.get(text);
    if (width === undefined) {
      if (this.widths.size > 4 * MOST_NAMES) this.widths.clear();
      this.widths.set(text, (width = ctx.measureText(text).width));
    }
    return width;
  }
}

/** The selected vehicle, or the one of the route that is selected or belongs to what is. */
function ringedSlot(drawn: DrawnFleet): number {
  const { scene, selection } = drawn;
  if (selection.kind === "vehicle") return slotOf(drawn, selection.id);
  return slotOf(drawn, scene.routes.get(routeOfSelection(scene, selection))?.vehicle_id ?? "");
}

function drawRing(ctx: CanvasRenderingContext2D, { x, y }: DrawnFleet, slot: number, colour: string, scale: number): void {
  ctx.beginPath();
  ctx.arc(x[slot]!, y[slot]!, RING_PX * scale, 0, 2 * Math.PI);
  ctx.lineWidth = 2;
  ctx.strokeStyle = colour;
  ctx.stroke();
  ctx.lineWidth = 5;
  ctx.strokeStyle = withAlpha(colour, 0.25);
  ctx.stroke();
}

/** The vehicles in view, those first that keep their names where there is no room for all. */
function namedSlots({ fleet, x, y, crowds }: DrawnFleet, { size, hovered }: MarkStyle, ringed: number): number[] {
  const first = [ringed, hovered].filter((slot) => slot >= 0);
  const others: number[] = [];
  for (let i = 0; i < fleet.count && others.length < MOST_NAMES; i++) {
    if (i === ringed || i === hovered || crowds.crowdOf[i]! >= 0) continue;
    if (x[i]! > -80 && y[i]! > -20 && x[i]! < size.x && y[i]! < size.y + 20) others.push(i);
  }
  return [...new Set([...first, ...others])];
}
