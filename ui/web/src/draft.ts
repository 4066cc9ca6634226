/** The change of sequence somebody tries out, as the Qt side tells it. */

import { placed, type Scene, type Stop, type StopRecord } from "./scene";
import type { Punctuality } from "./words";

export interface DraftRoute {
  readonly id: string;
  /** Ids of its open stops as they would be driven, with the place under the pointer. */
  readonly order: readonly string[];
  /** The same without the place under the pointer; null where nothing was dropped on it yet. */
  readonly placed: readonly string[] | null;
}

export interface DraftStop {
  readonly id: string;
  /** The route it would be on, or empty. */
  readonly route_id: string;
  /** Its number now and in the draft; 0 on no route. */
  readonly was: number;
  readonly would: number;
  readonly punctuality: Punctuality;
}

export type Tone = "plain" | "muted" | "after" | "good" | "risk" | "bad";

/** Words, their tone, and the stops they are about. */
export type Phrase = readonly [string, Tone, readonly string[]];

export interface DraftRecord {
  readonly routes: readonly DraftRoute[];
  readonly stops: readonly DraftStop[];
  /** Stops that are only there with the draft. */
  readonly added: readonly StopRecord[];
  readonly lifted: readonly string[];
  readonly title: string;
  readonly lines: readonly (readonly Phrase[])[];
}

const NOTHING: DraftRecord = { routes: [], stops: [], added: [], lifted: [], title: "", lines: [] };

export class Draft {
  /** Grows when what is lifted or put down is something else; hovering leaves it. */
  version = 0;
  private record = NOTHING;
  private routes = new Map<string, DraftRoute>();
  private stops = new Map<string, DraftStop>();
  private added = new Map<string, Stop>();
  private held = new Set<string>();

  take(record: DraftRecord): void {
    if (restOf(record) !== restOf(this.record)) this.version += 1;
    this.record = record;
    this.routes = new Map(record.routes.map((route) => [route.id, route]));
    this.stops = new Map(record.stops.map((stop) => [stop.id, stop]));
    this.added = new Map(record.added.map((stop) => [stop.id, placed(stop)]));
    this.held = new Set(record.lifted);
  }

  get lifted(): readonly string[] {
    return this.record.lifted;
  }

  get title(): string {
    return this.record.title;
  }

  get lines(): DraftRecord["lines"] {
    return this.record.lines;
  }

  /** Ids of the routes that would be driven otherwise. */
  get changed(): readonly string[] {
    return [...this.routes.keys()];
  }

  route(id: string): DraftRoute | undefined {
    return this.routes.get(id);
  }

  stop(id: string): DraftStop | undefined {
    return this.stops.get(id);
  }

  isLifted(stopId: string): boolean {
    return this.held.has(stopId);
  }

  /** A stop by id, of the shift or only of the draft. */
  find(scene: Scene, stopId: string): Stop | undefined {
    return scene.stops.get(stopId) ?? this.added.get(stopId);
  }

  /** Ids of the stops that would be served otherwise, or are lifted. */
  get touched(): readonly string[] {
    return [...this.stops.keys(), ...this.held];
  }

  /** The stops a route has with the draft, those among them that are only there with it. */
  stopsOn(scene: Scene, routeId: string): Stop[] {
    const ids = new Set(scene.stopsOf(routeId).map((stop) => stop.id));
    for (const id of [...this.stops.keys(), ...this.added.keys()]) ids.add(id);
    return [...ids].flatMap((id) => this.find(scene, id) ?? []).filter((stop) => this.routeOf(stop) === routeId);
  }

  /** The route a stop is on with the draft, or empty. */
  routeOf(stop: Stop): string {
    return this.stops.get(stop.id)?.route_id ?? stop.route_id;
  }

  numberOf(stop: Stop): number {
    return this.stops.get(stop.id)?.would ?? stop.number;
  }

  /** The number a stop has until the draft is committed, where it would get another; else 0. */
  struckNumber(stop: Stop): number {
    const changed = this.stops.get(stop.id);
    return changed && changed.was !== changed.would ? changed.was : 0;
  }

  punctualityOf(stop: Stop): Punctuality {
    return this.stops.get(stop.id)?.punctuality ?? stop.punctuality;
  }
}

/** A draft without what is hovered. */
function restOf({ routes, lifted }: DraftRecord): string {
  return JSON.stringify([lifted, routes.filter((route) => route.placed).map((route) => [route.id, route.placed])]);
}
