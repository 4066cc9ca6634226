/** The scene as the page holds it: routes, stops, depots, exceptions and vehicle names. */

import { assignLanes } from "./lanes";
import { worldX, worldY } from "./mercator";
import { RouteLine } from "./routeLine";
import { Shared } from "./shared";
import { StopColumns } from "./stopColumns";
import { Troubles } from "./troubles";
import { isOutcome, isUnderWay, type Punctuality, type Severity, type StopState } from "./words";

export interface Depot {
  readonly id: string;
  readonly lat: number;
  readonly lon: number;
  readonly label: string;
}

export interface RouteRecord {
  readonly id: string;
  readonly name: string;
  readonly colour: number;
  /** Base64 line; absent where it did not change. */
  readonly shape?: string;
  readonly done_fraction: number;
  /** Fractions of the line between which its stops lie. */
  readonly works_from: number;
  readonly works_to: number;
  readonly punctuality: Punctuality;
  readonly vehicle_id: string;
  /** Where it begins and ends, or empty. */
  readonly depot_id: string;
  /** Where on the line each stop of its order lies, as fractions; empty where the line is not of that order, absent where they did not change. */
  readonly stop_at?: readonly number[];
  /** Its order changed, and its line is still the one before. */
  readonly is_outdated: boolean;
}

export interface StopRecord {
  readonly id: string;
  readonly route_id: string;
  readonly number: number;
  readonly lat: number;
  readonly lon: number;
  readonly state: StopState;
  readonly punctuality: Punctuality;
  readonly label: string;
  /** When it is or was served, and when it was promised, in words; "" where nobody knows. */
  readonly expected: string;
  readonly window: string;
  readonly kind: string;
  /** Promised where it is, and not to be moved. */
  readonly is_locked: boolean;
}

export interface ExceptionRecord {
  readonly id: string;
  readonly severity: Severity;
  readonly kind: string;
  readonly lat: number;
  readonly lon: number;
  readonly label: string;
  readonly vehicle_id: string;
  readonly stop_id: string;
}

export interface VehicleName {
  readonly id: string;
  readonly label: string;
  readonly route_id: string;
  readonly driver: string;
  readonly carrier: string;
  readonly next_stop: string;
  readonly eta: string;
}

export interface Change<T> {
  readonly set: readonly T[];
  readonly gone: readonly string[];
}

/** What changed between two versions of the scene; `base` 0 means "forget what you have". */
export interface SceneDelta {
  readonly version: number;
  readonly base: number;
  /** Set while this is only a part of what changed, and the rest follows. */
  readonly more?: boolean;
  readonly depots: Change<Depot>;
  readonly routes: Change<RouteRecord>;
  readonly stops: Change<StopRecord>;
  readonly exceptions: Change<ExceptionRecord>;
  readonly names: { readonly set: readonly (readonly [number, VehicleName])[]; readonly gone: readonly number[] };
}

export interface Placed {
  readonly x: number;
  readonly y: number;
}

export interface Route extends Omit<RouteRecord, "shape"> {
  readonly stop_at: readonly number[];
  readonly line: RouteLine | null;
}
export type Stop = StopRecord & Placed;
export type Exception = ExceptionRecord & Placed;
export type PlacedDepot = Depot & Placed;

/** Lanes are worked out while there are no more routes than these; with more, a road has no room for them. */
const MOST_LANED = 400;

export class Scene {
  version = 0;
  /** Whether everything there is has been told. */
  isWhole = false;
  readonly depots = new Map<string, PlacedDepot>();
  readonly routes = new Map<string, Route>();
  readonly stops = new StopColumns();
  readonly exceptions = new Map<string, Exception>();
  readonly names = new Map<number, VehicleName>();
  readonly handles = new Map<string, number>();
  /** The exceptions of `exceptions`, as they are drawn. */
  troubles = new Troubles();
  private readonly rounds = new Map<string, Stop[]>();
  private readonly shared = new Shared();

  /** Takes a delta in; false where it is based on another version than the one held. */
  apply(delta: SceneDelta): boolean {
    if (delta.base !== 0 && delta.base !== this.version) return false;
    if (delta.base === 0) this.forget();
    merge(this.depots, delta.depots, placed);
    this.takeStops(delta.stops);
    merge(this.exceptions, delta.exceptions, placed);
    if (delta.base === 0 || hasChanges(delta.exceptions)) this.troubles = new Troubles(this.exceptions.values());
    merge(this.routes, delta.routes, (record, old) => routeOf(record, old));
    this.rename(delta.names);
    this.version = delta.version;
    this.isWhole = !delta.more;
    return true;
  }

  handleOf(vehicleId: string): number | undefined {
    return this.handles.get(vehicleId);
  }

  stopsOf(routeId: string): Stop[] {
    return [...(this.rounds.get(routeId) ?? [])].sort((a, b) => a.number - b.number);
  }

  /** Gives every route its lane on the roads it shares; call it when lines have changed. */
  assignLanes(): void {
    if (this.routes.size > MOST_LANED) return;
    const drawn = [...this.routes.values()].flatMap((route) => (route.line ? { route, line: route.line } : []));
    const lanes = assignLanes(drawn.map(({ route, line: { whole } }) => {
      const length = whole.along[whole.along.length - 1] ?? 0;
      return { shape: whole, from: route.works_from * length, to: route.works_to * length };
    }));
    drawn.forEach(({ line }, i) => line.takeLanes(lanes[i]!));
  }

  private takeStops(change: Change<StopRecord>): void {
    for (const id of change.gone) {
      this.leaveRound(id);
      this.stops.remove(id);
    }
    for (const record of change.set) {
      this.leaveRound(record.id);
      const stop = stopOf(record, this.shared);
      this.stops.set(stop);
      this.enterRound(stop);
    }
  }

  private enterRound(stop: Stop): void {
    const round = this.rounds.get(stop.route_id);
    if (round) round.push(stop);
    else this.rounds.set(stop.route_id, [stop]);
  }

  private leaveRound(id: string): void {
    const stop = this.stops.get(id);
    const round = stop && this.rounds.get(stop.route_id);
    if (!round) return;
    if (round.length === 1) this.rounds.delete(stop.route_id);
    else round.splice(round.indexOf(stop), 1);
  }

  private rename(names: SceneDelta["names"]): void {
    for (const handle of names.gone) {
      const old = this.names.get(handle);
      if (old) this.handles.delete(old.id);
      this.names.delete(handle);
    }
    for (const [handle, name] of names.set) {
      this.names.set(handle, name);
      this.handles.set(name.id, handle);
    }
  }

  private forget(): void {
    this.stops.clear();
    for (const map of [this.depots, this.routes, this.exceptions, this.names, this.handles, this.rounds]) {
      map.clear();
    }
  }
}

/** Whether anything is set or gone. */
export function hasChanges(change: { readonly set: readonly unknown[]; readonly gone: readonly unknown[] }): boolean {
  return change.set.length > 0 || change.gone.length > 0;
}

function merge<R extends { readonly id: string }, T>(
  into: Map<string, T>, change: Change<R>, make: (record: R, old: T | undefined) => T,
): void {
  for (const id of change.gone) into.delete(id);
  for (const record of change.set) into.set(record.id, make(record, into.get(record.id)));
}

export function placed<R extends { readonly lat: number; readonly lon: number }>(record: R): R & Placed {
  return { ...record, x: worldX(record.lon), y: worldY(record.lat) };
}

/** A stop, of whose texts those that many stops say are one for all. */
function stopOf(record: StopRecord, shared: Shared): Stop {
  return {
    id: record.id,
    route_id: shared.of(record.route_id),
    number: record.number,
    lat: record.lat,
    lon: record.lon,
    state: shared.of(record.state),
    punctuality: shared.of(record.punctuality),
    label: record.label,
    expected: shared.of(record.expected),
    window: shared.of(record.window),
    kind: shared.of(record.kind),
    is_locked: record.is_locked,
    x: worldX(record.lon),
    y: worldY(record.lat),
  };
}

/** A route with its line unpacked: the text it came in is as long again, and is let go. */
function routeOf({ shape, ...record }: RouteRecord, old: Route | undefined): Route {
  const stops = record.stop_at ?? old?.stop_at ?? [];
  if (shape === undefined && old) return { ...record, stop_at: stops, line: old.line };
  return { ...record, stop_at: stops, line: shape ? RouteLine.packed(shape) : null };
}

/** The stop a route goes to next, or stands at; `stops` in the route's order. */
export function nextStop(stops: readonly Stop[]): Stop | undefined {
  return stops.find((stop) => isUnderWay(stop.state)) ?? stops.find((stop) => !isOutcome(stop.state));
}
