/** The closed vocabularies of the feed, in the order of their codes. */

export const PUNCTUALITY = ["on_time", "at_risk", "late", "done", "no_signal", "idle"] as const;
export type Punctuality = (typeof PUNCTUALITY)[number];

export const VEHICLE_KINDS = ["van", "e_van", "truck", "car", "cargo_bike", "bus"] as const;
export type VehicleKind = (typeof VEHICLE_KINDS)[number];

export const SEVERITIES = ["critical", "major", "minor", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

export type StopState =
  | "planned" | "en_route" | "arrived" | "servicing" | "delivered"
  | "attempted" | "collected" | "cancelled" | "skipped";

export type Selection = { readonly kind: SelectionKind; readonly id: string };
export type SelectionKind = "vehicle" | "stop" | "route" | "exception" | "depot" | "";

const OUTCOMES: ReadonlySet<StopState> = new Set([
  "delivered", "attempted", "collected", "cancelled", "skipped",
] as const);
const CURRENT: ReadonlySet<StopState> = new Set(["arrived", "servicing"] as const);
const UNDER_WAY: ReadonlySet<StopState> = new Set(["en_route", "arrived", "servicing"] as const);

export function isOutcome(state: StopState): boolean {
  return OUTCOMES.has(state);
}

export function isUnderWay(state: StopState): boolean {
  return UNDER_WAY.has(state);
}

export function isCurrent(state: StopState): boolean {
  return CURRENT.has(state);
}

/** The word for a code of the feed; unknown codes read as idle, as in the gateway. */
export function punctualityOf(code: number): Punctuality {
  return PUNCTUALITY[code] ?? "idle";
}

export function vehicleKindOf(code: number): VehicleKind {
  return VEHICLE_KINDS[code] ?? "van";
}
