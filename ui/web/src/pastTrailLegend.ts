/** The legend of trails: which colour is which speed, and the other marks on them. */

import * as L from "leaflet";
import type { TrailsRecord } from "./pastTrail";
import { SPEED_COLOURS, speedWords } from "./pastTrailLook";
import { WORDS } from "./strings";

export class PastTrailLegend {
  private readonly element = L.DomUtil.create("div", "box trail-legend");

  constructor(map: L.Map) {
    L.DomEvent.disableClickPropagation(this.element);
    this.element.setAttribute("aria-label", WORDS.trail_legend);
    this.element.hidden = true;
    const control = new L.Control({ position: "bottomleft" });
    control.onAdd = () => this.element;
    control.addTo(map);
  }

  /** Says what is on the map; nothing hides it. */
  show(record: TrailsRecord): void {
    this.element.hidden = record.trails.length === 0;
    const marks = [entry("is-gap", WORDS.trail_gap), entry("is-stay", WORDS.trail_stay)];
    if (record.trails.some((trail) => trail.planned)) marks.push(entry("is-planned", WORDS.trail_planned));
    if (record.trails.some((trail) => trail.strays.length > 0)) marks.push(entry("is-stray", WORDS.trail_stray));
    this.element.replaceChildren(words("trail-title", record.title), ...speeds(record.bounds_kmh), ...marks);
  }
}

function speeds(bounds: readonly number[]): HTMLElement[] {
  const entries = speedWords(bounds).map((said, i) => {
    const made = entry("is-speed", said);
    (made.firstElementChild as HTMLElement).style.background = SPEED_COLOURS[i]!;
    return made;
  });
  return [...entries, words("trail-unit", WORDS.kmh)];
}

function entry(className: string, said: string): HTMLElement {
  const made = words("trail-entry", said);
  const swatch = document.createElement("i");
  swatch.className = className;
  made.prepend(swatch);
  return made;
}

function words(className: string, said: string): HTMLElement {
  const made = document.createElement("span");
  made.className = className;
  made.textContent = said;
  return made;
}
