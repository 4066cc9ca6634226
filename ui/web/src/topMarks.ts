/** What is drawn above all else: exceptions that travel, crowds of vehicles, and every critical exception by itself. */

import type * as L from "leaflet";
import type { Apart } from "./apart";
import { cellSide, Clustering, severityShares, wholeCells, type Cluster } from "./cluster";
import { CROWD_RADIUS, drawCrowd, drawSeverities } from "./clusterMarks";
import type { Aside } from "./fan";
import type { Fleet } from "./fleet";
import type { Rectangle } from "./labelRoom";
import type { Layers } from "./layers";
import { markScale } from "./look";
import { drawException, drawLeader, EXCEPTION_RISE, EXCEPTION_SPACING } from "./marks";
import type { ViewTransform } from "./mercator";
import type { Exception, Scene } from "./scene";
import { NOTHING } from "./selection";
import type { Sprites } from "./sprites";
import type { Theme } from "./theme";
import type { InRow } from "./troubles";
import type { Crowd, VehicleCrowds } from "./vehicleCrowds";
import { SEVERITIES, type Selection } from "./words";

/** Room between a vehicle and the foot of its exception's mark, pixels. */
const ABOVE_VEHICLE = 6;
/** With more exceptions on vehicles in view than this those less than critical are counted together. */
const MOST_EXCEPTIONS = 150;
const CELL_PX = 96;
const MARK_RADIUS = 9;
/** Middles of critical marks are this far apart at full size, pixels. */
const ROOM_PX = 19;
/** Marks this far outside of the canvas still reach into it, pixels. */
const REACH_PX = 30;

/** The fleet with the point of the canvas each of its vehicles is drawn at. */
export interface DrawnFleet {
  readonly fleet: Fleet;
  readonly scene: Scene;
  readonly selection: Selection;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly view: ViewTransform;
  readonly crowds: Pick<VehicleCrowds, "crowds" | "crowdOf">;
}

/** How and where marks are drawn. */
export interface MarkStyle {
  readonly theme: Theme;
  readonly zoom: number;
  readonly size: L.Point;
  readonly layers: Layers;
  /** Slot of the vehicle under the pointer, or -1. */
  readonly hovered: number;
  /** How far from its door a stop is drawn. */
  readonly asideOf: (stopId: string) => Aside | undefined;
}

/** An exception, or several of them, above all other marks. */
export interface TopMark {
  readonly selection: Selection;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly cluster: Cluster | null;
}

/** The mark drawn last of those that hold a point of the canvas. */
export function topAt(marks: readonly TopMark[], x: number, y: number): TopMark | undefined {
  return marks.findLast((mark) => (mark.x - x) ** 2 + (mark.y - y) ** 2 <= mark.radius ** 2);
}

/** An exception and the point its stem stands on. */
interface Footed {
  readonly exception: Exception;
  readonly x: number;
  readonly y: number;
}

/** A critical exception: the foot of its stem at its place, and where its mark has room. */
export interface Alert extends Footed {
  /** Middle of the mark. */
  readonly markX: number;
  readonly markY: number;
}

/** Where the critical exceptions in view are drawn: each by itself, the selected one at its place. */
export function layAlerts(apart: Apart, drawn: DrawnFleet, style: Pick<MarkStyle, "zoom" | "size" | "asideOf">): Alert[] {
  const scale = markScale(style.zoom);
  const feet = drawn.scene.troubles.critical.map((row) => footOf(drawn, row, scale, style.asideOf)).filter((foot) => isNear(foot, style.size));
  feet.sort((a, b) => Number(isSelected(drawn, b)) - Number(isSelected(drawn, a)));
  const wanted = feet.map(({ exception, x, y }) => ({ id: exception.id, x, y: y - EXCEPTION_RISE * scale }));
  const laid = apart.lay(wanted, ROOM_PX * scale);
  return feet.map((foot) => {
    const at = laid.get(foot.exception.id)!;
    return { ...foot, markX: at.x, markY: at.y };
  });
}

/** Draws them, and says what can be picked. */
export function drawAlerts({ ctx, sprites }: Pen, drawn: DrawnFleet, { theme, zoom }: MarkStyle, alerts: readonly Alert[]): TopMark[] {
  const scale = markScale(zoom);
  for (const { x, y, markX, markY } of alerts) {
    const isAside = Math.hypot(markX - x, markY - (y - EXCEPTION_RISE * scale)) > 1;
    if (isAside) drawLeader(ctx, { x, y, scale }, { x: markX, y: markY, scale }, theme.marks.critical);
  }
  for (const alert of alerts) {
    const foot = { exception: alert.exception, x: alert.markX, y: alert.markY + EXCEPTION_RISE * scale };
    layException({ ctx, sprites }, drawn, theme, foot, scale);
  }
  return alerts.map(({ exception, markX, markY }) => topMark(exception, markX, markY, scale));
}

/** What small pictures are laid with. */
export interface Pen {
  readonly ctx: CanvasRenderingContext2D;
  readonly sprites: Sprites;
}

const CROWD_SPRITE = { width: 180, height: 52, originX: 90, originY: 12 } as const;
const EXCEPTION_SPRITE = { width: 32, height: 40, originX: 16, originY: EXCEPTION_RISE + 14 } as const;

/** Draws an exception on the point its stem stands on; the selected one, of which there is one, by itself. */
function layException({ ctx, sprites }: Pen, drawn: DrawnFleet, theme: Theme, foot: Footed, scale: number): void {
  const { exception: { severity }, x, y } = foot;
  if (isSelected(drawn, foot)) drawException(ctx, theme, x, y, severity, true, scale);
  else sprites.lay(ctx, `${severity} ${scale}`, x, y, EXCEPTION_SPRITE, (own) => drawException(own, theme, 0, 0, severity, false, scale));
}

/** Counts the exceptions of vehicles that are in a crowd in its mark; critical ones never are. */
export function countTravelling(drawn: DrawnFleet): void {
  for (const { mark } of drawn.scene.troubles.travelling) {
    const crowd = crowdOfException(drawn, mark);
    if (crowd) crowd.severities[SEVERITIES.indexOf(mark.severity)]! += 1;
  }
}

function crowdOfException(drawn: DrawnFleet, exception: Exception): Crowd | undefined {
  if (drawn.selection.kind === "exception" && drawn.selection.id === exception.id) return undefined;
  const slot = slotOf(drawn, exception.vehicle_id);
  return slot < 0 ? undefined : drawn.crowds.crowds[drawn.crowds.crowdOf[slot]!];
}

/** Draws a crowd, and says what can be picked. */
export function drawOneCrowd({ ctx, sprites }: Pen, theme: Theme, crowd: Crowd): TopMark {
  const key = [crowd.vehicles, crowd.late, crowd.atRisk, crowd.silent, ...crowd.severities].join(" ");
  sprites.lay(ctx, key, crowd.x, crowd.y, CROWD_SPRITE, (own) => drawCrowd(own, theme, 0, 0, crowd));
  return { selection: NOTHING, x: crowd.x, y: crowd.y, radius: CROWD_RADIUS, cluster: crowd };
}

/** What names keep clear of around a crowd. */
export function crowdBox({ x, y }: Crowd): Rectangle {
  return { left: x - 1.6 * CROWD_RADIUS, top: y - CROWD_RADIUS, right: x + 1.6 * CROWD_RADIUS, bottom: y + CROWD_RADIUS };
}

/** The exceptions less than critical that travel with vehicles; far too many are counted together. */
export function drawTravelling(pen: Pen, drawn: DrawnFleet, style: MarkStyle): TopMark[] {
  const scale = markScale(style.zoom);
  const feet = drawn.scene.troubles.travelling
    .filter(({ mark }) => !crowdOfException(drawn, mark))
    .map((row) => footOf(drawn, row, scale, style.asideOf)).filter((foot) => isNear(foot, style.size));
  if (feet.length <= MOST_EXCEPTIONS) return feet.map((foot) => drawFooted(pen, drawn, style.theme, foot, scale));
  const { alone, clusters } = together(drawn, style, feet);
  return [
    ...clusters.map((cluster) => drawTogether(pen.ctx, drawn.view, style.theme, cluster)),
    ...alone.map((foot) => drawFooted(pen, drawn, style.theme, foot, scale)),
  ];
}

function drawFooted(pen: Pen, drawn: DrawnFleet, theme: Theme, foot: Footed, scale: number): TopMark {
  layException(pen, drawn, theme, foot, scale);
  return topMark(foot.exception, foot.x, foot.y - EXCEPTION_RISE * scale, scale);
}

function drawTogether(ctx: CanvasRenderingContext2D, view: ViewTransform, theme: Theme, cluster: Cluster): TopMark {
  const [x, y] = [cluster.x * view.scale - view.offsetX, cluster.y * view.scale - view.offsetY];
  drawSeverities(ctx, theme, x, y - 7, severityShares(cluster));
  return { selection: NOTHING, x, y, radius: 12, cluster };
}

/** Sorts exceptions into those that stand alone and those that share a cell. */
function together({ view, ...drawn }: DrawnFleet, { size }: MarkStyle, feet: readonly Footed[]): { alone: Footed[]; clusters: Cluster[] } {
  const cell = cellSide(view.scale, CELL_PX);
  const world = (x: number, y: number) => ({ x: (x + view.offsetX) / view.scale, y: (y + view.offsetY) / view.scale });
  const { x: minX, y: minY } = world(-REACH_PX, -REACH_PX);
  const { x: maxX, y: maxY } = world(size.x + REACH_PX, size.y + REACH_PX);
  const clustering = new Clustering(wholeCells({ minX, minY, maxX, maxY }, cell), cell);
  const isPicked = (foot: Footed): boolean => drawn.selection.kind === "exception" && drawn.selection.id === foot.exception.id;
  for (const foot of feet) {
    const at = world(foot.x, foot.y);
    if (!isPicked(foot)) clustering.addException(foot.exception, at.x, at.y);
  }
  const found = clustering.read(null);
  const single = new Set(found.map((cluster) => cluster.exception?.id));
  return {
    alone: feet.filter((foot) => isPicked(foot) || single.has(foot.exception.id)),
    clusters: found.filter((cluster) => !cluster.exception),
  };
}

function topMark({ id }: Exception, x: number, y: number, scale: number): TopMark {
  return { selection: { kind: "exception", id }, x, y, radius: MARK_RADIUS * Math.max(0.8, scale), cluster: null };
}

/** Where the stem of an exception stands: above its vehicle, at its stop's mark, or at its place. */
function footOf(drawn: DrawnFleet, { mark, sideways }: InRow, scale: number, asideOf: MarkStyle["asideOf"]): Footed {
  const aside = sideways * EXCEPTION_SPACING * scale;
  const slot = slotOf(drawn, mark.vehicle_id);
  if (slot >= 0) return { exception: mark, x: drawn.x[slot]! + aside, y: drawn.y[slot]! - ABOVE_VEHICLE * scale };
  const door = asideOf(mark.stop_id);
  const { scale: pixels, offsetX, offsetY } = drawn.view;
  return { exception: mark, x: mark.x * pixels - offsetX + (door?.dx ?? 0) + aside, y: mark.y * pixels - offsetY + (door?.dy ?? 0) };
}

function isNear({ x, y }: Footed, size: L.Point): boolean {
  return x > -REACH_PX && y > -REACH_PX && x < size.x + REACH_PX && y < size.y + REACH_PX;
}

function isSelected({ selection }: DrawnFleet, { exception }: Footed): boolean {
  return selection.kind === "exception" && selection.id === exception.id;
}

/** What names keep clear of around a critical exception. */
export function placeOf({ markX, markY }: Alert, scale: number): Rectangle {
  const reach = (MARK_RADIUS + 2) * scale;
  return { left: markX - reach, top: markY - reach, right: markX + reach, bottom: markY + reach };
}

/** The slot of a vehicle by its id, or -1 while it is not on the map. */
export function slotOf({ scene, fleet }: Pick<DrawnFleet, "scene" | "fleet">, vehicleId: string): number {
  const handle = vehicleId ? scene.handleOf(vehicleId) : undefined;
  return handle === undefined ? -1 : fleet.slotOf(handle);
}
