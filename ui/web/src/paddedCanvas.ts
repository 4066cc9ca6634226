/** A canvas somewhat larger than the map, which panning merely slides and a zoom stretches. */

import * as L from "leaflet";
import type { ViewTransform } from "./mercator";
import type { Redrawn, Redraws } from "./redraws";

/** With less than this part of the padding left a redraw is asked for, before it is needed. */
const RUNNING_OUT = 0.45;

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

/** Draws through `paint` when told the content changed, or when the view left what was drawn. */
export abstract class PaddedCanvas implements Redrawn {
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private corner = L.point(0, 0);
  private size = L.point(0, 0);
  private drawnZoom = -1;
  /** Where the corner of what is drawn lies on the earth. */
  private cornerPlace = L.latLng(0, 0);
  private isStretched = false;
  private isWanted = true;
  private readonly padding: number;

  constructor(
    protected readonly map: L.Map, protected readonly redraws: Redraws, { pane, zIndex, padding = 0.25, context }: CanvasPlace,
  ) {
    this.padding = padding;
    const element = map.createPane(pane);
    element.style.zIndex = String(zIndex);
    element.style.pointerEvents = "none";
    this.canvas = L.DomUtil.create("canvas", "leaflet-zoom-animated padded-canvas", element);
    this.context = this.canvas.getContext("2d", context)!;
    map.on("zoomanim", this.onZoomAnimated, this);
    map.on("viewreset zoomend", this.onViewReset, this);
    map.on("resize", this.redraw, this);
    map.on("move moveend", this.onMoved, this);
  }

  /** Paints everything; `view` maps the unit square to the canvas in CSS pixels. */
  protected abstract paint(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, zoom: number): void;

  /** A canvas not shown is neither painted nor composed. */
  set isShown(value: boolean) {
    this.isWanted = value;
    this.canvas.style.display = value ? "" : "none";
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
    this.redraws.ask(this, false);
  }

  private onMoved(): void {
    if (this.drawnZoom !== this.map.getZoom()) return;
    const left = this.paddingLeft();
    if (left < 0) this.redraw();
    else if (left < RUNNING_OUT * this.padding) this.redraws.ask(this, true);
  }

  /** Size of what is drawn, pixels. */
  protected get drawnSize(): L.Point {
    return this.size;
  }

  /** Where the map's container begins on the canvas, pixels. */
  protected shift(): L.Point {
    return this.map.containerPointToLayerPoint([0, 0]).subtract(this.corner);
  }

  /** How much of the padding is left on the side where least is, as a part of the view. */
  private paddingLeft(): number {
    const size = this.map.getSize();
    const shown = this.shift();
    const beyond = this.size.subtract(shown).subtract(size);
    return Math.min(shown.x / size.x, shown.y / size.y, beyond.x / size.x, beyond.y / size.y);
  }

  private onZoomAnimated(event: L.ZoomAnimEvent): void {
    const internals = this.map as unknown as MapInternals;
    const offset = internals._latLngToNewLayerPoint(this.cornerPlace, event.zoom, event.center);
    L.DomUtil.setTransform(this.canvas, offset, this.map.getZoomScale(event.zoom, this.drawnZoom));
  }

  /** At another zoom what is drawn is stretched there until its turn to be drawn anew comes. */
  private onViewReset(): void {
    if (this.drawnZoom < 0 || this.drawnZoom === this.map.getZoom()) return this.redraw();
    if (!this.isShown || this.isEmpty) return;
    this.isStretched = true;
    L.DomUtil.setTransform(this.canvas, this.map.latLngToLayerPoint(this.cornerPlace), this.map.getZoomScale(this.map.getZoom(), this.drawnZoom));
    this.redraws.ask(this, true);
  }

  /** Draws anew at once what is only stretched, because somebody asks what lies where. */
  protected settle(): void {
    if (this.isStretched) this.redraw();
  }

  /** Draws everything anew around what is in view. */
  redraw(): void {
    this.redraws.settle(this);
    const shown = this.map.getSize();
    if (shown.x === 0 || shown.y === 0 || !this.isShown) return;
    const isEmpty = this.isEmpty;
    this.canvas.style.display = isEmpty ? "none" : "";
    if (isEmpty) return;
    const zoom = this.map.getZoom();
    this.corner = this.map.containerPointToLayerPoint(shown.multiplyBy(-this.padding)).round();
    this.size = shown.multiplyBy(1 + 2 * this.padding).round();
    this.drawnZoom = zoom;
    this.cornerPlace = this.map.layerPointToLatLng(this.corner);
    this.isStretched = false;
    this.fitCanvas();
    const origin = this.map.getPixelOrigin().add(this.corner);
    const view = { scale: 256 * 2 ** zoom, offsetX: origin.x, offsetY: origin.y };
    this.paint(this.context, view, this.size, zoom);
    L.DomUtil.setTransform(this.canvas, this.corner, 1);
  }

  private fitCanvas(): void {
    const ratio = window.devicePixelRatio;
    const width = Math.round(this.size.x * ratio);
    const height = Math.round(this.size.y * ratio);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.canvas.style.width = `${this.size.x}px`;
      this.canvas.style.height = `${this.size.y}px`;
    }
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context.clearRect(0, 0, this.size.x, this.size.y);
  }
}
