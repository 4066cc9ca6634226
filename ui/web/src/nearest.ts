/** The point of a line that is nearest to another point, all in unit-square units. */

export interface Foot {
  readonly x: number;
  readonly y: number;
  /** Square of the distance to the point asked about. */
  readonly square: number;
}

/** The nearest point of a line within `reach`, or null. */
export function footOnLine(points: Float64Array, x: number, y: number, reach: number): Foot | null {
  let best: Foot | null = null;
  let enough = reach * reach;
  for (let i = 2; i < points.length; i += 2) {
    const ax = points[i - 2]!, ay = points[i - 1]!, bx = points[i]!, by = points[i + 1]!;
    if (x < Math.min(ax, bx) - reach || x > Math.max(ax, bx) + reach) continue;
    if (y < Math.min(ay, by) - reach || y > Math.max(ay, by) + reach) continue;
    const foot = footOnSegment(x, y, ax, ay, bx - ax, by - ay);
    if (foot.square > enough) continue;
    best = foot;
    enough = foot.square;
  }
  return best;
}

function footOnSegment(x: number, y: number, ax: number, ay: number, dx: number, dy: number): Foot {
  const square = dx * dx + dy * dy;
  const t = square === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / square));
  const foot = { x: ax + t * dx, y: ay + t * dy };
  return { ...foot, square: (x - foot.x) ** 2 + (y - foot.y) ** 2 };
}
