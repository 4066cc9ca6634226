/** Stops, depots and exceptions, above the names of the map and under the vehicles. */

import * as L from "leaflet";
import type { Draft } from "./draft";
import type { Aside } from "./fan";
import type { Layers } from "./layers";
import { MarkDrawing, type Mark } from "./markDrawing";
import { MarkGrid, type PlacedMark } from "./markGrid";
import type { ViewTransform } from "./mercator";
import { PaddedCanvas } from "./paddedCanvas";
import type { Redraws } from "./redraws";
import type { Scene } from "./scene";
import { NOTHING } from "./selection";
import type { Theme } from "./theme";
import type { Selection } from "./words";

export class MarkLayer extends PaddedCanvas {
  selection: Selection = NOTHING;
  /** What can be picked as last drawn, topmost last. */
  marks: readonly Mark[] = [];
  /** How far from its door each stop that shares it is drawn. */
  asides: ReadonlyMap<string, Aside> = new Map();
  private readonly grid = new MarkGrid();

  constructor(
    map: L.Map, redraws: Redraws, private readonly scene: Scene, private readonly draft: Draft, private readonly layers: Layers, public theme: Theme,
  ) {
    super(map, redraws, { pane: "marks", zIndex: 440 });
  }

  /** Container point of a mark as last drawn. */
  screenPoint(mark: Mark): L.Point {
    this.settle();
    const { x, y } = this.grid.placeOf(mark);
    return L.point(x, y).subtract(this.shift());
  }

  /** The topmost mark at a container point, as last drawn. */
  pick(x: number, y: number): PlacedMark | null {
    this.settle();
    const at = this.shift();
    const found = this.grid.topmost(x + at.x, y + at.y);
    return found && { mark: found.mark, x: found.x - at.x, y: found.y - at.y };
  }

  protected override paint(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, zoom: number): void {
    const drawing = new MarkDrawing({ ctx, view, size, zoom, scene: this.scene, draft: this.draft, theme: this.theme, selection: this.selection });
    drawing.stops(this.layers.isOn("stops"), this.layers.isOn("exceptions"));
    drawing.depots();
    drawing.exceptions();
    this.asides = drawing.asides;
    this.marks = drawing.marks;
    this.grid.build(this.marks, view);
  }
}
