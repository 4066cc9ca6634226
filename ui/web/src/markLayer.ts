/** Stops, depots and exceptions, above the names of the map and under the vehicles. */

import type * as L from "leaflet";
import type { Draft } from "./draft";
import type { Layers } from "./layers";
import { MarkDrawing, type Mark } from "./markDrawing";
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

  constructor(
    map: L.Map, redraws: Redraws, private readonly scene: Scene, private readonly draft: Draft, private readonly layers: Layers, public theme: Theme,
  ) {
    super(map, redraws, { pane: "marks", zIndex: 440 });
  }

  protected override paint(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, zoom: number): void {
    const drawing = new MarkDrawing({ ctx, view, size, zoom, scene: this.scene, draft: this.draft, theme: this.theme, selection: this.selection });
    if (this.layers.isOn("stops")) drawing.stops();
    drawing.depots();
    if (this.layers.isOn("exceptions")) drawing.exceptions();
    this.marks = drawing.marks;
  }
}
