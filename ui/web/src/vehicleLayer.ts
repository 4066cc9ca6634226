/** The live vehicles: a canvas of their own, drawn from typed arrays and slid along with the map. */

import * as L from "leaflet";
import type { Aside } from "./fan";
import type { Fleet } from "./fleet";
import { PickGrid } from "./grid";
import type { Layers } from "./layers";
import { isCrowd, markScale, standingCode, vehicleLook, vehicleScale } from "./look";
import type { ViewTransform } from "./mercator";
import { Pace } from "./pace";
import { PaddedCanvas } from "./paddedCanvas";
import { Raster } from "./raster";
import type { Redraws } from "./redraws";
import type { Scene } from "./scene";
import { NOTHING } from "./selection";
import { StampSheet } from "./stamps";
import type { Box } from "./stopColumns";
import type { Theme } from "./theme";
import { topAt, type DrawnFleet, type TopMark } from "./topMarks";
import { VehicleCrowds } from "./vehicleCrowds";
import { VehicleMarks } from "./vehicleMarks";
import { PUNCTUALITY, punctualityOf, type Punctuality, type Selection } from "./words";

/** Vehicles move on the canvas this often; the map itself slides with every frame. */
const STEP_MS = 50;
/** The same for a crowd on a map that is dragged: nobody sees them creep until they are heard of again. */
const CROWD_DRAGGED_MS = 150;
/** What was just heard is shown at the next frame, but not sooner than this after the last drawing. */
const FRESH_MS = 33;
const AGEING_MS = 2000;
const PICK_RADIUS_PX = 15;
/** A pointer this near to the middle of a vehicle of full size is on it, pixels. */
const BODY_PX = 7;
/** Vehicles this far outside of the canvas may still reach into it, device pixels. */
const STAMP_REACH = 40;
/** What is drawn over what, the last over all: those a dispatcher looks for. */
const RANKS: Readonly<Record<Punctuality, number>> = { idle: 0, done: 0, on_time: 1, no_signal: 2, at_risk: 3, late: 4 };
const RANK_OF_CODE = Uint8Array.from(PUNCTUALITY, (status) => RANKS[status]);
/** The selected, the followed, the one pointed at, and those with a critical exception. */
const SINGLED_OUT = 5;
const SMALLEST_SINGLED_OUT = 0.75;

export class VehicleLayer extends PaddedCanvas {
  selection: Selection = NOTHING;
  /** Id of the vehicle kept in the middle, or empty. */
  followed = "";
  hovered = -1;
  /** Called before each drawing, once the vehicles are where they are. */
  onAdvanced: () => void = () => undefined;
  /** Called after each drawing with the time it took, milliseconds. */
  onDrawn: (tookMs: number) => void = () => undefined;
  /** How far from its door a stop is drawn. */
  asideOf: (stopId: string) => Aside | undefined = () => undefined;
  private readonly marks = new VehicleMarks();
  private readonly crowds = new VehicleCrowds();
  private readonly grid = new PickGrid();
  private readonly sheets = new Map<number, StampSheet>();
  private raster = new Raster(1, 1);
  private x = new Float32Array(0);
  private y = new Float32Array(0);
  private ranks = new Uint8Array(0);
  /** Codes of how the vehicles stand, as they are drawn: one not heard of for long is silent. */
  private standing = new Uint8Array(0);
  private view: ViewTransform = { scale: 1, offsetX: 0, offsetY: 0 };
  private isCrowded = false;
  private isGridStale = true;
  private isMoving = false;
  private readonly pace: Pace;

  constructor(
    map: L.Map, redraws: Redraws, private readonly fleet: Fleet, private readonly scene: Scene,
    private readonly layers: Layers, private theme: Theme,
  ) {
    super(map, redraws, { pane: "vehicles", zIndex: 500, padding: 0.08, context: { willReadFrequently: true } });
    this.pace = new Pace(redraws, () => this.step());
    // Vehicles nobody hears from grow old, and look it, though nothing else changes.
    setInterval(() => this.wake(), AGEING_MS);
  }

  restyle(theme: Theme): void {
    this.theme = theme;
    this.sheets.clear();
    this.wake();
  }

  /** Says that something to draw changed; fixes just heard of do not wait for the next step. */
  wake(isFresh = false): void {
    const stepMs = this.isCrowded && this.redraws.isMoving ? CROWD_DRAGGED_MS : STEP_MS;
    this.pace.ask(isFresh ? FRESH_MS : stepMs);
  }

  /** The slot of the vehicle at a container point, or -1; of several the one drawn on top. */
  pick(x: number, y: number): number {
    if (!this.layers.isOn("vehicles")) return -1;
    this.settle();
    if (this.isGridStale) {
      const { x: width, y: height } = this.drawnSize;
      this.grid.build(this.x, this.y, this.fleet.count, width, height, this.crowds.crowdOf);
      this.isGridStale = false;
    }
    const at = this.shift();
    const body = BODY_PX * markScale(this.map.getZoom());
    return this.grid.under(x + at.x, y + at.y, body, PICK_RADIUS_PX, this.ranks);
  }

  /** The exception, or several of them, at a container point, at the point it is drawn at. */
  pickTop(x: number, y: number): TopMark | null {
    this.settle();
    const at = this.shift();
    const found = topAt(this.marks.top, x + at.x, y + at.y);
    return found ? { ...found, x: found.x - at.x, y: found.y - at.y } : null;
  }

  /** Has the next pick index anew where the vehicles are, as the first after a drawing does. */
  forgetPlaces(): void {
    this.isGridStale = true;
  }

  /** Container point of a vehicle as last drawn. */
  screenPoint(slot: number): L.Point {
    this.settle();
    return L.point(this.x[slot]!, this.y[slot]!).subtract(this.shift());
  }

  private step(): void {
    this.isMoving = this.fleet.advance(performance.now(), this.surroundings());
    this.onAdvanced();
    this.redraw();
    if (this.isMoving) this.wake();
  }

  /** The part of the world that is drawn now, and may be before the next drawing. */
  private surroundings(): Box {
    const { x: width, y: height } = this.map.getSize();
    const origin = this.map.getPixelOrigin().add(this.map.containerPointToLayerPoint([0, 0]));
    const scale = 256 * 2 ** this.map.getZoom();
    return {
      minX: (origin.x - width / 2) / scale, minY: (origin.y - height / 2) / scale,
      maxX: (origin.x + 1.5 * width) / scale, maxY: (origin.y + 1.5 * height) / scale,
    };
  }

  protected override paint(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, zoom: number): void {
    const begun = performance.now();
    this.view = view;
    this.project();
    this.fitRaster(ctx.canvas);
    if (this.layers.isOn("vehicles")) this.stampAll(begun, size, zoom);
    ctx.putImageData(this.raster.image, 0, 0);
    const { theme, layers, hovered, asideOf } = this;
    this.marks.draw(ctx, this.drawnFleet(), { theme, zoom, size, layers, hovered, asideOf });
    const tookMs = performance.now() - begun;
    this.pace.noteDrawn(tookMs);
    this.onDrawn(tookMs);
  }

  private drawnFleet(): DrawnFleet {
    return { fleet: this.fleet, scene: this.scene, selection: this.selection, x: this.x, y: this.y, view: this.view, crowds: this.crowds };
  }

  private fitRaster({ width, height }: HTMLCanvasElement): void {
    if (this.raster.width === width && this.raster.height === height) this.raster.clear();
    else this.raster = new Raster(width, height);
  }

  private project(): void {
    const { fleet, view } = this;
    if (this.x.length < fleet.count) {
      this.x = new Float32Array(fleet.capacity);
      this.y = new Float32Array(fleet.capacity);
      this.ranks = new Uint8Array(fleet.capacity);
      this.standing = new Uint8Array(fleet.capacity);
    }
    for (let i = 0; i < fleet.count; i++) {
      this.x[i] = fleet.x[i]! * view.scale - view.offsetX;
      this.y[i] = fleet.y[i]! * view.scale - view.offsetY;
    }
    this.isGridStale = true;
  }

  private stampAll(clock: number, size: L.Point, zoom: number): void {
    const inView = this.countWithin(size);
    this.isCrowded = isCrowd(inView, this.isCrowded);
    this.rank(clock);
    const alone = inView - this.gather(size);
    const ratio = window.devicePixelRatio;
    const scale = vehicleScale(zoom, alone);
    this.stampArrows(this.sheet(ratio * scale), clock, ratio);
    const large = this.sheet(ratio * Math.max(SMALLEST_SINGLED_OUT, scale));
    for (let i = 0; i < this.fleet.count; i++) if (this.ranks[i] === SINGLED_OUT) this.stampArrow(large, i, clock, ratio);
  }

  /** Finds the crowds, if there are many vehicles in view, and says how many vehicles are in them. */
  private gather(size: L.Point): number {
    const { crowds, x, y, standing, ranks } = this;
    if (this.isCrowded) crowds.gather({ count: this.fleet.count, x, y, standing, ranks, singledOut: SINGLED_OUT }, this.view, size.x, size.y);
    else crowds.scatter(this.fleet.count);
    return crowds.crowds.reduce((sum, crowd) => sum + crowd.vehicles, 0);
  }

  /** Notes for each vehicle which others it is drawn over. */
  private rank(clock: number): void {
    const { fleet, ranks, standing } = this;
    for (let i = 0; i < fleet.count; i++) {
      standing[i] = standingCode(fleet.punctuality[i]!, fleet.ageS(i, clock));
      ranks[i] = RANK_OF_CODE[standing[i]!]!;
    }
    const ids = [...this.scene.troubles.criticalVehicles, this.followed, this.selection.kind === "vehicle" ? this.selection.id : ""];
    for (const id of ids) {
      const slot = fleet.slotOf(this.scene.handleOf(id) ?? -1);
      if (slot >= 0) ranks[slot] = SINGLED_OUT;
    }
    if (this.hovered >= 0 && this.hovered < fleet.count) ranks[this.hovered] = SINGLED_OUT;
  }

  /** The graver a vehicle stands, the later it is drawn, so that no other hides it. */
  private stampArrows(stamps: StampSheet, clock: number, ratio: number): void {
    const { fleet: { count }, ranks, crowds: { crowdOf } } = this;
    for (let rank = 0; rank < SINGLED_OUT; rank++) {
      for (let i = 0; i < count; i++) if (ranks[i] === rank && crowdOf[i]! < 0) this.stampArrow(stamps, i, clock, ratio);
    }
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

  private stampArrow(stamps: StampSheet, i: number, clock: number, ratio: number): void {
    const { fleet } = this;
    if (!this.reaches(i, ratio)) return;
    const look = vehicleLook(punctualityOf(fleet.punctuality[i]!), fleet.ageS(i, clock));
    this.raster.stamp(stamps.get(fleet.kind[i]!, look, fleet.heading[i]!), this.x[i]! * ratio, this.y[i]! * ratio);
  }

  private reaches(i: number, ratio: number): boolean {
    const x = this.x[i]! * ratio;
    const y = this.y[i]! * ratio;
    return x >= -STAMP_REACH && y >= -STAMP_REACH && x <= this.raster.width + STAMP_REACH && y <= this.raster.height + STAMP_REACH;
  }
}
