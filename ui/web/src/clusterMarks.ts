/** Marks that stand for many: clusters of stops, crowds of vehicles, exceptions counted together. */

import { severityShares, type Cluster } from "./cluster";
import { circle, drawText, severityPath } from "./marks";
import { withAlpha, type Theme } from "./theme";
import type { Severity } from "./words";

/**
 * Much in one mark: how many stops, arcs for how many of them are late and at risk, and below
 * how many exceptions of which severity, each by its shape.
 */
export function drawCluster(ctx: CanvasRenderingContext2D, theme: Theme, x: number, y: number, cluster: ClusterCounts): void {
  if (cluster.count > 0) drawStopCount(ctx, theme, x, y, cluster);
  const below = cluster.count > 0 ? clusterRadius(cluster.count) + 2 : 0;
  drawSeverities(ctx, theme, x, y + below, severityShares(cluster));
}

type ClusterCounts = Pick<Cluster, "count" | "late" | "atRisk" | "severities">;

function drawStopCount(ctx: CanvasRenderingContext2D, theme: Theme, x: number, y: number, { count, late, atRisk }: ClusterCounts): void {
  const radius = clusterRadius(count);
  circle(ctx, x, y, radius);
  ctx.fillStyle = withAlpha(theme.panel_raised, 0.88);
  ctx.fill();
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = withAlpha(theme.muted, 0.55);
  ctx.stroke();
  ctx.lineWidth = 3;
  const lateEnd = drawShare(ctx, x, y, radius, -Math.PI / 2, late / count, theme.marks.late);
  drawShare(ctx, x, y, radius, lateEnd, atRisk / count, theme.marks.at_risk);
  drawText(ctx, shortCount(count), x, y, theme.text_secondary, count > 99 ? 9.5 : 10.5);
}

/** A count that fits into a mark: 980, 1.2k, 45k. */
export function shortCount(count: number): string {
  if (count < 1000) return String(count);
  return count < 9950 ? `${(count / 1000).toFixed(1)}k` : `${Math.round(count / 1000)}k`;
}

const SHARE_HEIGHT = 14;
const SHARE_SHAPE = 13;

/** How many exceptions of which severity, in a row centred at x, from y downwards. */
export function drawSeverities(
  ctx: CanvasRenderingContext2D, theme: Theme, x: number, y: number, shares: readonly (readonly [Severity, number])[],
): void {
  if (shares.length === 0) return;
  ctx.font = "600 9.5px Inter, sans-serif";
  const widths = shares.map(([, count]) => SHARE_SHAPE + ctx.measureText(shortCount(count)).width + 3);
  const width = widths.reduce((sum, one) => sum + one, 3);
  ctx.beginPath();
  ctx.roundRect(x - width / 2, y, width, SHARE_HEIGHT, 4);
  ctx.fillStyle = withAlpha(theme.panel_raised, 0.92);
  ctx.fill();
  let left = x - width / 2 + 2;
  shares.forEach(([severity, count], i) => {
    drawSmallSeverity(ctx, theme, left + SHARE_SHAPE / 2, y + SHARE_HEIGHT / 2, severity);
    drawText(ctx, shortCount(count), left + (SHARE_SHAPE + widths[i]!) / 2 - 1, y + SHARE_HEIGHT / 2, theme.text, 9.5);
    left += widths[i]!;
  });
}

function drawSmallSeverity(ctx: CanvasRenderingContext2D, theme: Theme, x: number, y: number, severity: Severity): void {
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(0.55, 0.55);
  severityPath(ctx, 0, severity === "major" ? 1.5 : 0, severity);
  ctx.fillStyle = theme.marks[severity];
  ctx.fill();
  ctx.restore();
}

/** Half the height of a crowd's mark and of what is picked with it, pixels. */
export const CROWD_RADIUS = 12;

/** What a crowd of vehicles is drawn from. */
export interface CrowdCounts extends Pick<Cluster, "late" | "atRisk" | "severities"> {
  readonly vehicles: number;
  readonly silent: number;
}

/**
 * Many vehicles in one mark: an arrow and their count, a bar of how many of them are late, at
 * risk, silent and neither, and below how many exceptions of which severity.
 */
export function drawCrowd(ctx: CanvasRenderingContext2D, theme: Theme, x: number, y: number, crowd: CrowdCounts): void {
  const text = shortCount(crowd.vehicles);
  ctx.font = "600 10.5px Inter, sans-serif";
  const width = Math.round(ctx.measureText(text).width) + 22;
  const [left, top] = [Math.round(x - width / 2), Math.round(y) - 10];
  ctx.beginPath();
  ctx.roundRect(left, top, width, 21, 4);
  ctx.fillStyle = withAlpha(theme.panel_raised, 0.94);
  ctx.fill();
  ctx.lineWidth = 1;
  ctx.strokeStyle = withAlpha(theme.muted, 0.7);
  ctx.stroke();
  drawSmallArrow(ctx, left + 8, top + 8.5, theme.text_secondary);
  drawText(ctx, text, left + 15 + (width - 20) / 2, top + 8.5, theme.text, 10.5);
  drawStandingBar(ctx, theme, left + 3, top + 16, width - 6, crowd);
  drawSeverities(ctx, theme, x, top + 23, severityShares(crowd));
}

function drawSmallArrow(ctx: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  ctx.beginPath();
  ctx.moveTo(x, y - 4.5);
  ctx.lineTo(x + 3.4, y + 3.8);
  ctx.lineTo(x, y + 2);
  ctx.lineTo(x - 3.4, y + 3.8);
  ctx.closePath();
  ctx.fillStyle = colour;
  ctx.fill();
}

/** How the vehicles of a crowd stand: late, at risk, silent and the others, from left to right. */
function drawStandingBar(ctx: CanvasRenderingContext2D, theme: Theme, left: number, top: number, width: number, crowd: CrowdCounts): void {
  const { late, atRisk, silent, vehicles } = crowd;
  const shares = [[late, theme.marks.late], [atRisk, theme.marks.at_risk], [silent, theme.marks.no_signal]] as const;
  ctx.fillStyle = theme.marks.on_time;
  ctx.fillRect(left, top, width, 3);
  let from = left;
  for (const [count, colour] of shares) {
    if (count === 0) continue;
    const part = Math.max(1, Math.round((count / vehicles) * width));
    ctx.fillStyle = colour;
    ctx.fillRect(from, top, part, 3);
    from += part;
  }
}

export function clusterRadius(count: number): number {
  return Math.min(19, 8 + 1.6 * Math.sqrt(count));
}

function drawShare(
  ctx: CanvasRenderingContext2D, x: number, y: number, radius: number, start: number, share: number, colour: string,
): number {
  if (share <= 0) return start;
  const end = start + Math.max(0.25, share * 2 * Math.PI);
  ctx.beginPath();
  ctx.arc(x, y, radius, start, end);
  ctx.strokeStyle = colour;
  ctx.stroke();
  return end;
}
