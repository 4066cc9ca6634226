/** The draft on the map: new orders as dashed ways, and where a carried stop would be put in. */

import type * as L from "leaflet";
import type { Draft } from "./draft";
import type { Layers } from "./layers";
import type { Leg, Legs, Place } from "./legs";
import { drawInsertion, drawNeighbour } from "./marks";
import type { ViewTransform } from "./mercator";
import { PaddedCanvas } from "./paddedCanvas";
import { tracePolyline } from "./polyline";
import type { Redraws } from "./redraws";
import type { Route, Scene } from "./scene";
import { routeColour, withAlpha, type Theme } from "./theme";

const DASHES = [7, 5];

export class DraftLayer extends PaddedCanvas {
  /** Where what is carried would be put in. */
  place: Place | null = null;

  constructor(
    map: L.Map, redraws: Redraws, private readonly scene: Scene, private readonly draft: Draft, private readonly legs: Legs,
    private readonly layers: Layers, public theme: Theme,
  ) {
    super(map, redraws, { pane: "draft", zIndex: 430 });
  }

  protected override get isEmpty(): boolean {
    return !this.place && this.drafted().length === 0;
  }

  protected override paint(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point): void {
    const sheet = { ctx, view, size };
    if (this.layers.isOn("routes")) for (const route of this.drafted()) this.way(sheet, route);
    if (this.place) this.insertion(sheet, this.place);
  }

  /** The routes whose line along the roads is not that of their order. */
  private drafted(): Route[] {
    return [...this.scene.routes.values()].filter((route) => route.is_outdated || this.draft.route(route.id));
  }

  private way({ ctx, view, size }: Sheet, route: Route): void {
    const colour = routeColour(this.theme, route.colour);
    ctx.save();
    ctx.lineCap = "butt";
    for (const leg of this.legs.drafted(route)) {
      ctx.setLineDash([]);
      this.stroke({ ctx, view, size }, leg, withAlpha(this.theme.map.route_casing, 0.7), 5);
      ctx.setLineDash(DASHES);
      this.stroke({ ctx, view, size }, leg, withAlpha(colour, leg.before ? 1 : 0.5), leg.before ? 2.6 : 1.8);
    }
    ctx.restore();
  }

  private insertion(sheet: Sheet, { leg, foot }: Place): void {
    const { ctx, view } = sheet;
    const colour = routeColour(this.theme, this.scene.routes.get(leg.routeId)?.colour ?? 0);
    ctx.save();
    ctx.lineJoin = ctx.lineCap = "round";
    this.stroke(sheet, leg, withAlpha(colour, 0.38), 13);
    this.stroke(sheet, leg, colour, 4);
    for (const id of [leg.after, leg.before]) {
      const stop = this.draft.find(this.scene, id);
      if (stop) drawNeighbour(ctx, stop.x * view.scale - view.offsetX, stop.y * view.scale - view.offsetY, this.theme.accent);
    }
    drawInsertion(ctx, this.theme, foot.x * view.scale - view.offsetX, foot.y * view.scale - view.offsetY, colour);
    ctx.restore();
  }

  private stroke({ ctx, view, size }: Sheet, leg: Leg, colour: string, width: number): void {
    ctx.beginPath();
    tracePolyline(ctx, leg.points, view, size.x, size.y);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}

interface Sheet {
  readonly ctx: CanvasRenderingContext2D;
  readonly view: ViewTransform;
  readonly size: L.Point;
}
