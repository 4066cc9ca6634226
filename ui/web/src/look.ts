/** What a status looks like: colour and, for eyes that do not tell colours apart, shape. */

import { routeColour, type Theme } from "./theme";
import { isCurrent, isOutcome, PUNCTUALITY, type Punctuality, type StopState } from "./words";

/** A fix older than this is drawn as stale even if nobody said so. */
export const STALE_AFTER_S = 180;

export type Badge = "none" | "triangle" | "bang";

export interface VehicleLook {
  readonly punctuality: Punctuality;
  readonly isHollow: boolean;
  readonly badge: Badge;
}

/** Hollow where the place is old news; a triangle at risk, an exclamation mark late. */
export function vehicleLook(punctuality: Punctuality, ageS: number): VehicleLook {
  return ageS > STALE_AFTER_S && !isResting(punctuality) ? LOOKS.no_signal : LOOKS[punctuality];
}

/** The code of how a vehicle stands, as it is drawn; `code` as the feed has it. */
export function standingCode(code: number, ageS: number): number {
  if (code >= PUNCTUALITY.length) return IDLE;
  return ageS > STALE_AFTER_S && code !== IDLE && code !== DONE ? NO_SIGNAL : code;
}

const [IDLE, DONE, NO_SIGNAL] = [PUNCTUALITY.indexOf("idle"), PUNCTUALITY.indexOf("done"), PUNCTUALITY.indexOf("no_signal")] as const;

const LOOKS: Readonly<Record<Punctuality, VehicleLook>> = {
  on_time: { punctuality: "on_time", isHollow: false, badge: "none" },
  at_risk: { punctuality: "at_risk", isHollow: false, badge: "triangle" },
  late: { punctuality: "late", isHollow: false, badge: "bang" },
  done: { punctuality: "done", isHollow: false, badge: "none" },
  no_signal: { punctuality: "no_signal", isHollow: true, badge: "none" },
  idle: { punctuality: "idle", isHollow: false, badge: "none" },
};

function isResting(punctuality: Punctuality): boolean {
  return punctuality === "idle" || punctuality === "done";
}

export type StopMark = "number" | "check" | "cross" | "dash";

export interface StopLook {
  readonly mark: StopMark;
  readonly fill: string;
  readonly ring: string;
  readonly ink: string;
  readonly alpha: number;
  readonly isCurrent: boolean;
}

interface StopStanding {
  readonly state: StopState;
  readonly punctuality: Punctuality;
}

/** How a stop of the selected route is drawn; the next one is filled with the route's colour. */
export function stopLook(theme: Theme, stop: StopStanding, colour: number, isNext = false): StopLook {
  const ring = routeColour(theme, colour);
  const plain = { mark: "number", fill: theme.map.stop_fill, ring, ink: theme.text, alpha: 1, isCurrent: false } as const;
  if (isOutcome(stop.state)) return { ...plain, mark: outcomeMark(stop.state), ink: theme.muted, alpha: 0.62 };
  const stands = { ...plain, isCurrent: isNext || isCurrent(stop.state) };
  if (stop.punctuality === "late") {
    return { ...stands, fill: theme.marks.late, ring: theme.marks.late, ink: theme.map.route_casing };
  }
  if (isNext) return { ...stands, fill: ring, ink: theme.map.route_casing };
  if (stop.punctuality === "at_risk") return { ...stands, ring: theme.marks.at_risk, ink: theme.status.at_risk };
  return stands;
}

function outcomeMark(state: StopState): StopMark {
  if (state === "delivered" || state === "collected") return "check";
  return state === "attempted" ? "cross" : "dash";
}

/**
 * Vehicles shrink further where very many are in view, so that they can be told apart. In
 * steps, because each size of them is rendered once and kept.
 */
export function vehicleScale(zoom: number, inView: number): number {
  const crowd = Math.max(0.4, Math.sqrt(400 / Math.max(400, inView)));
  return Math.max(0.4, Math.round(markScale(zoom) * crowd * 10) / 10);
}

/** With more vehicles in view than the first those close together become one mark, until fewer than the second are. */
const CROWD_FROM = 1500;
const CROWD_UNTIL = 1200;

/** Whether so many vehicles are in view that an arrow each would only be a smear. */
export function isCrowd(inView: number, wasCrowd: boolean): boolean {
  return inView > (wasCrowd ? CROWD_UNTIL : CROWD_FROM);
}

/** Marks shrink when the map is far out, so that they do not bury it: 1 at zoom 14 and closer. */
export function markScale(zoom: number): number {
  return Math.max(0.62, Math.min(1, 1 - (14 - zoom) * 0.095));
}
