/** Says on the map which vehicle it follows, and how to stop. */

import { WORDS } from "./strings";

export class FollowChip {
  private readonly element = document.createElement("button");

  constructor(host: HTMLElement, onStop: () => void) {
    this.element.type = "button";
    this.element.className = "box follow-chip";
    this.element.title = WORDS.stop_following;
    this.element.addEventListener("click", (event) => {
      event.stopPropagation();
      onStop();
    });
    host.append(this.element);
  }

  /** Shows the name of the followed vehicle; an empty name hides the chip. */
  show(name: string): void {
    this.element.textContent = `${WORDS.following} ${name}  ×`;
    this.element.classList.toggle("is-shown", name !== "");
  }
}
