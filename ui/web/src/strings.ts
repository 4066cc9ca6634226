/** Every word the page shows, in one place. */

import { UNKNOWN } from "./frame";
import type { Punctuality, Severity, StopState, VehicleKind } from "./words";

export const PUNCTUALITY_WORDS: Record<Punctuality, string> = {
  on_time: "on time",
  at_risk: "at risk",
  late: "late",
  done: "done",
  no_signal: "no signal",
  idle: "idle",
};

export const KIND_WORDS: Record<VehicleKind, string> = {
  van: "van",
  e_van: "e-van",
  truck: "truck",
  car: "car",
  cargo_bike: "cargo bike",
  bus: "bus",
};

export const STATE_WORDS: Record<StopState, string> = {
  planned: "planned",
  en_route: "next",
  arrived: "arrived",
  servicing: "being served",
  delivered: "delivered",
  attempted: "attempted",
  collected: "collected",
  cancelled: "cancelled",
  skipped: "skipped",
};

export const SEVERITY_WORDS: Record<Severity, string> = {
  critical: "critical",
  major: "major",
  minor: "minor",
  info: "info",
};

export const WORDS = {
  layers: "Layers",
  vehicles: "Vehicles",
  stops: "Stops",
  routes: "Routes",
  trails: "Trails",
  trail_legend: "What trails show",
  trail_gap: "no signal",
  trail_stay: "stood",
  trail_planned: "planned",
  trail_stray: "off the line",
  exceptions: "Exceptions",
  vehicle_names: "Vehicle names",
  map_labels: "Map labels",
  legend: "Legend",
  stop: "stop",
  depot: "depot",
  exception: "exception",
  route: "Route",
  next_stop: "Next",
  eta: "ETA",
  speed: "Speed",
  data_age: "Data age",
  zoom_in: "Zoom in (+)",
  zoom_out: "Zoom out (−)",
  fit_route: "Fit to route (R)",
  fit_all: "Fit all (0)",
  following: "Following",
  stop_following: "Stop following (Esc)",
  return_stop: "return",
  stops_here: "stops here",
  routes_left: "{drawn} of {all} route lines drawn, late and at risk first · zoom in for all",
  stop_here: "stop here",
  vehicles_here: "vehicles here",
  exceptions_here: "exceptions here",
  unassigned: "Unassigned",
  take_off: "drop here to take it off its route",
  locked: "locked",
  kmh: "km/h",
  standing: "standing",
  not_told: "not told",
} as const;

/** An age in the shortest words that are still exact enough: 4 s, 3 min, 2 h. */
export function ageWords(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** A speed in cm/s as the field says it. */
export function speedWords(cmPerS: number): string {
  if (cmPerS === UNKNOWN) return WORDS.not_told;
  const kmh = (cmPerS * 3.6) / 100;
  return kmh < 2 ? WORDS.standing : `${Math.round(kmh)} ${WORDS.kmh}`;
}
