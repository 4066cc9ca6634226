/** The mouse and Esc, caught before the map sees them: a stop is dragged, the map stays put. */

import type { Spot, StopDrag } from "./stopDrag";

export interface DragTargets {
  /** Id of the stop that a press at a point takes hold of, or empty. */
  stopToPress(at: Spot): string;
  moved(at: Spot): void;
}

export function listenToDrags(container: HTMLElement, drag: StopDrag, targets: DragTargets): void {
  const at = (event: MouseEvent): Spot => {
    const box = container.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const hide = (event: Event): void => {
    event.stopImmediatePropagation();
    event.preventDefault();
  };
  container.addEventListener("mousedown", (event) => {
    const isPlain = event.button === 0 && !event.shiftKey && !event.ctrlKey && !event.altKey;
    const isOnMap = event.target instanceof Element && !event.target.closest(".leaflet-control, .box");
    const stopId = isPlain && isOnMap ? targets.stopToPress(at(event)) : "";
    if (stopId) drag.press(stopId, at(event));
  }, { capture: true });
  window.addEventListener("mousemove", (event) => {
    if (!drag.isPressed) return;
    hide(event);
    if ((event.buttons & 1) === 0) drag.abandon();
    else {
      drag.move(at(event));
      targets.moved(at(event));
    }
  }, { capture: true });
  // The release itself goes on to the map, which would otherwise drag on without it.
  window.addEventListener("mouseup", (event) => {
    if (event.button !== 0 || !drag.isPressed) return;
    const wasDrag = drag.isDragging;
    drag.release(at(event));
    if (wasDrag) swallowClick();
  }, { capture: true });
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag.isDragging) return;
    hide(event);
    drag.cancel();
  }, { capture: true });
  window.addEventListener("blur", () => drag.cancel());

  /** The click that ends a drag selects nothing. */
  function swallowClick(): void {
    const stop = (event: Event): void => event.stopImmediatePropagation();
    container.addEventListener("click", stop, { capture: true, once: true });
    window.addEventListener("mousedown", () => container.removeEventListener("click", stop, true), { capture: true, once: true });
  }
}
