/** The lines of the routes, and over them the names of the map. */

import type * as L from "leaflet";
import type { Draft } from "./draft";
import type { Layers } from "./layers";
import type { ViewTransform } from "./mercator";
import type { Names } from "./names";
import { PaddedCanvas } from "./paddedCanvas";
import type { Redraws } from "./redraws";
import { tracePolyline } from "./polyline";
import type { Route, Scene } from "./scene";
import { boxOfView, MOST_ROUTES, routesToDraw } from "./routesToDraw";
import { NOTHING, routeOfSelection } from "./selection";
import { stretch } from "./shape";
import { routeColour, withAlpha, type Theme } from "./theme";
import type { Selection } from "./words";

export class RouteLayer extends PaddedCanvas {
  selection: Selection = NOTHING;
  names: Names | null = null;
  /** The routes whose lines are on the map as last drawn, those on top last. */
  drawn: readonly Route[] = [];
  /** Called after each drawing with how many lines are drawn, and how many in view are not. */
  onDrawn: (drawn: number, left: number) => void = () => undefined;

  constructor(
    map: L.Map, redraws: Redraws, private readonly scene: Scene, private readonly draft: Draft, private readonly layers: Layers, public theme: Theme,
  ) {
    super(map, redraws, { pane: "routes", zIndex: 420, context: { willReadFrequently: true } });
  }

  /** The routes a stop can be dragged onto: all, or where there are too many those whose lines are seen. */
  get offered(): readonly Route[] {
    return this.scene.routes.size <= MOST_ROUTES ? [...this.scene.routes.values()] : this.drawn;
  }

  protected override paint(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, zoom: number): void {
    for (const _ of this.paintInSteps(ctx, view, size, zoom));
  }

  /** A route with each step, then the names. */
  protected override *paintInSteps(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, zoom: number): Generator<void, void> {
    if (this.layers.isOn("routes")) yield* this.routes(ctx, view, size, zoom);
    else this.onDrawn(0, 0);
    if (this.layers.isOn("map_labels")) this.names?.draw(ctx, view, size.x, size.y, zoom);
  }

  /** Whether the line of a route is not the one it would be driven along. */
  private isPast(route: Route): boolean {
    return route.is_outdated || this.draft.route(route.id) !== undefined;
  }

  private *routes(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, zoom: number): Generator<void, void> {
    const chosen = this.scene.routes.get(routeOfSelection(this.scene, this.selection));
    const { routes, left } = routesToDraw(this.scene.routes.values(), boxOfView(view, size), (route) => route === chosen || this.isPast(route));
    this.restExcept(routes);
    const pen = new Pen(ctx, view, size, zoom, this.theme, routes.length);
    for (const route of routes) if (route !== chosen && !this.isPast(route)) yield pen.thin(route, chosen !== undefined);
    for (const route of routes) if (this.isPast(route)) yield pen.past(route, route === chosen);
    if (chosen && !this.isPast(chosen)) pen.bold(chosen);
    this.onDrawn(routes.length, left);
  }

  /** Lets go of what was worked out for lines that are not drawn any more. */
  private restExcept(routes: readonly Route[]): void {
    const before = this.drawn;
    this.drawn = routes;
    if (this.scene.routes.size <= MOST_ROUTES) return;
    const kept = new Set(routes.map((route) => route.line));
    for (const { line } of before) if (!kept.has(line)) line?.rest();
  }
}

/** With more lines than this, wider ones would only cover each other. */
const MOST_WIDE = 100;

/** Far out, and where there are very many, lines are one pixel wide: drawn ten times as fast as anything wider. */
function thinWidth(zoom: number, lines: number): number {
  return zoom < 12.5 || lines > MOST_WIDE ? 1 : Math.min(3, 1.6 + (zoom - 12.5) * 0.35);
}

class Pen {
  constructor(
    private readonly ctx: CanvasRenderingContext2D, private readonly view: ViewTransform, private readonly size: L.Point,
    private readonly zoom: number, private readonly theme: Theme, private readonly lines: number,
  ) {
    // Nobody sees the joins of thin lines, and round ones take longer to draw.
    ctx.lineJoin = "bevel";
    ctx.lineCap = "butt";
  }

  /** A route that is not selected, in its own lane; faint where it is driven or serves nobody. */
  thin(route: Route, isDimmed: boolean): void {
    if (!route.line) return;
    const shape = route.line.inLane(this.zoom);
    const colour = routeColour(this.theme, route.colour);
    const dim = isDimmed ? 0.5 : 1;
    const width = thinWidth(this.zoom, this.lines);
    const next = Math.max(route.done_fraction, route.works_from);
    this.line(stretch(shape, 0, next), withAlpha(colour, 0.25 * dim), width);
    this.line(stretch(shape, next, route.works_to), withAlpha(colour, 0.85 * dim), width);
    this.line(stretch(shape, Math.max(next, route.works_to), 1), withAlpha(colour, 0.25 * dim), width);
  }

  /** The selected route, in the middle of the road and over all others. */
  bold(route: Route): void {
    if (!route.line) return;
    const shape = route.line.onRoad(this.zoom);
    const colour = routeColour(this.theme, route.colour);
    this.line(shape.points, this.theme.map.route_casing, 7.5);
    this.line(stretch(shape, 0, route.done_fraction), withAlpha(colour, 0.42), 3);
    this.line(stretch(shape, route.done_fraction, route.works_to), colour, 4.5);
    this.line(stretch(shape, Math.max(route.done_fraction, route.works_to), 1), withAlpha(colour, 0.6), 3);
  }

  /** The line a route would no longer be driven along: in sight, for comparison. */
  past(route: Route, isChosen: boolean): void {
    if (!route.line) return;
    const shape = isChosen ? route.line.onRoad(this.zoom) : route.line.inLane(this.zoom);
    const colour = routeColour(this.theme, route.colour);
    this.line(stretch(shape, 0, route.done_fraction), withAlpha(colour, 0.2), 2);
    this.line(stretch(shape, route.done_fraction, 1), withAlpha(colour, 0.42), 3.5);
  }

  private line(points: Float64Array, colour: string, width: number): void {
    if (points.length === 0) return;
    this.ctx.beginPath();
    tracePolyline(this.ctx, points, this.view, this.size.x, this.size.y);
    this.ctx.strokeStyle = colour;
    this.ctx.lineWidth = width;
    this.ctx.stroke();
  }
}
