/** Latitude and longitude lines for places no region pack covers. */

import type * as L from "leaflet";
import type { Config } from "./config";
import { degreeLabel, graticuleStep } from "./degrees";
import { latOfWorldY, lonOfWorldX, worldX, worldY, type ViewTransform } from "./mercator";
import { PaddedCanvas } from "./paddedCanvas";
import type { Redraws } from "./redraws";
import type { Theme } from "./theme";

export class Graticule extends PaddedCanvas {
  constructor(map: L.Map, redraws: Redraws, public theme: Theme, config: Config) {
    super(map, redraws, { pane: "graticule", zIndex: 150 });
    this.isShown = config.tiles === null;
    if (config.bounds && !config.tiles) this.hideOver(config.bounds);
  }

  /** Where a region's own map is in view the lines would only disturb. */
  private hideOver([south, west, north, east]: NonNullable<Config["bounds"]>): void {
    const adapt = (): void => {
      const isOver = this.map.getBounds().intersects([[south, west], [north, east]]);
      if (this.isShown === isOver) this.isShown = !isOver;
    };
    this.map.on("moveend", adapt);
    adapt();
  }

  protected override paint(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point): void {
    const step = graticuleStep(view.scale);
    ctx.strokeStyle = this.theme.map.graticule;
    ctx.fillStyle = this.theme.map.label_road;
    ctx.lineWidth = 1;
    ctx.font = "400 10px Inter, sans-serif";
    this.meridians(ctx, view, size, step);
    this.parallels(ctx, view, size, step);
  }

  private meridians(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, step: number): void {
    const west = lonOfWorldX(view.offsetX / view.scale);
    const east = lonOfWorldX((view.offsetX + size.x) / view.scale);
    for (let k = Math.ceil(west / step); k * step <= east; k++) {
      const x = Math.round(worldX(k * step) * view.scale - view.offsetX) + 0.5;
      strokeLine(ctx, x, 0, x, size.y);
      for (let y = size.y / 4; y < size.y; y += size.y / 2) {
        ctx.fillText(degreeLabel(k * step, step, ["E", "W"]), x + 4, y);
      }
    }
  }

  private parallels(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, step: number): void {
    const north = latOfWorldY(view.offsetY / view.scale);
    const south = latOfWorldY((view.offsetY + size.y) / view.scale);
    for (let k = Math.ceil(south / step); k * step <= north; k++) {
      const y = Math.round(worldY(k * step) * view.scale - view.offsetY) + 0.5;
      strokeLine(ctx, 0, y, size.x, y);
      for (let x = size.x / 4; x < size.x; x += size.x / 2) {
        ctx.fillText(degreeLabel(k * step, step, ["N", "S"]), x + 4, y - 4);
      }
    }
  }
}

function strokeLine(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}
