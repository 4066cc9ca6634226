/** What the page that will take this one's place goes on with, and whether it may do so now. */

import type * as L from "leaflet";
import type { Trails } from "./trails";

const TOUCHES = ["pointerdown", "wheel", "keydown"] as const;
const LAYERS_BOX = ".box.layers";

/** Knows when somebody was last at the map. */
export class Touches {
  private at = -Infinity;
  private isPressed = false;

  constructor(container: HTMLElement) {
    for (const touch of TOUCHES) container.addEventListener(touch, () => (this.at = performance.now()), { capture: true, passive: true });
    container.addEventListener("pointerdown", () => (this.isPressed = true), { capture: true });
    for (const end of ["pointerup", "pointercancel"]) {
      window.addEventListener(end, () => (this.isPressed = false), { capture: true });
    }
  }

  /** How long ago, milliseconds; as long as the page is old where nobody was. */
  get quietMs(): number {
    return performance.now() - Math.max(0, this.at);
  }

  /** A button is held, or what lies under the pointer is being told. */
  get isBusy(): boolean {
    return this.isPressed || document.querySelector(".card.is-shown") !== null;
  }
}

interface Own {
  readonly isLayersBoxClosed: boolean;
  readonly crumbs: readonly (readonly [number, readonly number[]])[];
}

/** What only pages understand, as text. */
export function ownOf(map: L.Map, trails: Trails, areTrailsShown: boolean): string {
  const box = map.getContainer().querySelector(LAYERS_BOX);
  const own: Own = {
    isLayersBoxClosed: box?.classList.contains("is-closed") ?? false,
    crumbs: areTrailsShown ? trails.all() : [],
  };
  return JSON.stringify(own);
}

/** Goes on with what another page kept; `text` is empty where there was none. */
export function goOnWith(text: string, map: L.Map, trails: Trails): void {
  if (!text) return;
  const own = JSON.parse(text) as Own;
  const title = map.getContainer().querySelector<HTMLElement>(`${LAYERS_BOX} .box-title`);
  if (own.isLayersBoxClosed) title?.click();
  trails.take(own.crumbs);
}
