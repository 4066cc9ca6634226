/** The way of a route from stop to stop: where another stop can be put in between. */

import type { Draft } from "./draft";
import { footOnLine, type Foot } from "./nearest";
import type { Placed, Route, Scene, Stop } from "./scene";
import { stretch } from "./shape";
import { isCurrent, isOutcome } from "./words";

/** The way from one place of a route to the next. */
export interface Leg {
  readonly routeId: string;
  /** The stop it comes from, or empty where it begins at the vehicle or the depot. */
  readonly after: string;
  /** The stop it goes to, or empty where it goes home. */
  readonly before: string;
  /** Unit-square x, y pairs. */
  readonly points: Float64Array;
}

/** A place in the order of a route, and where on its way that is. */
export interface Place {
  readonly leg: Leg;
  readonly foot: Foot;
}

/** True for a stop that could be driven at another place of the order. */
export function isOpen(stop: Stop): boolean {
  return !isOutcome(stop.state) && !isCurrent(stop.state);
}

export class Legs {
  /** `vehicleAt` is where a vehicle is, null where nobody knows. */
  constructor(
    private readonly scene: Scene, private readonly draft: Draft, private readonly vehicleAt: (vehicleId: string) => Placed | null,
  ) {}

  /** The ways a stop that is lifted can be put into, of those of `routes` that are still driven. */
  free(zoom: number, chosen: string, routes: Iterable<Route> = this.scene.routes.values()): Leg[] {
    return [...routes].flatMap((route) => (
      route.punctuality === "done" ? [] : this.freeOf(route, this.scene.stopsOf(route.id).filter(isOpen), zoom, route.id === chosen)
    ));
  }

  private freeOf(route: Route, open: Stop[], zoom: number, isChosen: boolean): Leg[] {
    const placed = this.draft.route(route.id)?.placed;
    const order = placed ? this.known(placed) : open;
    const left = order.filter((stop) => !this.draft.isLifted(stop.id));
    return (placed ? null : alongLine(route, left, zoom, isChosen)) ?? this.straight(route, left);
  }

  /** Straight ways along the order a route has with the draft, for lack of one along the roads. */
  drafted(route: Route): Leg[] {
    const order = this.draft.route(route.id)?.order;
    return this.straight(route, order ? this.known(order) : this.scene.stopsOf(route.id).filter(isOpen));
  }

  private known(ids: readonly string[]): Stop[] {
    return ids.flatMap((id) => this.draft.find(this.scene, id) ?? []).filter(isOpen);
  }

  private straight(route: Route, order: readonly Stop[]): Leg[] {
    const start = this.startOf(route);
    const home = this.scene.depots.get(route.depot_id);
    const from = [...(start ? [{ id: "", at: start }] : []), ...order.map((stop) => ({ id: stop.id, at: stop as Placed }))];
    const to = [...order.map((stop) => ({ id: stop.id, at: stop as Placed })), ...(home ? [{ id: "", at: home as Placed }] : [])];
    const ends = start ? to : to.slice(1);
    return from.slice(0, ends.length).map(({ id, at }, i) => ({
      routeId: route.id, after: id, before: ends[i]!.id, points: Float64Array.of(at.x, at.y, ends[i]!.at.x, ends[i]!.at.y),
    }));
  }

  private startOf(route: Route): Placed | null {
    const settled = this.scene.stopsOf(route.id).filter((stop) => !isOpen(stop));
    const vehicle = settled.some((stop) => isCurrent(stop.state)) ? null : this.vehicleAt(route.vehicle_id);
    return vehicle ?? settled.at(-1) ?? this.scene.depots.get(route.depot_id) ?? null;
  }
}

/** The ways along the line of a route as it is drawn; null where the line is not that of its order. */
function alongLine(route: Route, order: readonly Stop[], zoom: number, isChosen: boolean): Leg[] | null {
  if (!route.line || route.stop_at.length === 0) return null;
  const shape = isChosen ? route.line.onRoad(zoom) : route.line.inLane(zoom);
  const ends = [...order.map((stop) => ({ id: stop.id, at: route.stop_at[stop.number - 1] ?? 1 })), { id: "", at: 1 }];
  let from = { id: "", at: route.done_fraction };
  return ends.flatMap((to) => {
    const leg = { routeId: route.id, after: from.id, before: to.id, points: stretch(shape, from.at, to.at) };
    from = to;
    return leg.points.length > 0 ? [leg] : [];
  });
}

/** Ways nearly as near as the nearest one, pixels: of these the one that suits the stop best. */
const AS_NEAR_PX = 4;
/** The selected route is drawn wider and over the others, and preferred as much, pixels. */
const CHOSEN_PX = 7;

export interface Reach {
  /** Pixels to one unit of the square. */
  readonly scale: number;
  readonly px: number;
  /** The selected route, or empty. */
  readonly chosen: string;
  /** The door of what is to be put there. */
  readonly door: Placed;
}

/** The place nearest to a point, or null where none is within reach. */
export function nearestPlace(legs: readonly Leg[], at: Placed, { scale, px, chosen, door }: Reach): Place | null {
  const near = legs.flatMap((leg) => {
    const foot = footOnLine(leg.points, at.x, at.y, px / scale);
    const away = foot && Math.sqrt(foot.square) * scale - (leg.routeId === chosen ? CHOSEN_PX : 0);
    return foot ? [{ leg, foot, away: away! }] : [];
  });
  const nearest = Math.min(...near.map((place) => place.away));
  const found = near.filter((place) => place.away <= nearest + AS_NEAR_PX);
  found.sort((a, b) => detour(a.leg, door) - detour(b.leg, door));
  return found[0] ?? null;
}

/** How much longer a leg becomes as the crow flies when it goes by a door. */
function detour({ points }: Leg, door: Placed): number {
  const last = points.length - 2;
  const by = Math.hypot(door.x - points[0]!, door.y - points[1]!) + Math.hypot(points[last]! - door.x, points[last + 1]! - door.y);
  return by - Math.hypot(points[last]! - points[0]!, points[last + 1]! - points[1]!);
}
