/** The live vehicles: a canvas of their own, drawn from typed arrays and slid along with the map. */

import * as L from "leaflet";
import type { Fleet } from "./fleet";
import { PickGrid } from "./grid";
import type { Layers } from "./layers";
import { markScale, vehicleLook, vehicleScale } from "./look";
import type { ViewTransform } from "./mercator";
import { PaddedCanvas } from "./paddedCanvas";
import { Raster } from "./raster";
import type { Redraws } from "./redraws";
import type { Scene } from "./scene";
import { NOTHING } from "./selection";
import { StampSheet } from "./stamps";
import type { Theme } from "./theme";
import { drawVehicleMarks, vehicleExceptions, type DrawnFleet, type VehicleException } from "./vehicleMarks";
import { punctualityOf, type Selection } from "./words";

/** Vehicles move on the canvas this often; the map itself slides with every frame. */
const FRAME_MS = 50;
/** Drawing them takes at most this part of the time, however many there are. */
const SHARE_OF_TIME = 0.2;
const AGEING_MS = 2000;
const PICK_RADIUS_PX = 15;
/** Vehicles this far outside of the canvas may still reach into it, device pixels. */
const STAMP_REACH = 40;

export class VehicleLayer extends PaddedCanvas {
  selection: Selection = NOTHING;
  hovered = -1;
  /** Called before each drawing, once the vehicles are where they are. */
  onAdvanced: () => void = () => undefined;
  /** Called after each drawing with the time it took, milliseconds. */
  onDrawn: (tookMs: number) => void = () => undefined;
  private readonly grid = new PickGrid();
  private readonly sheets = new Map<number, StampSheet>();
  private raster = new Raster(1, 1);
  private x = new Float32Array(0);
  private y = new Float32Array(0);
  private isGridStale = true;
  private isMoving = false;
  private isScheduled = false;
  private drawnAt = 0;
  private tookMs = 0;

  constructor(
    map: L.Map, redraws: Redraws, private readonly fleet: Fleet, private readonly scene: Scene,
    private readonly layers: Layers, private theme: Theme,
  ) {
    super(map, redraws, { pane: "vehicles", zIndex: 500, padding: 0.12, context: { willReadFrequently: true } });
    // Vehicles nobody hears from grow old, and look it, though nothing else changes.
    setInterval(() => this.wake(), AGEING_MS);
  }

  restyle(theme: Theme): void {
    this.theme = theme;
    this.sheets.clear();
    this.wake();
  }

  /** Says that something to draw changed. */
  wake(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    const pause = Math.max(FRAME_MS, this.tookMs / SHARE_OF_TIME);
    setTimeout(() => requestAnimationFrame(this.tick), this.drawnAt + pause - performance.now() - 16);
  }

  /** The slot of the vehicle at a container point, or -1. */
  pick(x: number, y: number): number {
    if (!this.layers.isOn("vehicles")) return -1;
    if (this.isGridStale) {
      const { x: width, y: height } = this.drawnSize;
      this.grid.build(this.x, this.y, this.fleet.count, width, height);
      this.isGridStale = false;
    }
    const at = this.shift();
    return this.grid.nearest(x + at.x, y + at.y, PICK_RADIUS_PX);
  }

  /** Container point of a vehicle as last drawn. */
  screenPoint(slot: number): L.Point {
    return L.point(this.x[slot]!, this.y[slot]!).subtract(this.shift());
  }

  /** The exceptions that travel with vehicles, at container points as last drawn. */
  exceptions(): VehicleException[] {
    if (!this.layers.isOn("vehicles") || !this.layers.isOn("exceptions")) return [];
    const at = this.shift();
    return vehicleExceptions(this.drawnFleet(), markScale(this.map.getZoom()))
      .map((mark) => ({ ...mark, x: mark.x - at.x, y: mark.y - at.y }));
  }

  private readonly tick = (): void => {
    this.isScheduled = false;
    this.isMoving = this.fleet.advance(performance.now());
    this.onAdvanced();
    this.redraw();
    if (this.isMoving) this.wake();
  };

  protected override paint(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, zoom: number): void {
    const begun = performance.now();
    this.project(view);
    this.fitRaster(ctx.canvas);
    if (this.layers.isOn("vehicles")) this.stampAll(begun, size, zoom);
    ctx.putImageData(this.raster.image, 0, 0);
    if (this.layers.isOn("vehicles")) {
      drawVehicleMarks(ctx, this.drawnFleet(), { theme: this.theme, zoom, size, layers: this.layers, hovered: this.hovered });
    }
    this.drawnAt = performance.now();
    this.tookMs = this.drawnAt - begun;
    this.onDrawn(this.tookMs);
  }

  private drawnFleet(): DrawnFleet {
    return { fleet: this.fleet, scene: this.scene, selection: this.selection, x: this.x, y: this.y };
  }

  private fitRaster({ width, height }: HTMLCanvasElement): void {
    if (this.raster.width === width && this.raster.height === height) this.raster.clear();
    else this.raster = new Raster(width, height);
  }

  private project(view: ViewTransform): void {
    const { fleet } = this;
    if (this.x.length < fleet.count) {
      this.x = new Float32Array(fleet.capacity);
      this.y = new Float32Array(fleet.capacity);
    }
    for (let i = 0; i < fleet.count; i++) {
      this.x[i] = fleet.x[i]! * view.scale - view.offsetX;
      this.y[i] = fleet.y[i]! * view.scale - view.offsetY;
    }
    this.isGridStale = true;
  }

  private stampAll(clock: number, size: L.Point, zoom: number): void {
    const ratio = window.devicePixelRatio;
    const stamps = this.sheet(ratio * vehicleScale(zoom, this.countWithin(size)));
    const chosen = this.selection.kind === "vehicle" ? this.fleet.slotOf(this.scene.handleOf(this.selection.id) ?? -1) : -1;
    for (let i = 0; i < this.fleet.count; i++) if (i !== chosen) this.stampOne(stamps, i, clock, ratio);
    if (chosen >= 0) this.stampOne(stamps, chosen, clock, ratio);
  }

  private sheet(ratio: number): StampSheet {
    let sheet = this.sheets.get(ratio);
    if (!sheet) this.sheets.set(ratio, (sheet = new StampSheet(this.theme, ratio)));
    return sheet;
  }

  private countWithin({ x: width, y: height }: L.Point): number {
    let count = 0;
    for (let i = 0; i < this.fleet.count; i++) {
      const x = this.x[i]!;
      const y = this.y[i]!;
      if (x >= 0 && y >= 0 && x < width && y < height) count += 1;
    }
    return count;
  }

  private stampOne(stamps: StampSheet, i: number, clock: number, ratio: number): void {
    const { fleet, raster } = this;
    const x = this.x[i]! * ratio;
    const y = this.y[i]! * ratio;
    if (x < -STAMP_REACH || y < -STAMP_REACH || x > raster.width + STAMP_REACH || y > raster.height + STAMP_REACH) return;
    const look = vehicleLook(punctualityOf(fleet.punctuality[i]!), fleet.ageS(i, clock));
    raster.stamp(stamps.get(fleet.kind[i]!, look, fleet.heading[i]!), x, y);
  }
}
