/** Tracing long lines of which little is in view. */

import type { ViewTransform } from "./mercator";

/** How far outside of the canvas a line still counts: no line is drawn wider than twice this. */
const MARGIN_PX = 8;

/**
 * Adds a line to the current path of `ctx`, leaving out the segments that lie off the canvas.
 * `points` are unit-square x, y pairs; `width` and `height` are the canvas's, CSS pixels.
 */
export function tracePolyline(
  ctx: Pick<CanvasRenderingContext2D, "moveTo" | "lineTo">, points: Float64Array, view: ViewTransform, width: number, height: number,
): void {
  let isPenDown = false;
  let fromX = 0;
  let fromY = 0;
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i]! * view.scale - view.offsetX;
    const y = points[i + 1]! * view.scale - view.offsetY;
    if (i > 0 && mayCross(fromX, x, width) && mayCross(fromY, y, height)) {
      if (!isPenDown) ctx.moveTo(fromX, fromY);
      ctx.lineTo(x, y);
      isPenDown = true;
    } else {
      isPenDown = false;
    }
    fromX = x;
    fromY = y;
  }
}

function mayCross(from: number, to: number, length: number): boolean {
  return Math.max(from, to) > -MARGIN_PX && Math.min(from, to) < length + MARGIN_PX;
}
