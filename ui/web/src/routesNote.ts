/** Says on the map that not every line in view is drawn, and which are. */

import * as L from "leaflet";
import { WORDS } from "./strings";

export class RoutesNote {
  private readonly element = L.DomUtil.create("div", "box routes-note");

  /** Stands above whatever legends are on the map by then. */
  constructor(map: L.Map) {
    this.element.setAttribute("role", "status");
    const control = new L.Control({ position: "bottomleft" });
    control.onAdd = () => this.element;
    control.addTo(map);
  }

  /** Shows how many lines are drawn of those in view; hides where none is left out. */
  show(drawn: number, left: number): void {
    this.element.classList.toggle("is-shown", left > 0);
    if (left > 0) this.element.textContent = WORDS.routes_left.replace("{drawn}", String(drawn)).replace("{all}", String(drawn + left));
  }
}
