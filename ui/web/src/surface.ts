/** One canvas of a layer, and which part of the world is painted on it. */

import * as L from "leaflet";

export class Surface {
  readonly context: CanvasRenderingContext2D;
  /** Its upper left corner in the map's layer, pixels. */
  corner = L.point(0, 0);
  size = L.point(0, 0);
  /** Zoom of what is painted on it; -1 while nothing is. */
  zoom = -1;
  /** Where its corner lies on the earth. */
  place = L.latLng(0, 0);
  private readonly canvas: HTMLCanvasElement;

  /** Without a pane it is one nobody sees, and costs the engine no pictures to show. */
  constructor(pane?: HTMLElement, settings?: CanvasRenderingContext2DSettings) {
    this.canvas = L.DomUtil.create("canvas", "leaflet-zoom-animated padded-canvas", pane);
    this.context = this.canvas.getContext("2d", settings)!;
  }

  show(isShown: boolean): void {
    this.canvas.style.display = isShown ? "" : "none";
  }

  /** Puts its corner at a point of the map's layer, stretched by a factor. */
  put(at: L.Point, factor: number): void {
    L.DomUtil.setTransform(this.canvas, at, factor);
  }

  /** Becomes what another one is. */
  take(other: Surface): void {
    const { context } = this;
    [this.corner, this.size, this.zoom, this.place] = [other.corner, other.size, other.zoom, other.place];
    fitCanvas(this);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalCompositeOperation = "copy";
    context.drawImage(other.canvas, 0, 0);
    context.globalCompositeOperation = "source-over";
  }

  /** Lets its pixels go. */
  empty(): void {
    this.canvas.width = this.canvas.height = 0;
  }

  /** Waits until what was painted really is; otherwise the frame that shows it would wait for all of it. */
  flush(): void {
    this.context.getImageData(0, 0, 1, 1);
  }
}

/** Gives a surface's canvas the pixels its size takes, and empties it. */
export function fitSurface(surface: Surface): void {
  const { context, size } = surface;
  const ratio = window.devicePixelRatio;
  fitCanvas(surface);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.x, size.y);
}

function fitCanvas({ context: { canvas }, size }: Surface): void {
  const ratio = window.devicePixelRatio;
  const width = Math.round(size.x * ratio);
  const height = Math.round(size.y * ratio);
  if (canvas.width === width && canvas.height === height) return;
  canvas.width = width;
  canvas.height = height;
  canvas.style.width = `${size.x}px`;
  canvas.style.height = `${size.y}px`;
}
