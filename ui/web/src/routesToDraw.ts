/** Which routes' lines are drawn where there are more than anybody could tell apart. */

import type { Point } from "leaflet";
import type { ViewTransform } from "./mercator";
import type { Route } from "./scene";
import type { Box } from "./stopColumns";
import type { Punctuality } from "./words";

/** More lines than these are no picture of routes any more, but a blot. */
export const MOST_ROUTES = 250;

/** Whose lines are kept where there are too many, the first first. */
const FIRST: readonly Punctuality[] = ["late", "at_risk", "no_signal", "on_time", "idle", "done"];

export interface RoutesDrawn {
  readonly routes: Route[];
  /** How many lines in view are left out. */
  readonly left: number;
}

/** What a canvas shows of the unit square. */
export function boxOfView({ scale, offsetX, offsetY }: ViewTransform, { x, y }: Point): Box {
  return { minX: offsetX / scale, minY: offsetY / scale, maxX: (offsetX + x) / scale, maxY: (offsetY + y) / scale };
}

/**
 * The routes to draw in a box, in the order of `routes`: all of those that must be, then those
 * that stand worst, `most` at the most.
 */
export function routesToDraw(routes: Iterable<Route>, box: Box, must: (route: Route) => boolean, most = MOST_ROUTES): RoutesDrawn {
  const inView = [...routes].filter((route) => route.line && meets(route.line.box, box));
  if (inView.length <= most) return { routes: inView, left: 0 };
  const order = (route: Route): number => (must(route) ? -1 : FIRST.indexOf(route.punctuality));
  const needed = inView.filter((route) => order(route) < 0).length;
  const ranked = inView.map((route, place) => ({ place, order: order(route) }));
  ranked.sort((a, b) => a.order - b.order || a.place - b.place);
  const places = ranked.slice(0, Math.max(most, needed)).map(({ place }) => place).sort((a, b) => a - b);
  return { routes: places.map((place) => inView[place]!), left: inView.length - places.length };
}

function meets(a: Box, b: Box): boolean {
  return a.minX <= b.maxX && b.minX <= a.maxX && a.minY <= b.maxY && b.minY <= a.maxY;
}
