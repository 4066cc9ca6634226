/** Labels of things that move: none over another, and none that comes and goes from frame to frame. */

import { LabelRoom, type Rectangle } from "./labelRoom";

export interface Label {
  /** What it names, the same from drawing to drawing. */
  readonly key: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Drawn before all others where there is room. */
  readonly isFirst: boolean;
}

/** Room around a label that was not there before, pixels; one that was needs none. */
const NEWCOMERS_MARGIN = 6;

export class SteadyLabels {
  private shown = new Set<number>();

  /** The labels to draw: none meets another or what is `kept` free; those drawn before come first. */
  lay(labels: readonly Label[], kept: readonly Rectangle[]): Label[] {
    const room = new LabelRoom();
    for (const place of kept) room.block(place);
    const laid = [
      ...labels.filter((label) => label.isFirst),
      ...labels.filter((label) => !label.isFirst && this.shown.has(label.key)),
      ...labels.filter((label) => !label.isFirst && !this.shown.has(label.key)),
    ].filter((label) => {
      const place = { left: label.left, top: label.top, right: label.left + label.width, bottom: label.top + label.height };
      if (!room.isFree(place, label.isFirst || this.shown.has(label.key) ? 0 : NEWCOMERS_MARGIN)) return false;
      room.block(place);
      return true;
    });
    this.shown = new Set(laid.map((label) => label.key));
    return laid;
  }
}
