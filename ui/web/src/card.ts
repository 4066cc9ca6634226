/** The card beside the pointer. Every text in it is set as text, never as markup. */

import { severityShares, type Cluster } from "./cluster";
import type { Fleet } from "./fleet";
import { vehicleLook } from "./look";
import type { Scene, Stop } from "./scene";
import { ageWords, KIND_WORDS, PUNCTUALITY_WORDS, SEVERITY_WORDS, speedWords, STATE_WORDS, WORDS } from "./strings";
import { punctualityOf, vehicleKindOf, type Punctuality, type Selection, type Severity } from "./words";

export interface CardText {
  readonly title: string;
  readonly badge: string;
  readonly tone: Punctuality | Severity | "";
  readonly subtitle: string;
  readonly rows: readonly (readonly [string, string])[];
}

export function vehicleCard(fleet: Fleet, scene: Scene, slot: number, clock: number): CardText {
  const name = scene.names.get(fleet.handle[slot]!);
  const age = fleet.ageS(slot, clock);
  const { punctuality } = vehicleLook(punctualityOf(fleet.punctuality[slot]!), age);
  const route = scene.routes.get(name?.route_id ?? "");
  const rows: [string, string][] = [];
  if (route) rows.push([WORDS.route, route.name]);
  if (name?.next_stop) rows.push([WORDS.next_stop, name.next_stop]);
  if (name?.eta) rows.push([WORDS.eta, name.eta]);
  rows.push([WORDS.speed, speedWords(fleet.speed[slot]!)], [WORDS.data_age, ageWords(age)]);
  const about = [name?.driver, KIND_WORDS[vehicleKindOf(fleet.kind[slot]!)], name?.carrier];
  return {
    title: name?.label ?? `#${fleet.handle[slot]}`,
    badge: PUNCTUALITY_WORDS[punctuality],
    tone: punctuality,
    subtitle: about.filter(Boolean).join(" · "),
    rows,
  };
}

export function markCard(scene: Scene, selection: Selection): CardText | null {
  if (selection.kind === "stop") {
    const stop = scene.stops.get(selection.id);
    return stop ? stopCard(scene, stop) : null;
  }
  if (selection.kind === "exception") return exceptionCard(scene, selection.id);
  if (selection.kind === "route") return routeCard(scene, selection.id);
  const depot = scene.depots.get(selection.id);
  return depot ? { title: depot.label || WORDS.depot, badge: WORDS.depot, tone: "", subtitle: "", rows: [] } : null;
}

export function clusterCard(cluster: Cluster): CardText {
  const trouble = [[cluster.late, "late"], [cluster.atRisk, "at_risk"], [cluster.silent ?? 0, "no_signal"]] as const;
  return {
    title: clusterTitle(cluster),
    badge: trouble.filter(([count]) => count > 0).map(([count, how]) => `${count} ${PUNCTUALITY_WORDS[how]}`).join(" · "),
    tone: cluster.late > 0 ? "late" : "at_risk",
    subtitle: cluster.count > 0 ? `${cluster.done} ${PUNCTUALITY_WORDS.done}` : "",
    rows: severityShares(cluster).map(([severity, count]) => [SEVERITY_WORDS[severity], String(count)] as const),
  };
}

function clusterTitle(cluster: Cluster): string {
  if (cluster.vehicles) return `${cluster.vehicles} ${WORDS.vehicles_here}`;
  if (cluster.count > 0) return `${cluster.count} ${cluster.count === 1 ? WORDS.stop_here : WORDS.stops_here}`;
  return `${cluster.severities.reduce((sum, count) => sum + count, 0)} ${WORDS.exceptions_here}`;
}

function stopCard(scene: Scene, stop: Stop): CardText {
  const route = scene.routes.get(stop.route_id);
  const isReturn = stop.kind === "return" ? ` · ${WORDS.return_stop}` : "";
  return {
    title: stop.number > 0 ? `${stop.number} · ${stop.label}` : stop.label,
    badge: stopBadge(stop),
    tone: stop.route_id === "" ? "" : stop.punctuality,
    subtitle: [stop.expected, stop.window].filter(Boolean).join(" · "),
    rows: [...(route ? [[WORDS.route, route.name + isReturn] as const] : []), ...(stop.is_locked ? [["", WORDS.locked] as const] : [])],
  };
}

function stopBadge(stop: Stop): string {
  if (stop.state !== "planned") return STATE_WORDS[stop.state];
  return stop.route_id === "" ? WORDS.unassigned : PUNCTUALITY_WORDS[stop.punctuality];
}

function routeCard(scene: Scene, id: string): CardText | null {
  const route = scene.routes.get(id);
  if (!route) return null;
  const handle = scene.handleOf(route.vehicle_id);
  const vehicle = handle === undefined ? undefined : scene.names.get(handle);
  return {
    title: route.name,
    badge: PUNCTUALITY_WORDS[route.punctuality],
    tone: route.punctuality,
    subtitle: [vehicle?.driver, vehicle?.label].filter(Boolean).join(" · "),
    rows: [],
  };
}

function exceptionCard(scene: Scene, id: string): CardText | null {
  const exception = scene.exceptions.get(id);
  if (!exception) return null;
  return {
    title: exception.kind.replaceAll("_", " "),
    badge: SEVERITY_WORDS[exception.severity],
    tone: exception.severity,
    subtitle: exception.label,
    rows: [],
  };
}

const GAP_PX = 18;

export class Card {
  private readonly element = document.createElement("div");
  private shown = "";

  constructor(private readonly host: HTMLElement) {
    this.element.className = "card";
    this.element.setAttribute("role", "tooltip");
    host.append(this.element);
  }

  /** Shows a text beside a container point, on the side where there is room. */
  show(text: CardText, x: number, y: number): void {
    const key = JSON.stringify(text);
    if (key !== this.shown) {
      this.shown = key;
      this.element.replaceChildren(...cardContent(text));
    }
    this.element.classList.add("is-shown");
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = x + GAP_PX + width < this.host.clientWidth ? x + GAP_PX : x - GAP_PX - width;
    const top = Math.max(6, Math.min(this.host.clientHeight - height - 6, y - height / 2));
    this.element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  hide(): void {
    this.element.classList.remove("is-shown");
  }
}

function cardContent(text: CardText): HTMLElement[] {
  const head = textElement("div", "card-head", "");
  head.append(textElement("span", "card-title", text.title));
  if (text.badge) {
    const badge = textElement("span", "card-badge", text.badge);
    badge.dataset["tone"] = text.tone;
    head.append(badge);
  }
  const parts = [head];
  if (text.subtitle) parts.push(textElement("div", "card-subtitle", text.subtitle));
  for (const [name, value] of text.rows) {
    const row = textElement("div", "card-row", "");
    row.append(textElement("span", "card-name", name), textElement("span", "card-value", value));
    parts.push(row);
  }
  return parts;
}

function textElement(tag: string, className: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
