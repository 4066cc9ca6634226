/** Stops drawn together where the map is too far out to tell them apart. */

import type { Stop } from "./scene";
import { isOutcome } from "./words";

export interface Cluster {
  readonly x: number;
  readonly y: number;
  readonly stops: readonly Stop[];
  readonly late: number;
  readonly atRisk: number;
  readonly done: number;
}

/**
 * Groups stops that fall in the same cell of a grid fixed to the world, so that panning does
 * not regroup them. `cell` is the width of a cell in unit-square units.
 */
export function clusterStops(stops: Iterable<Stop>, cell: number): Cluster[] {
  const cells = new Map<string, Stop[]>();
  for (const stop of stops) {
    const key = `${Math.floor(stop.x / cell)}:${Math.floor(stop.y / cell)}`;
    const found = cells.get(key);
    if (found) found.push(stop);
    else cells.set(key, [stop]);
  }
  return [...cells.values()].map(summarise);
}

function summarise(stops: Stop[]): Cluster {
  const open = stops.filter((stop) => !isOutcome(stop.state));
  return {
    x: stops.reduce((sum, stop) => sum + stop.x, 0) / stops.length,
    y: stops.reduce((sum, stop) => sum + stop.y, 0) / stops.length,
    stops,
    late: open.filter((stop) => stop.punctuality === "late").length,
    atRisk: open.filter((stop) => stop.punctuality === "at_risk").length,
    done: stops.length - open.length,
  };
}
