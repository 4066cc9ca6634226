/** The live vehicles: an own canvas over the map, drawn from typed arrays. */

import * as L from "leaflet";
import { inRows } from "./fan";
import type { Fleet } from "./fleet";
import { PickGrid } from "./grid";
import type { Layers } from "./layers";
import { crowdScale, markScale, vehicleLook } from "./look";
import { drawException, EXCEPTION_RISE, EXCEPTION_SPACING } from "./marks";
import type { ViewTransform } from "./mercator";
import { Raster } from "./raster";
import type { Scene } from "./scene";
import { NOTHING, routeOfSelection } from "./selection";
import { StampSheet } from "./stamps";
import { FrameMeter } from "./statistics";
import { withAlpha, type Theme } from "./theme";
import { punctualityOf, type Selection } from "./words";
import { ZoomMotion } from "./zoomMotion";

/** At rest the picture is drawn this often; panning and zooming draw every frame. */
const RESTING_FRAME_MS = 50;
const AGEING_MS = 2000;
const PICK_RADIUS_PX = 15;
const NAMES_FROM_ZOOM = 13;
/** Room between a vehicle and the foot of its exception's mark, pixels. */
const ABOVE_VEHICLE = 6;

export class VehicleLayer {
  selection: Selection = NOTHING;
  hovered = -1;
  readonly meter = new FrameMeter();
  /** Called before each drawing, once the vehicles are where they are. */
  onAdvanced: () => void = () => undefined;
  /** Called once, when the first vehicles are on screen. */
  onFirstDrawn: () => void = () => undefined;
  private readonly canvas: HTMLCanvasElement;
  private readonly ctx: CanvasRenderingContext2D;
  private readonly zoomMotion: ZoomMotion;
  private readonly grid = new PickGrid();
  private readonly sheets = new Map<number, StampSheet>();
  private raster = new Raster(1, 1);
  private screenX = new Float32Array(0);
  private screenY = new Float32Array(0);
  private isGridStale = true;
  private isDirty = true;
  private isMoving = false;
  private hasDrawn = false;
  private looping = false;
  private isQuiet = false;

  constructor(
    private readonly map: L.Map, private readonly fleet: Fleet, private readonly scene: Scene,
    private readonly layers: Layers, private theme: Theme,
  ) {
    this.canvas = L.DomUtil.create("canvas", "vehicle-canvas", map.getContainer());
    this.ctx = this.canvas.getContext("2d", { willReadFrequently: true })!;
    this.zoomMotion = new ZoomMotion(map, () => this.wake());
    // Vehicles nobody hears from grow old, and look it, though nothing else changes.
    setInterval(() => this.wake(), AGEING_MS);
    map.on("move viewreset zoomend resize", () => {
      if (!this.isQuiet) this.draw(performance.now(), true);
    });
  }

  /** Moves the map from within a drawing, without drawing once more for it. */
  quietly(move: () => void): void {
    this.isQuiet = true;
    move();
    this.isQuiet = false;
  }

  restyle(theme: Theme): void {
    this.theme = theme;
    this.sheets.clear();
    this.wake();
  }

  /** Says that something to draw changed. */
  wake(): void {
    this.isDirty = true;
    if (!this.looping) {
      this.looping = true;
      requestAnimationFrame(this.tick);
    }
  }

  /** The slot of the vehicle at a container point, or -1. */
  pick(x: number, y: number): number {
    if (!this.layers.isOn("vehicles")) return -1;
    if (this.isGridStale) {
      const size = this.map.getSize();
      this.grid.build(this.screenX, this.screenY, this.fleet.count, size.x, size.y);
      this.isGridStale = false;
    }
    return this.grid.nearest(x, y, PICK_RADIUS_PX);
  }

  /** Container point of a vehicle as last drawn. */
  screenPoint(slot: number): L.Point {
    return L.point(this.screenX[slot]!, this.screenY[slot]!);
  }

  private readonly tick = (): void => {
    const clock = performance.now();
    if (this.isDirty || this.isMoving || this.zoomMotion.isMoving) {
      this.draw(clock, this.zoomMotion.isMoving);
      if (this.zoomMotion.isMoving) requestAnimationFrame(this.tick);
      else setTimeout(() => requestAnimationFrame(this.tick), RESTING_FRAME_MS - 16);
    } else {
      this.looping = false;
    }
  };

  private draw(clock: number, isContinuous: boolean): void {
    this.isMoving = this.fleet.advance(clock);
    this.isDirty = false;
    this.onAdvanced();
    this.fitCanvas();
    this.project(this.zoomMotion.view(clock));
    this.raster.clear();
    if (this.layers.isOn("vehicles")) this.stampAll(clock);
    this.ctx.setTransform(1, 0, 0, 1, 0, 0);
    this.ctx.putImageData(this.raster.image, 0, 0);
    this.decorate();
    this.meter.note(clock, performance.now() - clock, isContinuous);
    if (this.isMoving) this.keepLooping();
    this.noteFirst();
  }

  private keepLooping(): void {
    if (this.looping) return;
    this.looping = true;
    requestAnimationFrame(this.tick);
  }

  private noteFirst(): void {
    if (this.hasDrawn || this.fleet.count === 0) return;
    this.hasDrawn = true;
    requestAnimationFrame(() => this.onFirstDrawn());
  }

  private fitCanvas(): void {
    const ratio = window.devicePixelRatio;
    const size = this.map.getSize();
    const width = Math.max(1, Math.round(size.x * ratio));
    const height = Math.max(1, Math.round(size.y * ratio));
    if (this.raster.width === width && this.raster.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.canvas.style.width = `${size.x}px`;
    this.canvas.style.height = `${size.y}px`;
    this.raster = new Raster(width, height);
  }

  private project(view: ViewTransform): void {
    const { fleet } = this;
    if (this.screenX.length < fleet.count) {
      this.screenX = new Float32Array(fleet.capacity);
      this.screenY = new Float32Array(fleet.capacity);
    }
    for (let i = 0; i < fleet.count; i++) {
      this.screenX[i] = fleet.x[i]! * view.scale - view.offsetX;
      this.screenY[i] = fleet.y[i]! * view.scale - view.offsetY;
    }
    this.isGridStale = true;
  }

  private stampAll(clock: number): void {
    const { fleet, raster } = this;
    const stamps = this.sheet();
    const ratio = window.devicePixelRatio;
    const chosen = this.selectedSlot();
    for (let i = 0; i < fleet.count; i++) if (i !== chosen) this.stampOne(stamps, raster, i, clock, ratio);
    if (chosen >= 0) this.stampOne(stamps, raster, chosen, clock, ratio);
  }

  private sheet(): StampSheet {
    const scale = markScale(this.map.getZoom()) * crowdScale(this.countInView());
    const ratio = window.devicePixelRatio * scale;
    let sheet = this.sheets.get(ratio);
    if (!sheet) this.sheets.set(ratio, (sheet = new StampSheet(this.theme, ratio)));
    return sheet;
  }

  private countInView(): number {
    const { x: width, y: height } = this.map.getSize();
    let count = 0;
    for (let i = 0; i < this.fleet.count; i++) {
      const x = this.screenX[i]!;
      const y = this.screenY[i]!;
      if (x >= 0 && y >= 0 && x < width && y < height) count += 1;
    }
    return count;
  }

  private stampOne(stamps: StampSheet, raster: Raster, i: number, clock: number, ratio: number): void {
    const x = this.screenX[i]! * ratio;
    const y = this.screenY[i]! * ratio;
    if (x < -40 || y < -40 || x > raster.width + 40 || y > raster.height + 40) return;
    const { fleet } = this;
    const look = vehicleLook(punctualityOf(fleet.punctuality[i]!), fleet.ageS(i, clock));
    raster.stamp(stamps.get(fleet.kind[i]!, look, fleet.heading[i]!), x, y);
  }

  private selectedSlot(): number {
    return this.selection.kind === "vehicle" ? this.slotOf(this.selection.id) : -1;
  }

  /** The vehicle of the selected route, or of the route of what is selected. */
  private routeSlot(): number {
    return this.slotOf(this.scene.routes.get(routeOfSelection(this.scene, this.selection))?.vehicle_id ?? "");
  }

  private decorate(): void {
    const ratio = window.devicePixelRatio;
    this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (!this.layers.isOn("vehicles")) return;
    if (this.layers.isOn("vehicle_names") && this.map.getZoom() >= NAMES_FROM_ZOOM) this.drawNames();
    const chosen = this.selectedSlot();
    if (chosen >= 0) this.drawRing(chosen, this.theme.accent);
    if (chosen < 0 && this.routeSlot() >= 0) this.drawRing(this.routeSlot(), this.theme.accent);
    if (this.hovered >= 0 && this.hovered !== chosen) this.drawRing(this.hovered, this.theme.muted);
    if (this.layers.isOn("exceptions")) this.drawExceptions();
  }

  private drawRing(slot: number, colour: string): void {
    const { ctx } = this;
    ctx.beginPath();
    ctx.arc(this.screenX[slot]!, this.screenY[slot]!, 17 * markScale(this.map.getZoom()), 0, 2 * Math.PI);
    ctx.lineWidth = 2;
    ctx.strokeStyle = colour;
    ctx.stroke();
    ctx.lineWidth = 5;
    ctx.strokeStyle = withAlpha(colour, 0.25);
    ctx.stroke();
  }

  private drawNames(): void {
    const { ctx, theme } = this;
    const chosen = this.selectedSlot();
    const size = this.map.getSize();
    ctx.font = "500 10.5px Inter, sans-serif";
    ctx.lineJoin = "round";
    ctx.lineWidth = 3;
    ctx.strokeStyle = theme.map.label_halo;
    ctx.fillStyle = theme.map.label_strong;
    for (let i = 0; i < this.fleet.count; i++) {
      const x = this.screenX[i]!;
      const y = this.screenY[i]!;
      const name = this.scene.names.get(this.fleet.handle[i]!);
      if (!name || x < -80 || y < -20 || x > size.x || y > size.y + 20) continue;
      const left = x + (i === chosen || i === this.hovered ? 22 : 14);
      ctx.strokeText(name.label, left, y + 4);
      ctx.fillText(name.label, left, y + 4);
    }
  }

  /** Exceptions that travel with a vehicle, each with where it was drawn. */
  vehicleExceptions(): { id: string; x: number; y: number }[] {
    const travelling = [...this.scene.exceptions.values()].filter((exception) => this.slotOf(exception.vehicle_id) >= 0);
    const step = EXCEPTION_SPACING * markScale(this.map.getZoom());
    return inRows(travelling, (exception) => exception.vehicle_id).map(({ mark, sideways }) => {
      const slot = this.slotOf(mark.vehicle_id);
      return { id: mark.id, x: this.screenX[slot]! + sideways * step, y: this.screenY[slot]! - this.exceptionRise() };
    });
  }

  private slotOf(vehicleId: string): number {
    const handle = vehicleId ? this.scene.handleOf(vehicleId) : undefined;
    return handle === undefined ? -1 : this.fleet.slotOf(handle);
  }

  private exceptionRise(): number {
    return (EXCEPTION_RISE + ABOVE_VEHICLE) * markScale(this.map.getZoom());
  }

  private drawExceptions(): void {
    const scale = markScale(this.map.getZoom());
    for (const { id, x, y } of this.vehicleExceptions()) {
      const exception = this.scene.exceptions.get(id)!;
      const isSelected = this.selection.kind === "exception" && this.selection.id === id;
      drawException(this.ctx, this.theme, x, y + EXCEPTION_RISE * scale, exception.severity, isSelected, scale);
    }
  }
}
