/** Where Leaflet's animated zoom stands at a moment, so that the overlay can move with it. */

import type * as L from "leaflet";
import type { ViewTransform } from "./mercator";

const ZOOM_MS = 250;

interface MapInternals {
  _getNewPixelOrigin(center: L.LatLng, zoom: number): L.Point;
}

/** The easing of Leaflet's style sheet: cubic-bezier(0, 0, 0.25, 1). */
export function zoomEasing(t: number): number {
  if (t <= 0) return 0;
  if (t >= 1) return 1;
  let s = t;
  for (let k = 0; k < 8; k++) {
    const error = 0.75 * (1 - s) * s * s + s * s * s - t;
    const slope = 1.5 * s - 2.25 * s * s + 3 * s * s;
    s -= error / Math.max(0.05, slope);
  }
  return 3 * (1 - s) * s * s + s * s * s;
}

interface Motion {
  readonly startedAt: number;
  readonly from: ViewTransform;
  readonly to: ViewTransform;
}

export class ZoomMotion {
  private motion: Motion | null = null;

  constructor(private readonly map: L.Map, onStarted: () => void) {
    map.on("zoomanim", (event: L.ZoomAnimEvent) => {
      this.motion = { startedAt: performance.now(), from: this.resting(), to: this.target(event) };
      onStarted();
    });
    map.on("zoomend viewreset", () => {
      this.motion = null;
    });
  }

  get isMoving(): boolean {
    return this.motion !== null;
  }

  /** How the unit square lies on the map's container at page time `clock`, CSS pixels. */
  view(clock: number): ViewTransform {
    const pane = this.map.layerPointToContainerPoint([0, 0]);
    const at = this.motion ? between(this.motion, clock) : this.resting();
    return { scale: at.scale, offsetX: at.offsetX - pane.x, offsetY: at.offsetY - pane.y };
  }

  private resting(): ViewTransform {
    const origin = this.map.getPixelOrigin();
    return { scale: 256 * 2 ** this.map.getZoom(), offsetX: origin.x, offsetY: origin.y };
  }

  private target(event: L.ZoomAnimEvent): ViewTransform {
    const origin = (this.map as unknown as MapInternals)._getNewPixelOrigin(event.center, event.zoom);
    return { scale: 256 * 2 ** event.zoom, offsetX: origin.x, offsetY: origin.y };
  }
}

function between(motion: Motion, clock: number): ViewTransform {
  const part = zoomEasing((clock - motion.startedAt) / ZOOM_MS);
  const mix = (a: number, b: number): number => a + (b - a) * part;
  return {
    scale: mix(motion.from.scale, motion.to.scale),
    offsetX: mix(motion.from.offsetX, motion.to.offsetX),
    offsetY: mix(motion.from.offsetY, motion.to.offsetY),
  };
}
