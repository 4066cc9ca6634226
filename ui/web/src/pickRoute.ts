/** Which route's line lies under the pointer. */

import type { Route } from "./scene";

/**
 * The nearest line within `reach` of a point, all in unit-square units, or null. Of lines as
 * near as each other the later one wins, as it is drawn on top.
 */
export function nearestRoute(routes: Iterable<Route>, zoom: number, x: number, y: number, reach: number): Route | null {
  let best: Route | null = null;
  let bestSquare = reach * reach;
  for (const route of routes) {
    const points = route.line?.inLane(zoom).points;
    if (!points) continue;
    const square = squareToLine(points, x, y, bestSquare);
    if (square <= bestSquare) [best, bestSquare] = [route, square];
  }
  return best;
}

function squareToLine(points: Float64Array, x: number, y: number, enough: number): number {
  const reach = Math.sqrt(enough);
  let best = Infinity;
  for (let i = 2; i < points.length; i += 2) {
    const ax = points[i - 2]!, ay = points[i - 1]!, bx = points[i]!, by = points[i + 1]!;
    if (x < Math.min(ax, bx) - reach || x > Math.max(ax, bx) + reach) continue;
    if (y < Math.min(ay, by) - reach || y > Math.max(ay, by) + reach) continue;
    best = Math.min(best, squareToSegment(x - ax, y - ay, bx - ax, by - ay));
  }
  return best;
}

function squareToSegment(px: number, py: number, dx: number, dy: number): number {
  const square = dx * dx + dy * dy;
  const t = square === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / square));
  return (px - t * dx) ** 2 + (py - t * dy) ** 2;
}
