/** Which route's line lies under the pointer. */

import { footOnLine } from "./nearest";
import type { Route } from "./scene";
import type { Box } from "./stopColumns";

/**
 * The nearest line within `reach` of a point, all in unit-square units, or null. Of lines as
 * near as each other the later one wins, as it is drawn on top.
 */
export function nearestRoute(routes: Iterable<Route>, zoom: number, x: number, y: number, reach: number): Route | null {
  let best: Route | null = null;
  let within = reach;
  for (const route of routes) {
    const points = route.line && isNear(route.line.box, x, y, reach) ? route.line.inLane(zoom).points : null;
    const foot = points && footOnLine(points, x, y, within);
    if (foot) [best, within] = [route, Math.sqrt(foot.square)];
  }
  return best;
}

/** A line in its lane runs a little beside its box. */
function isNear({ minX, minY, maxX, maxY }: Box, x: number, y: number, reach: number): boolean {
  const room = reach * 4;
  return x > minX - room && x < maxX + room && y > minY - room && y < maxY + room;
}
