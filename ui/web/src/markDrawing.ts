/** One drawing of the marks: what stands where, what is left out far away, what lies on top. */

import type * as L from "leaflet";
import { cellSide, Clustering, wholeCells, type Cluster } from "./cluster";
import { clusterRadius, drawCluster } from "./clusterMarks";
import type { Draft } from "./draft";
import { fanOut, type Aside } from "./fan";
import { markScale, stopLook } from "./look";
import {
  drawDepot, drawException, drawLeader, drawLifted, drawLock, drawNumberedStop, drawStopDot,
  drawStruckNumber, drawUnassigned, EXCEPTION_RISE, EXCEPTION_SPACING, type Spot,
} from "./marks";
import type { ViewTransform } from "./mercator";
import { nextStop, type Exception, type Placed, type Scene, type Stop } from "./scene";
import { NOTHING, routeOfSelection } from "./selection";
import { DONE, LOOSE, type Box } from "./stopColumns";
import { routeColour, withAlpha, type Theme } from "./theme";
import type { InRow } from "./troubles";
import { isOutcome, SEVERITIES, type Selection } from "./words";

/** Below this zoom, or with more stops in view than this, they are drawn together. */
const CLUSTER_BELOW_ZOOM = 9.5;
const MOST_DOTS = 2000;
/** With more exceptions in view than this those less than critical are counted in clusters. */
const MOST_EXCEPTIONS = 250;
/** Marks this far outside of the canvas still reach into it, pixels. */
const REACH_PX = 30;
const CLUSTER_PX = 72;
/** Stops done are drawn from here on; farther out only what is still to do. */
const DONE_FROM_ZOOM = 12;
/** From here on stops at one door are drawn apart. */
const FAN_FROM_ZOOM = 14.5;
const FAN_DOTS_FROM_ZOOM = 16;
const NUMBERED_APART_PX = 25;
/** Farther out than this the done stops of the selected route make room for those to come. */
const DONE_SMALL_BELOW_ZOOM = 15;
const DONE_SMALL = 0.68;

export interface Mark {
  readonly selection: Selection;
  /** Unit-square point the mark belongs to. */
  readonly x: number;
  readonly y: number;
  /** How far from that point the mark is drawn, pixels. */
  readonly aside: Aside;
  readonly radius: number;
  /** Grows from mark to mark as they are drawn over each other. */
  readonly order: number;
  /** Set where the mark stands for several stops. */
  readonly cluster: Cluster | null;
}

export interface Sheet {
  readonly ctx: CanvasRenderingContext2D;
  readonly view: ViewTransform;
  readonly size: L.Point;
  readonly zoom: number;
  readonly scene: Scene;
  readonly draft: Draft;
  readonly theme: Theme;
  readonly selection: Selection;
}

const NOT_ASIDE: Aside = { dx: 0, dy: 0 };

/** Dots grow as the map comes closer: 1.3 pixels over a whole region, 4.5 in a street. */
function dotRadius(zoom: number): number {
  return Math.max(1.3, Math.min(4.5, 2.4 + (zoom - 13.5) * 0.55));
}

export class MarkDrawing {
  readonly marks: Mark[] = [];
  private readonly chosen: string;
  /** Routes whose stops are drawn by number: the selected one, and those a draft changes. */
  private readonly byNumber: readonly string[];
  private readonly scale: number;
  /** How far from their doors stops were drawn. */
  readonly asides = new Map<string, Aside>();
  private areClustered = false;
  /** Exceptions less than critical that stand in view. */
  private inView: InRow[] = [];

  constructor(private readonly sheet: Sheet) {
    this.chosen = routeOfSelection(sheet.scene, sheet.selection);
    this.byNumber = [...new Set([...sheet.draft.changed, this.chosen])].filter((id) => id !== "");
    this.scale = markScale(sheet.zoom);
  }

  /** Draws the stops, or far out clusters of them, which count the exceptions in them if `withExceptions`. */
  stops(withStops: boolean, withExceptions: boolean): void {
    const { stops } = this.sheet.scene;
    const alone = this.setApart();
    const crowded = this.sheet.zoom < CLUSTER_BELOW_ZOOM || stops.countIn(this.box(), this.left()) > MOST_DOTS;
    this.inView = withExceptions ? this.standing() : [];
    this.areClustered = crowded || this.inView.length > MOST_EXCEPTIONS;
    if (this.areClustered) this.clusters(withStops && crowded);
    if (withStops && !crowded) this.dots(stops.slotsIn(this.box(), this.left()).map((slot) => stops.records[slot]!));
    for (const slot of alone) stops.apart[slot] = 0;
    if (withStops) this.standAlone(alone.map((slot) => stops.records[slot]!));
  }

  /** Sets apart the stops that are never part of a crowd, and says which. */
  private setApart(): number[] {
    const { scene, draft } = this.sheet;
    const ids = new Set<string>(scene.troubles.criticalStops);
    if (this.sheet.selection.kind === "stop") ids.add(this.sheet.selection.id);
    for (const route of this.byNumber) for (const stop of scene.stopsOf(route)) ids.add(stop.id);
    for (const id of draft.touched) ids.add(id);
    const slots = [...ids].map((id) => scene.stops.slotOf(id)).filter((slot) => slot >= 0);
    for (const slot of slots) scene.stops.apart[slot] = 1;
    return slots;
  }

  /** Stops by themselves: those on no route, those with a critical exception, and routes by number. */
  private standAlone(alone: readonly Stop[]): void {
    const { stops } = this.sheet.scene;
    const loose = stops.slotsIn(this.box(), DONE).filter((slot) => stops.standing[slot]! & LOOSE);
    for (const stop of loose.map((slot) => stops.records[slot]!)) if (this.isLoose(stop)) this.loose(stop);
    for (const stop of alone) {
      const isShown = !this.byNumber.includes(this.sheet.draft.routeOf(stop)) && this.isVisible(this.spot(stop));
      if (isShown && this.isLoose(stop) && stop.route_id !== "") this.loose(stop);
      else if (isShown && !this.isLoose(stop)) this.dot(stop);
    }
    for (const route of this.byNumber) this.numbered(route);
  }

  /** How stops stand that are left out here: those to be drawn alone, and far out those done. */
  private left(): number {
    const showsDone = this.sheet.zoom >= DONE_FROM_ZOOM || this.sheet.zoom < CLUSTER_BELOW_ZOOM;
    return showsDone ? LOOSE : LOOSE | DONE;
  }

  /** What the canvas shows of the unit square, with what still reaches into it. */
  private box(): Box {
    const { view: { scale, offsetX, offsetY }, size } = this.sheet;
    return {
      minX: (offsetX - REACH_PX) / scale, minY: (offsetY - REACH_PX) / scale,
      maxX: (offsetX + size.x + REACH_PX) / scale, maxY: (offsetY + size.y + REACH_PX) / scale,
    };
  }

  private isLoose(stop: Stop): boolean {
    return this.sheet.draft.routeOf(stop) === "" && !isOutcome(stop.state);
  }

  /** A stop on no route, always by itself and always large enough to be taken hold of. */
  private loose(stop: Stop): void {
    const { ctx, theme, draft } = this.sheet;
    const at = this.spot(stop);
    const radius = 7 * this.scale;
    const isSelected = this.isSelected("stop", stop.id);
    if (draft.isLifted(stop.id)) drawLifted(ctx, theme, at);
    else drawUnassigned(ctx, theme, at.x, at.y, isSelected ? radius + 2 : radius);
    const struck = draft.struckNumber(stop);
    if (struck > 0) drawStruckNumber(ctx, theme, at, struck);
    this.mark({ kind: "stop", id: stop.id }, stop, radius + 3, NOT_ASIDE);
  }

  private clusters(withStops: boolean): void {
    const { scene, view } = this.sheet;
    const cell = cellSide(view.scale, CLUSTER_PX);
    const box = wholeCells(this.box(), cell);
    const clustering = new Clustering(box, cell);
    if (withStops) clustering.addStops(scene.stops, this.left());
    for (const { mark } of this.inView) if (!this.isSelected("exception", mark.id)) clustering.addException(mark);
    for (const cluster of clustering.read(scene.stops)) this.clusterOrOne(cluster);
  }

  private clusterOrOne(cluster: Cluster): void {
    const { stop, exception } = cluster;
    if (stop && (exception || !cluster.severities.some((count) => count > 0))) this.dot(stop);
    else if (!exception || cluster.count > 0) this.cluster(cluster);
    if (exception && cluster.count < 2) this.exception(exception, 0);
  }

  private cluster(cluster: Cluster): void {
    const { ctx, theme } = this.sheet;
    const { x, y } = this.spot(cluster);
    ctx.save();
    if (this.chosen) ctx.globalAlpha = 0.8;
    drawCluster(ctx, theme, x, y, cluster);
    ctx.restore();
    this.mark(NOTHING, cluster, clusterRadius(cluster.count), NOT_ASIDE, cluster);
  }

  private dots(stops: readonly Stop[]): void {
    if (this.sheet.zoom >= FAN_DOTS_FROM_ZOOM) this.fan(stops, 2.6 * dotRadius(this.sheet.zoom));
    for (const stop of stops) this.dot(stop);
  }

  private dot(stop: Stop): void {
    const { ctx, theme, zoom, scene } = this.sheet;
    const at = this.spot(stop, this.asideOf(stop.id));
    const isDone = isOutcome(stop.state);
    const route = scene.routes.get(this.sheet.draft.routeOf(stop));
    const colour = route ? routeColour(theme, route.colour) : theme.muted;
    const alpha = (isDone ? 0.35 : 1) * (this.chosen ? 0.6 : 1);
    const radius = dotRadius(zoom);
    if (this.asides.has(stop.id)) drawLeader(ctx, this.spot(stop), at, withAlpha(colour, 0.7 * alpha));
    drawStopDot(ctx, at.x, at.y, withAlpha(colour, alpha), radius, isDone ? null : this.alarm(stop));
    this.mark({ kind: "stop", id: stop.id }, stop, radius + 3, this.asideOf(stop.id));
  }

  private alarm(stop: Stop): string | null {
    if (stop.punctuality === "late") return this.sheet.theme.marks.late;
    return stop.punctuality === "at_risk" ? this.sheet.theme.marks.at_risk : null;
  }

  /** The stops of the selected route: discs with their numbers, each with its door in sight. */
  private numbered(routeId: string): void {
    const { ctx, theme, zoom, scene } = this.sheet;
    const stops = this.stopsByNumber(routeId);
    const number = scene.routes.get(routeId)?.colour ?? 0;
    const next = nextStop(stops);
    if (zoom >= FAN_FROM_ZOOM) this.fan(stops, NUMBERED_APART_PX * this.scale);
    const leader = routeColour(theme, number);
    for (const stop of stops) if (this.asides.has(stop.id)) drawLeader(ctx, this.spot(stop), this.spot(stop, this.asideOf(stop.id)), leader);
    for (const stop of stops.sort((a, b) => this.stopOrder(a) - this.stopOrder(b) || this.sheet.draft.numberOf(b) - this.sheet.draft.numberOf(a))) {
      const aside = this.asideOf(stop.id);
      const at = this.spot(stop, aside);
      if (!this.isVisible(at)) continue;
      const isSmall = zoom < DONE_SMALL_BELOW_ZOOM && isOutcome(stop.state);
      const scale = this.scale * (isSmall ? DONE_SMALL : 1);
      this.numberedStop(stop, number, { ...at, scale }, stop === next);
      this.mark({ kind: "stop", id: stop.id }, stop, 11 * scale, aside);
    }
  }

  private numberedStop(stop: Stop, colour: number, at: Spot, isNext: boolean): void {
    const { ctx, theme, draft } = this.sheet;
    if (draft.isLifted(stop.id)) drawLifted(ctx, theme, at);
    const look = stopLook(theme, { state: stop.state, punctuality: draft.punctualityOf(stop) }, colour, isNext);
    const alpha = draft.isLifted(stop.id) ? 0.55 : look.alpha;
    drawNumberedStop(ctx, theme, at, draft.numberOf(stop), { ...look, alpha }, this.isSelected("stop", stop.id));
    if (stop.is_locked && !isOutcome(stop.state)) drawLock(ctx, theme, at);
    const struck = draft.struckNumber(stop);
    if (struck > 0) drawStruckNumber(ctx, theme, at, struck);
  }

  /** The stops of a route as the draft has them, in its order. */
  private stopsByNumber(routeId: string): Stop[] {
    const { scene, draft } = this.sheet;
    const stops = draft.stopsOn(scene, routeId);
    return stops.sort((a, b) => draft.numberOf(a) - draft.numberOf(b));
  }

  private fan(stops: readonly Stop[], apart: number): void {
    for (const [stop, aside] of fanOut(stops, apart)) this.asides.set(stop.id, aside);
  }

  /** What is drawn last lies on top: the selected stop, then the urgent, then the open. */
  private stopOrder(stop: Stop): number {
    if (this.isSelected("stop", stop.id)) return 4;
    if (isOutcome(stop.state)) return 0;
    const punctuality = this.sheet.draft.punctualityOf(stop);
    return punctuality === "late" ? 3 : punctuality === "at_risk" ? 2 : 1;
  }

  depots(): void {
    const { ctx, theme, scene } = this.sheet;
    for (const depot of scene.depots.values()) {
      const at = this.spot(depot);
      if (!this.isVisible(at)) continue;
      const aside = { dx: this.roomBesideClusters(at), dy: 0 };
      drawDepot(ctx, theme, at.x + aside.dx, at.y, this.isSelected("depot", depot.id));
      this.mark({ kind: "depot", id: depot.id }, depot, 9, aside);
    }
  }

  /** How far to the right a depot is drawn, so that it hides no cluster's number. */
  private roomBesideClusters(at: Spot): number {
    let dx = 0;
    for (const mark of this.marks) {
      if (!mark.cluster && mark.selection.kind !== "depot") continue;
      const other = this.spot(mark, mark.aside);
      const room = mark.radius + 9;
      if (Math.hypot(at.x + dx - other.x, at.y - other.y) < room) dx = other.x + room - at.x;
    }
    return dx;
  }

  /** Exceptions at places in view, less than critical: the others are drawn with the vehicles, above all. */
  private standing(): InRow[] {
    return this.sheet.scene.troubles.standing.filter(({ mark }) => this.isVisible(this.spot(mark)));
  }

  /** Draws the exceptions that are in no cluster. */
  exceptions(): void {
    const alone = this.areClustered ? this.inView.filter(({ mark }) => this.isSelected("exception", mark.id)) : this.inView;
    alone.sort((a, b) => this.exceptionOrder(a.mark) - this.exceptionOrder(b.mark));
    for (const { mark, sideways } of alone) this.exception(mark, sideways * EXCEPTION_SPACING * this.scale);
  }

  private exception(exception: Exception, sideways: number): void {
    const door = this.asideOf(exception.stop_id);
    const at = this.spot(exception, { dx: door.dx + sideways, dy: door.dy });
    if (!this.isVisible(at)) return;
    const isSelected = this.isSelected("exception", exception.id);
    drawException(this.sheet.ctx, this.sheet.theme, at.x, at.y, exception.severity, isSelected, this.scale);
    const aside = { dx: door.dx + sideways, dy: door.dy - EXCEPTION_RISE * this.scale };
    this.mark({ kind: "exception", id: exception.id }, exception, 10 * this.scale, aside);
  }

  /** The gravest, and above all the selected one, are drawn last. */
  private exceptionOrder(exception: Exception): number {
    return this.isSelected("exception", exception.id) ? 1 : -SEVERITIES.indexOf(exception.severity);
  }

  private isSelected(kind: Selection["kind"], id: string): boolean {
    return this.sheet.selection.kind === kind && this.sheet.selection.id === id;
  }

  private asideOf(stopId: string): Aside {
    return this.asides.get(stopId) ?? NOT_ASIDE;
  }

  private spot(at: Placed, aside: Aside = NOT_ASIDE): Spot {
    const { scale, offsetX, offsetY } = this.sheet.view;
    return { x: at.x * scale - offsetX + aside.dx, y: at.y * scale - offsetY + aside.dy, scale: this.scale };
  }

  private isVisible({ x, y }: Spot): boolean {
    return x > -REACH_PX && y > -REACH_PX && x < this.sheet.size.x + REACH_PX && y < this.sheet.size.y + REACH_PX;
  }

  private mark(selection: Selection, at: Placed, radius: number, aside: Aside, cluster: Cluster | null = null): void {
    this.marks.push({ selection, x: at.x, y: at.y, aside, radius, order: this.marks.length, cluster });
  }
}
