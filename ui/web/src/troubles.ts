/** The open exceptions sorted by where and how they are drawn; made anew only when they change. */

import { inRows } from "./fan";
import type { Exception } from "./scene";

/** An exception and its step sideways in the row of those at the same place. */
export interface InRow {
  readonly mark: Exception;
  readonly sideways: number;
}

export class Troubles {
  /** Critical ones, at places and on vehicles: each has a mark of its own at every zoom. */
  critical: readonly InRow[] = [];
  /** Less than critical, at places. */
  standing: readonly InRow[] = [];
  /** Less than critical, on vehicles. */
  travelling: readonly InRow[] = [];
  /** Stops with a critical exception. */
  criticalStops: ReadonlySet<string> = new Set();
  /** Vehicles with a critical exception. */
  criticalVehicles: ReadonlySet<string> = new Set();

  constructor(exceptions: Iterable<Exception> = []) {
    const rows = inRows([...exceptions], placeOf);
    this.critical = rows.filter(({ mark }) => mark.severity === "critical").sort(byId);
    const others = rows.filter(({ mark }) => mark.severity !== "critical");
    this.standing = others.filter(({ mark }) => mark.vehicle_id === "");
    this.travelling = others.filter(({ mark }) => mark.vehicle_id !== "");
    this.criticalStops = new Set(this.critical.map(({ mark }) => mark.stop_id).filter(Boolean));
    this.criticalVehicles = new Set(this.critical.map(({ mark }) => mark.vehicle_id).filter(Boolean));
  }
}

function placeOf(exception: Exception): string {
  return exception.vehicle_id || exception.stop_id || `${exception.lat} ${exception.lon}`;
}

function byId(a: InRow, b: InRow): number {
  return a.mark.id < b.mark.id ? -1 : 1;
}
