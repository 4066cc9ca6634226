/** A chosen vehicle's trail: decoded, and thinned for a zoom so that its length costs little. */

import { worldX, worldY, type ViewTransform } from "./mercator";
import { tileSide } from "./pieces";
import { decodeShape, thin, type Shape } from "./shape";

const THIN_PX = 0.8;
/** Positions nearer to each other than this are one on the screen. */
const APART_PX = 2;

export interface TrailStay {
  readonly lat: number;
  readonly lon: number;
  readonly label: string;
  readonly words: string;
}

export interface TrailStretch {
  readonly first: number;
  readonly last: number;
  readonly words: string;
}

export interface TrailRecord {
  readonly id: string;
  readonly label: string;
  readonly points: string;
  readonly steps: string;
  readonly stays: readonly TrailStay[];
  readonly ticks: readonly { readonly place: number; readonly words: string }[];
  readonly strays: readonly TrailStretch[];
  readonly moment: { readonly lat: number; readonly lon: number; readonly words: string } | null;
  readonly planned: string;
}

export interface TrailsRecord {
  readonly version: number;
  readonly title: string;
  readonly bounds_kmh: readonly number[];
  readonly gap: number;
  readonly trails: readonly TrailRecord[];
}

export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly label: string;
  readonly words: string;
}

/** The trail as it is drawn: one class a step between neighbouring points. */
export interface DrawnTrail {
  readonly shape: Shape;
  readonly steps: Uint8Array;
}

export class PastTrail {
  readonly whole: Shape;
  readonly planned: Shape;
  readonly stays: readonly Spot[];
  readonly ticks: readonly Spot[];
  readonly moment: Spot | null;
  private readonly steps: Uint8Array;
  private readonly drawn = new Map<number, DrawnTrail>();
  private readonly plannedAt = new Map<number, Shape>();

  constructor(readonly record: TrailRecord, private readonly gap: number) {
    this.whole = decodeShape(record.points);
    this.planned = decodeShape(record.planned);
    this.steps = decodeBytes(record.steps);
    this.stays = record.stays.map(spot);
    this.ticks = record.ticks.filter(({ place }) => place < this.count).map(({ place, words }) => this.tick(place, words));
    this.moment = record.moment && spot({ ...record.moment, label: "" });
  }

  get count(): number {
    return this.whole.along.length;
  }

  /** With the points that matter at a zoom, and what was silent kept as it was. */
  at(zoom: number): DrawnTrail {
    const level = Math.round(zoom);
    let found = this.drawn.get(level);
    if (!found) this.drawn.set(level, (found = this.thinned(1 / tileSide(level, 0))));
    return found;
  }

  plannedLine(zoom: number): Shape {
    const level = Math.round(zoom);
    let found = this.plannedAt.get(level);
    if (!found) this.plannedAt.set(level, (found = thin(this.planned, THIN_PX / tileSide(level, 0)).shape));
    return found;
  }

  /** Unit-square points of a stretch, both ends included. */
  stretch({ first, last }: TrailStretch): Float64Array {
    return this.whole.points.subarray(2 * Math.max(0, first), 2 * (Math.min(this.count - 1, last) + 1));
  }

  private tick(place: number, words: string): Spot {
    return { x: this.whole.points[2 * place]!, y: this.whole.points[2 * place + 1]!, label: words, words };
  }

  private thinned(pixel: number): DrawnTrail {
    const merged = merge(this.whole, this.steps, this.gap, APART_PX * pixel);
    const lanes = Float32Array.from(merged.steps);
    const { shape, places } = thin(merged.shape, THIN_PX * pixel, lanes);
    return { shape, steps: Uint8Array.from(places.subarray(0, -1), (place) => merged.steps[place]!) };
  }
}

const MARGIN_PX = 8;

/** The steps that may be seen on a canvas, in their order. */
export function stepsInView({ shape: { points }, steps }: DrawnTrail, view: ViewTransform, size: { readonly x: number; readonly y: number }): number[] {
  const [left, top] = [(view.offsetX - MARGIN_PX) / view.scale, (view.offsetY - MARGIN_PX) / view.scale];
  const [right, bottom] = [(view.offsetX + size.x + MARGIN_PX) / view.scale, (view.offsetY + size.y + MARGIN_PX) / view.scale];
  const seen: number[] = [];
  for (let i = 0; i < steps.length; i++) {
    const ax = points[2 * i]!, ay = points[2 * i + 1]!, bx = points[2 * i + 2]!, by = points[2 * i + 3]!;
    if ((ax < left && bx < left) || (ax > right && bx > right)) continue;
    if ((ay < top && by < top) || (ay > bottom && by > bottom)) continue;
    seen.push(i);
  }
  return seen;
}

/** Joins steps too short to be seen; the joined step has the class of its longest part. */
export function merge(whole: Shape, steps: Uint8Array, gap: number, apart: number): DrawnTrail {
  const { points, along } = whole;
  const places: number[] = along.length ? [0] : [];
  const classes: number[] = [];
  let last = 0;
  let longest = -1;
  let kind = 0;
  for (let i = 1; i < along.length; i++) {
    const step = along[i]! - along[i - 1]!;
    if (step > longest) [longest, kind] = [step, steps[i - 1]!];
    const isGapEdge = steps[i - 1] === gap || steps[i] === gap;
    const far = Math.hypot(points[2 * i]! - points[2 * last]!, points[2 * i + 1]! - points[2 * last + 1]!);
    if (far < apart && !isGapEdge && i < along.length - 1) continue;
    places.push(i);
    classes.push(kind);
    [last, longest, kind] = [i, -1, 0];
  }
  return { shape: pick(whole, places), steps: Uint8Array.from(classes) };
}

function pick({ points, along }: Shape, places: readonly number[]): Shape {
  const kept = new Float64Array(2 * places.length);
  places.forEach((place, i) => kept.set(points.subarray(2 * place, 2 * place + 2), 2 * i));
  return { points: kept, along: Float64Array.from(places, (place) => along[place]!) };
}

function decodeBytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

function spot({ lat, lon, label, words }: TrailStay): Spot {
  return { x: worldX(lon), y: worldY(lat), label, words };
}

/** An arrow on the line: where, and which way it was driven. */
export interface Arrow {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

/** Arrows at equal ways along what was driven and heard, in unit-square units. */
export function arrows({ shape, steps }: DrawnTrail, gap: number, every: number): Arrow[] {
  const found: Arrow[] = [];
  const { points, along } = shape;
  let next = every / 2;
  for (let i = 1; i < along.length; i++) {
    if (along[i]! < next) continue;
    const [ax, ay, bx, by] = [points[2 * i - 2]!, points[2 * i - 1]!, points[2 * i]!, points[2 * i + 1]!];
    const t = (next - along[i - 1]!) / Math.max(1e-15, along[i]! - along[i - 1]!);
    if (steps[i - 1] !== gap) found.push({ x: ax + (bx - ax) * t, y: ay + (by - ay) * t, angle: Math.atan2(by - ay, bx - ax) });
    next = Math.max(next + every, along[i]!);
  }
  return found;
}
