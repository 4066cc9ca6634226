/** What is drawn about single vehicles: rings, names, and the exceptions that travel with them. */

import type * as L from "leaflet";
import { inRows } from "./fan";
import type { Fleet } from "./fleet";
import { LabelRoom } from "./labelRoom";
import type { Layers } from "./layers";
import { markScale } from "./look";
import { drawException, EXCEPTION_RISE, EXCEPTION_SPACING } from "./marks";
import type { Scene } from "./scene";
import { routeOfSelection } from "./selection";
import { withAlpha, type Theme } from "./theme";
import type { Selection, Severity } from "./words";

const NAMES_FROM_ZOOM = 13;
/** Room between a vehicle and the foot of its exception's mark, pixels. */
const ABOVE_VEHICLE = 6;
const RING_PX = 17;
const NAME_HEIGHT = 14;
/** With more vehicles in view than this no further names are tried. */
const MOST_NAMES = 400;

/** The fleet with the point of the canvas each of its vehicles is drawn at. */
export interface DrawnFleet {
  readonly fleet: Fleet;
  readonly scene: Scene;
  readonly selection: Selection;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

export interface MarkStyle {
  readonly theme: Theme;
  readonly zoom: number;
  readonly size: L.Point;
  readonly layers: Layers;
  /** Slot of the vehicle under the pointer, or -1. */
  readonly hovered: number;
}

export interface VehicleException {
  readonly id: string;
  readonly severity: Severity;
  readonly x: number;
  readonly y: number;
}

export function drawVehicleMarks(ctx: CanvasRenderingContext2D, drawn: DrawnFleet, style: MarkStyle): void {
  const { theme, zoom, layers, hovered } = style;
  const scale = markScale(zoom);
  const ringed = ringedSlot(drawn);
  if (layers.isOn("vehicle_names") && zoom >= NAMES_FROM_ZOOM) drawNames(ctx, drawn, style, ringed);
  if (ringed >= 0) drawRing(ctx, drawn, ringed, theme.accent, scale);
  if (hovered >= 0 && hovered !== ringed) drawRing(ctx, drawn, hovered, theme.muted, scale);
  if (!layers.isOn("exceptions")) return;
  for (const { id, severity, x, y } of vehicleExceptions(drawn, scale)) {
    const isSelected = drawn.selection.kind === "exception" && drawn.selection.id === id;
    drawException(ctx, theme, x, y + EXCEPTION_RISE * scale, severity, isSelected, scale);
  }
}

/** Exceptions that travel with a vehicle, side by side above it where it has several. */
export function vehicleExceptions(drawn: DrawnFleet, scale: number): VehicleException[] {
  const { scene, x, y } = drawn;
  const travelling = [...scene.exceptions.values()].filter((exception) => slotOf(drawn, exception.vehicle_id) >= 0);
  return inRows(travelling, (exception) => exception.vehicle_id).map(({ mark: { id, severity, vehicle_id }, sideways }) => {
    const slot = slotOf(drawn, vehicle_id);
    const rise = (EXCEPTION_RISE + ABOVE_VEHICLE) * scale;
    return { id, severity, x: x[slot]! + sideways * EXCEPTION_SPACING * scale, y: y[slot]! - rise };
  });
}

function slotOf({ scene, fleet }: DrawnFleet, vehicleId: string): number {
  const handle = vehicleId ? scene.handleOf(vehicleId) : undefined;
  return handle === undefined ? -1 : fleet.slotOf(handle);
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

function drawNames(ctx: CanvasRenderingContext2D, drawn: DrawnFleet, style: MarkStyle, ringed: number): void {
  ctx.font = "500 10.5px Inter, sans-serif";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3;
  ctx.strokeStyle = style.theme.map.label_halo;
  ctx.fillStyle = style.theme.map.label_strong;
  const room = new LabelRoom();
  for (const slot of namedSlots(drawn, style, ringed)) {
    const name = drawn.scene.names.get(drawn.fleet.handle[slot]!);
    if (!name) continue;
    const left = drawn.x[slot]! + (slot === ringed || slot === style.hovered ? 22 : 14);
    const top = drawn.y[slot]! - NAME_HEIGHT / 2;
    if (!room.take(left, top, ctx.measureText(name.label).width, NAME_HEIGHT)) continue;
    ctx.strokeText(name.label, left, top + NAME_HEIGHT - 3);
    ctx.fillText(name.label, left, top + NAME_HEIGHT - 3);
  }
}

/** The vehicles in view, those first that keep their names where there is no room for all. */
function namedSlots({ fleet, x, y }: DrawnFleet, { size, hovered }: MarkStyle, ringed: number): number[] {
  const first = [ringed, hovered].filter((slot) => slot >= 0);
  const others: number[] = [];
  for (let i = 0; i < fleet.count && others.length < MOST_NAMES; i++) {
    if (i === ringed || i === hovered) continue;
    if (x[i]! > -80 && y[i]! > -20 && x[i]! < size.x && y[i]! < size.y + 20) others.push(i);
  }
  return [...new Set([...first, ...others])];
}
