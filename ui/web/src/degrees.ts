/** The steps and the wording of latitude and longitude lines. */

const STEPS = [30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
const WANTED_PX = 150;

/** The finest step in degrees whose lines stay at least ~150 px apart. */
export function graticuleStep(scale: number): number {
  const degreePx = scale / 360;
  return STEPS.findLast((step) => step * degreePx >= WANTED_PX) ?? STEPS[0]!;
}

/** `47.2° N`, with as many decimals as the step needs. */
export function degreeLabel(value: number, step: number, letters: readonly [string, string]): string {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return `${Math.abs(value).toFixed(decimals)}° ${value < 0 ? letters[1] : letters[0]}`;
}
