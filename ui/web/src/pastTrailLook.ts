/** How trails look: the colours of speeds, told apart by their lightness alone. */

/** From slow to fast, each lighter than the one before; drawn on a dark casing in both themes. */
export const SPEED_COLOURS = ["#8f3fb0", "#3f6fe0", "#18a6a0", "#86cf4a", "#ffe94d"] as const;

export const CASING = "#0b1016";

export function speedColour(step: number): string {
  return SPEED_COLOURS[Math.min(step, SPEED_COLOURS.length - 1)]!;
}

/** What the classes between bounds are called: `under 10`, `10–30`, … `over 80`. */
export function speedWords(bounds: readonly number[]): string[] {
  if (bounds.length === 0) return [];
  const between = bounds.slice(1).map((bound, i) => `${bounds[i]}–${bound}`);
  return [`under ${bounds[0]}`, ...between, `over ${bounds.at(-1)}`];
}
