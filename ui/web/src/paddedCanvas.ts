/** A canvas somewhat larger than the map, which panning merely slides and a zoom stretches. */

import * as L from "leaflet";
import type { ViewTransform } from "./mercator";
import type { Redrawn, Redraws } from "./redraws";
import { fitSurface, Surface } from "./surface";

/** With less than this part of the padding left a redraw is asked for, before it is needed. */
const RUNNING_OUT = 0.45;
/** Zooms by more than this are drawn at once: stretched so far nothing could be read. */
const MOST_STRETCHED = 1.5;
/** What is painted in steps takes this much of a frame. */
const SLICE_MS = 5;
/** So many steps are painted between two looks at the clock; a look waits until they really are. */
const STEPS_AT_ONCE = 4;
/** The surface drawings are prepared on is let go when none was for so long. */
const KEPT_MS = 2000;

interface MapInternals {
  _latLngToNewLayerPoint(latlng: L.LatLng, zoom: number, center: L.LatLng): L.Point;
}

export interface CanvasPlace {
  readonly pane: string;
  readonly zIndex: number;
  /** How far the canvas reaches beyond each side of the view, as a part of the view. */
  readonly padding?: number;
  readonly context?: CanvasRenderingContext2DSettings;
}

/** A drawing that is made on a surface nobody sees, a part with each frame. */
interface Job {
  readonly surface: Surface;
  readonly steps: Iterator<unknown>;
  /** Set where what is drawn changed after it began. */
  isStale: boolean;
}

/** Draws through `paint` when told the content changed, or when the view left what was drawn. */
export abstract class PaddedCanvas implements Redrawn {
  private readonly front: Surface;
  private readonly behind: Surface;
  private letGo: ReturnType<typeof setTimeout> | undefined;
  private job: Job | null = null;
  private isStretched = false;
  private isWanted = true;
  private readonly padding: number;

  constructor(protected readonly map: L.Map, protected readonly redraws: Redraws, kind: CanvasPlace) {
    const element = map.createPane(kind.pane);
    element.style.zIndex = String(kind.zIndex);
    element.style.pointerEvents = "none";
    this.padding = kind.padding ?? 0.25;
    this.front = new Surface(element, kind.context);
    this.behind = new Surface(undefined, kind.context);
    map.on("zoomanim", this.onZoomAnimated, this);
    map.on("viewreset zoomend", this.onViewReset, this);
    map.on("resize", this.redraw, this);
    map.on("move moveend", this.onMoved, this);
  }

  /** Paints everything; `view` maps the unit square to the canvas in CSS pixels. */
  protected abstract paint(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, zoom: number): void;

  /** What `paint` paints, a part with each step; where it is not there, everything is painted at once. */
  protected paintInSteps?(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, zoom: number): Iterator<unknown>;

  /** A canvas not shown is neither painted nor composed. */
  set isShown(value: boolean) {
    this.isWanted = value;
    this.front.show(value);
    if (value) this.invalidate();
  }

  get isShown(): boolean {
    return this.isWanted;
  }

  /** Whether there is nothing to paint; an empty canvas costs no frame anything. */
  protected get isEmpty(): boolean {
    return false;
  }

  /** Says that what is drawn is out of date; many calls make one redraw. */
  invalidate(): void {
    if (this.job) this.job.isStale = true;
    this.redraws.ask(this, false);
  }

  private onMoved(): void {
    if (this.front.zoom !== this.map.getZoom()) return;
    if (this.paddingLeft() < 0) this.finish();
    const left = this.paddingLeft();
    if (left < 0) this.redraw();
    else if (left < RUNNING_OUT * this.padding) this.redraws.ask(this, true);
  }

  /** Size of what is drawn, pixels. */
  protected get drawnSize(): L.Point {
    return this.front.size;
  }

  /** Where the map's container begins on the canvas, pixels. */
  protected shift(): L.Point {
    return this.map.containerPointToLayerPoint([0, 0]).subtract(this.front.corner);
  }

  /** How much of the padding is left on the side where least is, as a part of the view. */
  private paddingLeft(): number {
    const size = this.map.getSize();
    const shown = this.shift();
    const beyond = this.front.size.subtract(shown).subtract(size);
    return Math.min(shown.x / size.x, shown.y / size.y, beyond.x / size.x, beyond.y / size.y);
  }

  private onZoomAnimated(event: L.ZoomAnimEvent): void {
    this.job = null;
    const internals = this.map as unknown as MapInternals;
    const offset = internals._latLngToNewLayerPoint(this.front.place, event.zoom, event.center);
    this.front.put(offset, this.map.getZoomScale(event.zoom, this.front.zoom));
  }

  /** At another zoom what is drawn is stretched there until its turn to be drawn anew comes. */
  private onViewReset(): void {
    this.job = null;
    const { zoom, place } = this.front;
    const away = Math.abs(zoom - this.map.getZoom());
    if (zoom < 0 || away === 0 || away > MOST_STRETCHED) return this.redraw();
    if (!this.isShown || this.isEmpty) return;
    this.isStretched = true;
    this.front.put(this.map.latLngToLayerPoint(place), this.map.getZoomScale(this.map.getZoom(), zoom));
    this.redraws.ask(this, true);
  }

  /** Draws anew at once what is only stretched, because somebody asks what lies where. */
  protected settle(): void {
    if (this.isStretched) this.redraw();
  }

  /** Draws everything anew around what is in view. */
  redraw(): void {
    this.job = null;
    this.redraws.settle(this);
    if (!this.canPaint()) return;
    const view = this.lookWith(this.front);
    this.paint(this.front.context, view, this.front.size, this.front.zoom);
    this.bring();
  }

  /** Draws as much anew as a frame has time for, and says whether that was all of it. */
  redrawSome(): boolean {
    if (!this.job && !this.begin()) {
      this.redraw();
      return true;
    }
    const until = performance.now() + SLICE_MS;
    while (performance.now() < until) if (this.goOn()) return this.isSettled();
    return false;
  }

  /** Begins a drawing in steps; false where this canvas has none, or nothing to paint. */
  private begin(): boolean {
    if (!this.paintInSteps || !this.canPaint()) return false;
    const surface = this.behind;
    this.keepBehind();
    const view = this.lookWith(surface);
    this.job = { surface, steps: this.paintInSteps(surface.context, view, surface.size, surface.zoom), isStale: false };
    return true;
  }

  /** Lets the surface nobody sees go a while after it was of use. */
  private keepBehind(): void {
    clearTimeout(this.letGo);
    this.letGo = setTimeout(() => (this.job ? this.keepBehind() : this.behind.empty()), KEPT_MS);
  }

  /** Paints some steps, and says whether they were the last. */
  private goOn(): boolean {
    const { surface, steps } = this.job!;
    for (let step = 0; step < STEPS_AT_ONCE; step++) {
      if (!steps.next().done) continue;
      this.front.take(surface);
      this.bring();
      return true;
    }
    surface.flush();
    return false;
  }

  /** Whether the drawing just finished shows what is there now; ends it. */
  private isSettled(): boolean {
    const wasStale = this.job!.isStale;
    this.job = null;
    return !wasStale;
  }

  /** Finishes at once what is drawn in steps. */
  private finish(): void {
    if (!this.job) return;
    while (!this.goOn());
    if (!this.isSettled()) this.redraws.ask(this, false);
  }

  private canPaint(): boolean {
    const { x, y } = this.map.getSize();
    if (x === 0 || y === 0 || !this.isShown) return false;
    const isEmpty = this.isEmpty;
    this.front.show(!isEmpty);
    return !isEmpty;
  }

  /** Lays an empty surface around what is in view, and says how the world lies on it. */
  private lookWith(surface: Surface): ViewTransform {
    const shown = this.map.getSize();
    const zoom = this.map.getZoom();
    surface.corner = this.map.containerPointToLayerPoint(shown.multiplyBy(-this.padding)).round();
    surface.size = shown.multiplyBy(1 + 2 * this.padding).round();
    surface.zoom = zoom;
    surface.place = this.map.layerPointToLatLng(surface.corner);
    fitSurface(surface);
    const origin = this.map.getPixelOrigin().add(surface.corner);
    return { scale: 256 * 2 ** zoom, offsetX: origin.x, offsetY: origin.y };
  }

  /** Shows what is painted. */
  private bring(): void {
    this.isStretched = false;
    this.front.put(this.front.corner, 1);
    this.front.show(true);
  }
}
