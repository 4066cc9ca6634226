/** How long it takes to know what is under the pointer. */

import { quantile } from "./statistics";

const PICKS = 400;
/** The page's clock is coarse, so several are timed together; of some rounds the least, so that other processes' turns do not count. */
const TIMES = 4;
const ROUNDS = 3;

export interface PickTimes {
  readonly pick_p50_ms: number;
  readonly pick_p95_ms: number;
  readonly pick_max_ms: number;
  readonly picks: number;
}

/**
 * Looks at points all over a map of `width` by `height` pixels. `forget` is called before each
 * look, so that what is indexed after a drawing is counted with every one.
 */
export function timePicks(width: number, height: number, look: (x: number, y: number) => void, forget: () => void): PickTimes {
  const took = Float64Array.from({ length: PICKS }, (_, k) => {
    // Spread evenly without repeating a line or a column (a lattice of the golden ratio).
    const x = ((k * 0.6180339887498949) % 1) * width;
    const y = ((k + 0.5) / PICKS) * height;
    return Math.min(...Array.from({ length: ROUNDS }, () => meanOf(() => {
      forget();
      look(x, y);
    })));
  });
  return { pick_p50_ms: quantile(took, 0.5), pick_p95_ms: quantile(took, 0.95), pick_max_ms: quantile(took, 1), picks: PICKS };
}

function meanOf(look: () => void): number {
  const begun = performance.now();
  for (let time = 0; time < TIMES; time++) look();
  return (performance.now() - begun) / TIMES;
}
