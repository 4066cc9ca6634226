/** Routes, stops, depots and exceptions, drawn on padded canvases under the vehicles. */

import type * as L from "leaflet";
import { clusterStops, type Cluster } from "./cluster";
import type { Layers } from "./layers";
import { markScale, stopLook } from "./look";
import {
  clusterRadius, drawCluster, drawDepot, drawException, drawNumberedStop, drawStopDot, EXCEPTION_RISE, type Spot,
} from "./marks";
import type { ViewTransform } from "./mercator";
import type { Names } from "./names";
import { PaddedCanvas } from "./paddedCanvas";
import { lineAt, type Exception, type Route, type Scene, type Stop } from "./scene";
import { NOTHING, routeOfSelection } from "./selection";
import { split } from "./shape";
import { routeColour, withAlpha, type Theme } from "./theme";
import { isOutcome, SEVERITIES, type Selection } from "./words";

/** Below this zoom the stops of routes not selected are drawn together. */
const CLUSTER_BELOW_ZOOM = 11;
const CLUSTER_PX = 56;

export interface Mark {
  readonly selection: Selection;
  /** Unit-square point the mark belongs to. */
  readonly x: number;
  readonly y: number;
  /** How far above that point the mark sits, pixels. */
  readonly rise: number;
  readonly radius: number;
  /** Set where the mark stands for several stops. */
  readonly cluster: Cluster | null;
}

/** The lines of the routes, and over them the names of the map. */
export class RouteLayer extends PaddedCanvas {
  selection: Selection = NOTHING;
  names: Names | null = null;

  constructor(map: L.Map, private readonly scene: Scene, private readonly layers: Layers, public theme: Theme) {
    super(map, "routes", 420);
  }

  protected override paint(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, zoom: number): void {
    const drawing = new SceneDrawing(ctx, view, size, zoom, this.scene, this.theme, this.selection);
    if (this.layers.isOn("routes")) drawing.routes();
    if (this.layers.isOn("map_labels")) this.names?.draw(ctx, view, size.x, size.y, zoom);
  }
}

/** Stops, depots and exceptions, above the names of the map. */
export class MarkLayer extends PaddedCanvas {
  selection: Selection = NOTHING;
  /** What can be picked as last drawn, topmost last. */
  marks: Mark[] = [];

  constructor(map: L.Map, private readonly scene: Scene, private readonly layers: Layers, public theme: Theme) {
    super(map, "marks", 440);
  }

  protected override paint(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, zoom: number): void {
    const drawing = new SceneDrawing(ctx, view, size, zoom, this.scene, this.theme, this.selection);
    if (this.layers.isOn("stops")) drawing.stops();
    drawing.depots();
    if (this.layers.isOn("exceptions")) drawing.exceptions();
    this.marks = drawing.marks;
  }
}

/** Dots grow as the map comes closer: 1.5 pixels over a whole region, 4.5 in a street. */
function dotRadius(zoom: number): number {
  return Math.max(1.5, Math.min(4.5, 2.4 + (zoom - 13.5) * 0.55));
}

class SceneDrawing {
  readonly marks: Mark[] = [];
  private readonly chosen: string;

  constructor(
    private readonly ctx: CanvasRenderingContext2D,
    private readonly view: ViewTransform,
    private readonly size: L.Point,
    private readonly zoom: number,
    private readonly scene: Scene,
    private readonly theme: Theme,
    private readonly selection: Selection,
  ) {
    this.chosen = routeOfSelection(scene, selection);
  }

  routes(): void {
    const others = [...this.scene.routes.values()].filter((route) => route.id !== this.chosen);
    for (const route of others) this.thinRoute(route);
    const chosen = this.scene.routes.get(this.chosen);
    if (chosen) this.boldRoute(chosen);
  }

  private thinRoute(route: Route): void {
    const shape = lineAt(route, this.zoom);
    if (!shape) return;
    const colour = routeColour(this.theme, route.colour);
    const dim = this.chosen ? 0.55 : 1;
    const parts = split(shape, route.done_fraction);
    const width = this.zoom < 12 ? 1.2 : this.zoom < 15 ? 1.7 : 2.4;
    this.line(parts.driven, withAlpha(colour, 0.22 * dim), width);
    this.line(parts.remaining, withAlpha(colour, 0.78 * dim), width);
  }

  private boldRoute(route: Route): void {
    const shape = lineAt(route, this.zoom);
    if (!shape) return;
    const colour = routeColour(this.theme, route.colour);
    const parts = split(shape, route.done_fraction);
    this.line(shape.points, this.theme.map.route_casing, 7);
    this.line(parts.driven, withAlpha(colour, 0.42), 3);
    this.line(parts.remaining, colour, 4.5);
  }

  private line(points: Float64Array, colour: string, width: number): void {
    if (points.length < 4) return;
    const { ctx, view } = this;
    ctx.beginPath();
    for (let i = 0; i < points.length; i += 2) {
      ctx.lineTo(points[i]! * view.scale - view.offsetX, points[i + 1]! * view.scale - view.offsetY);
    }
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.lineJoin = ctx.lineCap = "round";
    ctx.stroke();
  }

  stops(): void {
    const others: Stop[] = [];
    for (const stop of this.scene.stops.values()) if (stop.route_id !== this.chosen || !this.chosen) others.push(stop);
    if (this.zoom < CLUSTER_BELOW_ZOOM) this.clusters(others);
    else for (const stop of others) this.dot(stop);
    if (this.chosen) this.numbered();
  }

  private clusters(stops: Stop[]): void {
    for (const cluster of clusterStops(stops, CLUSTER_PX / this.view.scale)) {
      if (cluster.stops.length === 1) this.dot(cluster.stops[0]!);
      else this.cluster(cluster);
    }
  }

  private cluster(cluster: Cluster): void {
    const at = this.visible(cluster.x, cluster.y);
    if (!at) return;
    this.ctx.save();
    if (this.chosen) this.ctx.globalAlpha = 0.8;
    drawCluster(this.ctx, this.theme, at.x, at.y, cluster.stops.length, cluster.late, cluster.atRisk);
    this.ctx.restore();
    const radius = clusterRadius(cluster.stops.length);
    this.marks.push({ selection: NOTHING, x: cluster.x, y: cluster.y, rise: 0, radius, cluster });
  }

  private dot(stop: Stop): void {
    const at = this.visible(stop.x, stop.y);
    if (!at) return;
    const done = isOutcome(stop.state);
    const route = this.scene.routes.get(stop.route_id);
    const colour = route ? routeColour(this.theme, route.colour) : this.theme.muted;
    const radius = dotRadius(this.zoom);
    const alpha = (done ? 0.35 : 1) * (this.chosen ? 0.7 : 1);
    drawStopDot(this.ctx, at.x, at.y, withAlpha(colour, alpha), radius, done ? null : this.alarm(stop));
    this.mark({ kind: "stop", id: stop.id }, stop.x, stop.y, 0, radius + 3);
  }

  private alarm(stop: Stop): string | null {
    if (stop.punctuality === "late") return this.theme.marks.late;
    return stop.punctuality === "at_risk" ? this.theme.marks.at_risk : null;
  }

  private numbered(): void {
    const stops = this.scene.stopsOf(this.chosen);
    const colour = this.scene.routes.get(this.chosen)?.colour ?? 0;
    const order = [...stops].sort((a, b) => this.stopOrder(a) - this.stopOrder(b) || b.number - a.number);
    for (const stop of order) {
      const at = this.visible(stop.x, stop.y);
      if (!at) continue;
      const isSelected = this.selection.kind === "stop" && this.selection.id === stop.id;
      drawNumberedStop(this.ctx, this.theme, at, stop.number, stopLook(this.theme, stop, colour), isSelected);
      this.mark({ kind: "stop", id: stop.id }, stop.x, stop.y, 0, 11 * at.scale);
    }
  }

  /** What is drawn last lies on top: the selected stop, then the urgent, then the open. */
  private stopOrder(stop: Stop): number {
    if (this.selection.kind === "stop" && this.selection.id === stop.id) return 4;
    if (isOutcome(stop.state)) return 0;
    return stop.punctuality === "late" ? 3 : stop.punctuality === "at_risk" ? 2 : 1;
  }

  depots(): void {
    for (const depot of this.scene.depots.values()) {
      const at = this.visible(depot.x, depot.y);
      if (!at) continue;
      const isSelected = this.selection.kind === "depot" && this.selection.id === depot.id;
      const x = this.besideClusters(at);
      drawDepot(this.ctx, this.theme, x, at.y, isSelected);
      this.mark({ kind: "depot", id: depot.id }, (x + this.view.offsetX) / this.view.scale, depot.y, 0, 9);
    }
  }

  /** Where to draw a depot from left to right, so that it hides no cluster's number. */
  private besideClusters(at: Spot): number {
    if (this.zoom >= CLUSTER_BELOW_ZOOM) return at.x;
    const { scale, offsetX, offsetY } = this.view;
    let x = at.x;
    for (const mark of this.marks) {
      if (!mark.cluster && mark.selection.kind !== "depot") continue;
      const left = mark.x * scale - offsetX;
      const room = mark.radius + 9;
      if (Math.hypot(x - left, at.y - (mark.y * scale - offsetY)) < room) x = left + room;
    }
    return x;
  }

  exceptions(): void {
    const gravestLast = [...this.scene.exceptions.values()]
      .filter((exception) => exception.vehicle_id === "")
      .sort((a, b) => this.exceptionOrder(a) - this.exceptionOrder(b));
    for (const exception of gravestLast) {
      const at = this.visible(exception.x, exception.y);
      if (!at) continue;
      const isSelected = this.selection.kind === "exception" && this.selection.id === exception.id;
      drawException(this.ctx, this.theme, at.x, at.y, exception.severity, isSelected, at.scale);
      this.mark({ kind: "exception", id: exception.id }, exception.x, exception.y, EXCEPTION_RISE * at.scale, 10 * at.scale);
    }
  }

  private exceptionOrder(exception: Exception): number {
    if (this.selection.kind === "exception" && this.selection.id === exception.id) return 1;
    return -SEVERITIES.indexOf(exception.severity);
  }

  private visible(x: number, y: number): Spot | null {
    const { scale, offsetX, offsetY } = this.view;
    const at = { x: x * scale - offsetX, y: y * scale - offsetY, scale: markScale(this.zoom) };
    const isInside = at.x > -30 && at.y > -30 && at.x < this.size.x + 30 && at.y < this.size.y + 30;
    return isInside ? at : null;
  }

  private mark(selection: Selection, x: number, y: number, rise: number, radius: number): void {
    this.marks.push({ selection, x, y, rise, radius, cluster: null });
  }
}
