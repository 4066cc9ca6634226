/** The line of one route as it is drawn at a zoom. */

import { tileSide } from "./pieces";
import { moveIntoLanes } from "./lanes";
import { thin, type Shape } from "./shape";

const THIN_PX = 0.8;

/** Far out routes lie on each other; closer they part, about as far as their lines are wide. */
function laneWidthPx(zoom: number): number {
  return Math.max(0, Math.min(3.4, (zoom - 12) * 0.8));
}

export class RouteLine {
  private lanes: Float32Array | null = null;
  private readonly thinned = new Map<number, { readonly shape: Shape; readonly lanes: Float32Array | null }>();
  private beside: { readonly zoom: number; readonly shape: Shape } | null = null;

  constructor(readonly whole: Shape) {}

  /** Takes the lanes of the segments of the whole line, as `assignLanes` gives them. */
  takeLanes(lanes: Float32Array): void {
    this.lanes = lanes.some((lane) => lane !== 0) ? lanes : null;
    this.thinned.clear();
    this.beside = null;
  }

  /** In the middle of the road, with the points that matter at a zoom. */
  onRoad(zoom: number): Shape {
    return this.thinnedAt(Math.round(zoom)).shape;
  }

  /** Beside the other routes of the road. */
  inLane(zoom: number): Shape {
    const { shape, lanes } = this.thinnedAt(Math.round(zoom));
    if (!lanes || laneWidthPx(zoom) === 0) return shape;
    if (this.beside?.zoom !== zoom) {
      this.beside = { zoom, shape: moveIntoLanes(shape, lanes, laneWidthPx(zoom) / tileSide(zoom, 0)) };
    }
    return this.beside.shape;
  }

  private thinnedAt(level: number): { readonly shape: Shape; readonly lanes: Float32Array | null } {
    let found = this.thinned.get(level);
    if (!found) {
      const kept = thin(this.whole, THIN_PX / tileSide(level, 0), this.lanes);
      const lanes = this.lanes && Float32Array.from(kept.places.subarray(0, -1), (place) => this.lanes![place]!);
      this.thinned.set(level, (found = { shape: kept.shape, lanes }));
    }
    return found;
  }
}
