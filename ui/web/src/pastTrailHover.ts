/** What the pointer is over on a trail: a stay, the marked moment, a stretch away from the line. */

import type * as L from "leaflet";
import { Card } from "./card";
import { footOnLine } from "./nearest";
import type { PastTrail, Spot } from "./pastTrail";
import type { PastTrailLayer } from "./pastTrailLayer";

const STAY_REACH_PX = 9;
const MOMENT_REACH_PX = 16;
const STRAY_REACH_PX = 8;

interface Worlds {
  worldAt(at: { readonly x: number; readonly y: number }): { readonly x: number; readonly y: number };
  rest(): void;
}

export interface Said {
  readonly title: string;
  readonly words: string;
}

/** What is said about a unit-square point of a trail, or null; `pixel` is one pixel's length. */
export function saidAt(trails: readonly PastTrail[], x: number, y: number, pixel: number): Said | null {
  for (const trail of trails) {
    const spot = nearSpot(trail, x, y, pixel);
    if (spot) return { title: trail.record.label, words: spot.words };
  }
  for (const trail of trails) {
    const stray = trail.record.strays.find((one) => footOnLine(trail.stretch(one), x, y, STRAY_REACH_PX * pixel));
    if (stray) return { title: trail.record.label, words: stray.words };
  }
  return null;
}

function nearSpot(trail: PastTrail, x: number, y: number, pixel: number): Spot | undefined {
  const isNear = (spot: Spot, reach: number): boolean => Math.hypot(spot.x - x, spot.y - y) <= reach * pixel;
  const stay = trail.stays.find((one) => isNear(one, STAY_REACH_PX));
  return stay ?? (trail.moment && isNear(trail.moment, MOMENT_REACH_PX) ? trail.moment : undefined);
}

/** Shows a card for it, instead of the one for what lies below. */
export class PastTrailHover {
  private readonly card: Card;

  constructor(private readonly map: L.Map, private readonly layer: PastTrailLayer, private readonly pointer: Worlds) {
    this.card = new Card(map.getContainer());
    map.on("mousemove", (event: L.LeafletMouseEvent) => this.onMoved(event.containerPoint));
    map.on("mouseout dragstart zoomstart", () => this.card.hide());
  }

  private onMoved(at: L.Point): void {
    const { x, y } = this.pointer.worldAt(at);
    const said = saidAt(this.layer.trails, x, y, 1 / (256 * 2 ** this.map.getZoom()));
    if (!said) {
      this.card.hide();
      return;
    }
    this.pointer.rest();
    this.card.show({ title: said.title, badge: "", tone: "", subtitle: said.words, rows: [] }, at.x, at.y);
  }
}
