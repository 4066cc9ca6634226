/** A canvas somewhat larger than the map, which panning merely slides and a zoom stretches. */

import * as L from "leaflet";
import type { ViewTransform } from "./mercator";

const PADDING = 0.25;

interface MapInternals {
  _latLngToNewLayerPoint(latlng: L.LatLng, zoom: number, center: L.LatLng): L.Point;
}

/** Draws through `paint` when told the content changed, or when the view left what was drawn. */
export abstract class PaddedCanvas {
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private corner = L.point(0, 0);
  private size = L.point(0, 0);
  private drawnZoom = -1;
  private scheduled = false;

  constructor(protected readonly map: L.Map, pane: string, zIndex: number) {
    const element = map.createPane(pane);
    element.style.zIndex = String(zIndex);
    element.style.pointerEvents = "none";
    this.canvas = L.DomUtil.create("canvas", "leaflet-zoom-animated padded-canvas", element);
    this.context = this.canvas.getContext("2d")!;
    map.on("zoomanim", this.onZoomAnimated, this);
    map.on("viewreset zoomend resize", this.draw, this);
    map.on("move moveend", this.onMoved, this);
  }

  /** Paints everything; `view` maps the unit square to the canvas in CSS pixels. */
  protected abstract paint(ctx: CanvasRenderingContext2D, view: ViewTransform, size: L.Point, zoom: number): void;

  /** A canvas not shown is neither painted nor composed. */
  set isShown(value: boolean) {
    this.canvas.style.display = value ? "" : "none";
    if (value) this.invalidate();
  }

  get isShown(): boolean {
    return this.canvas.style.display !== "none";
  }

  /** Asks for a repaint with the next frame; many calls make one repaint. */
  invalidate(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.draw();
    });
  }

  private onMoved(): void {
    const shown = this.map.containerPointToLayerPoint([0, 0]);
    const end = shown.add(this.map.getSize());
    const isInside = shown.x >= this.corner.x && shown.y >= this.corner.y
      && end.x <= this.corner.x + this.size.x && end.y <= this.corner.y + this.size.y;
    if (!isInside && this.drawnZoom === this.map.getZoom()) this.draw();
  }

  private onZoomAnimated(event: L.ZoomAnimEvent): void {
    const scale = this.map.getZoomScale(event.zoom, this.drawnZoom);
    const corner = this.map.layerPointToLatLng(this.corner);
    const internals = this.map as unknown as MapInternals;
    const offset = internals._latLngToNewLayerPoint(corner, event.zoom, event.center);
    L.DomUtil.setTransform(this.canvas, offset, scale);
  }

  private draw(): void {
    const shown = this.map.getSize();
    if (shown.x === 0 || shown.y === 0 || !this.isShown) return;
    const zoom = this.map.getZoom();
    this.corner = this.map.containerPointToLayerPoint(shown.multiplyBy(-PADDING)).round();
    this.size = shown.multiplyBy(1 + 2 * PADDING).round();
    this.drawnZoom = zoom;
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
