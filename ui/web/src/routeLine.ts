/** The line of one route as it is drawn at a zoom. */

import { tileSide } from "./pieces";
import { moveIntoLanes } from "./lanes";
import { boxOf, readShape, thin, unpack, type Shape } from "./shape";
import type { Box } from "./stopColumns";

const THIN_PX = 0.8;

/** Far out routes lie on each other; closer they part, about as far as their lines are wide. */
function laneWidthPx(zoom: number): number {
  return Math.max(0, Math.min(3.4, (zoom - 12) * 0.8));
}

export class RouteLine {
  private lanes: Float32Array | null = null;
  private readonly thinned = new Map<number, { readonly shape: Shape; readonly lanes: Float32Array | null }>();
  private beside: { readonly zoom: number; readonly shape: Shape } | null = null;

  private decoded: Shape | null = null;

  /** `bytes` are int32 latitude, longitude pairs, unpacked to a shape only once it is drawn. */
  private constructor(private readonly bytes: Uint8Array, readonly box: Box) {}

  /** Of a line in base64, as it is told. */
  static packed(text: string): RouteLine {
    const bytes = unpack(text);
    return new RouteLine(bytes, boxOf(bytes));
  }

  /** Every point of the line. */
  get whole(): Shape {
    return (this.decoded ??= readShape(this.bytes));
  }

  /** How many points the line has. */
  get length(): number {
    return Math.floor(this.bytes.length / 8);
  }

  /** Lets go of what can be worked out again, because the line is not drawn now. */
  rest(): void {
    this.decoded = null;
    this.beside = null;
    this.thinned.clear();
  }

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
