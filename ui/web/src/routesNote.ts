/** Says on the map that not every line in view is drawn, and which are. */

import { WORDS } from "./strings";

export class RoutesNote {
  private readonly element = document.createElement("div");

  constructor(host: HTMLElement) {
    this.element.className = "box routes-note";
    this.element.setAttribute("role", "status");
    host.append(this.element);
  }

  /** Shows how many lines are drawn of those in view; hides where none is left out. */
  show(drawn: number, left: number): void {
    this.element.classList.toggle("is-shown", left > 0);
    if (left > 0) this.element.textContent = WORDS.routes_left.replace("{drawn}", String(drawn)).replace("{all}", String(drawn + left));
  }
}
