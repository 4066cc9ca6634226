/** The marks of the scene, drawn at a point of a canvas: stops, depots, exceptions. */

import type { StopLook } from "./look";
import { withAlpha, type Theme } from "./theme";
import type { Severity } from "./words";

const STOP_RADIUS = 10;

/** A point of the canvas, and how large what stands there is drawn. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** Traces a circle as the current path. */
export function circle(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
}

/** A stop of the selected route: a numbered disc. */
export function drawNumberedStop(
  ctx: CanvasRenderingContext2D, theme: Theme, at: Spot, number: number, look: StopLook, isSelected: boolean,
): void {
  ctx.save();
  ctx.globalAlpha = look.alpha;
  ctx.translate(at.x, at.y);
  ctx.scale(at.scale, at.scale);
  const radius = look.mark === "number" ? STOP_RADIUS : STOP_RADIUS - 2;
  if (look.isCurrent || isSelected) drawRing(ctx, 0, 0, radius, isSelected ? theme.accent : look.ring);
  circle(ctx, 0, 0, radius);
  ctx.fillStyle = look.fill;
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.strokeStyle = look.ring;
  ctx.stroke();
  if (look.mark === "number") drawText(ctx, String(number), 0, 0, look.ink, number > 99 ? 8.5 : 10.5);
  else drawGlyph(ctx, look.mark, 0, 0, look.ink);
  ctx.restore();
}

function drawRing(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number, colour: string): void {
  circle(ctx, x, y, radius + 5);
  ctx.fillStyle = withAlpha(colour, 0.22);
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.strokeStyle = colour;
  ctx.stroke();
}

/** Text centred at a point. */
export function drawText(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, ink: string, size: number): void {
  ctx.font = `600 ${size}px Inter, sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  ctx.fillStyle = ink;
  ctx.fillText(text, x, y + size * 0.36);
}

function drawGlyph(ctx: CanvasRenderingContext2D, mark: "check" | "cross" | "dash", x: number, y: number, ink: string): void {
  ctx.beginPath();
  if (mark === "check") {
    ctx.moveTo(x - 3.2, y + 0.2);
    ctx.lineTo(x - 0.8, y + 2.6);
    ctx.lineTo(x + 3.4, y - 2.6);
  } else if (mark === "cross") {
    ctx.moveTo(x - 2.6, y - 2.6);
    ctx.lineTo(x + 2.6, y + 2.6);
    ctx.moveTo(x + 2.6, y - 2.6);
    ctx.lineTo(x - 2.6, y + 2.6);
  } else {
    ctx.moveTo(x - 3, y);
    ctx.lineTo(x + 3, y);
  }
  ctx.lineWidth = 1.6;
  ctx.lineCap = "round";
  ctx.strokeStyle = ink;
  ctx.stroke();
}

/** Ties a mark that is drawn aside to its door. */
export function drawLeader(ctx: CanvasRenderingContext2D, door: Spot, mark: Spot, colour: string): void {
  ctx.beginPath();
  ctx.moveTo(door.x, door.y);
  ctx.lineTo(mark.x, mark.y);
  ctx.lineWidth = 1.2;
  ctx.strokeStyle = colour;
  ctx.stroke();
  circle(ctx, door.x, door.y, 2);
  ctx.fillStyle = colour;
  ctx.fill();
}

/** A stop of another route: a dot, with a ring where it is late or at risk. */
export function drawStopDot(
  ctx: CanvasRenderingContext2D, x: number, y: number, colour: string, radius: number, alarm: string | null,
): void {
  circle(ctx, x, y, radius);
  ctx.fillStyle = colour;
  ctx.fill();
  if (!alarm) return;
  circle(ctx, x, y, radius + Math.min(2, radius * 0.7));
  ctx.lineWidth = radius < 2.4 ? 1 : 1.3;
  ctx.strokeStyle = alarm;
  ctx.stroke();
}

/** The number a stop still has, struck through, beside the disc with the one it would get. */
export function drawStruckNumber(ctx: CanvasRenderingContext2D, theme: Theme, at: Spot, number: number): void {
  ctx.save();
  ctx.translate(at.x, at.y);
  ctx.scale(at.scale, at.scale);
  ctx.font = "600 10.5px Inter, sans-serif";
  const width = ctx.measureText(String(number)).width;
  const [x, y] = [STOP_RADIUS + 3 + width / 2, -STOP_RADIUS + 1];
  ctx.beginPath();
  ctx.roundRect(x - width / 2 - 3, y - 6.5, width + 6, 13, 3);
  ctx.fillStyle = withAlpha(theme.map.ground, 0.85);
  ctx.fill();
  drawText(ctx, String(number), x, y, theme.text_secondary, 10.5);
  ctx.beginPath();
  ctx.moveTo(x - width / 2 - 2, y);
  ctx.lineTo(x + width / 2 + 2, y);
  ctx.lineWidth = 1;
  ctx.strokeStyle = theme.text_secondary;
  ctx.stroke();
  ctx.restore();
}

/** Says that a stop stays where it is: a padlock at its lower right. */
export function drawLock(ctx: CanvasRenderingContext2D, theme: Theme, at: Spot): void {
  ctx.save();
  ctx.translate(at.x, at.y);
  ctx.scale(at.scale, at.scale);
  ctx.translate(8.5, 8);
  circle(ctx, 0, 0, 6);
  ctx.fillStyle = theme.text;
  ctx.fill();
  ctx.fillStyle = ctx.strokeStyle = theme.map.route_casing;
  ctx.fillRect(-2.8, -0.6, 5.6, 4);
  ctx.beginPath();
  ctx.arc(0, -0.6, 1.9, Math.PI, 0);
  ctx.lineWidth = 1.2;
  ctx.stroke();
  ctx.restore();
}

/** A stop on no route: hollow, so that it is not taken for one that somebody drives to. */
export function drawUnassigned(ctx: CanvasRenderingContext2D, theme: Theme, x: number, y: number, radius: number): void {
  circle(ctx, x, y, radius);
  ctx.fillStyle = withAlpha(theme.map.stop_fill, 0.8);
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.strokeStyle = theme.text;
  ctx.stroke();
}

/** Where a stop was lifted from: its place, empty. */
export function drawLifted(ctx: CanvasRenderingContext2D, theme: Theme, at: Spot): void {
  ctx.save();
  circle(ctx, at.x, at.y, STOP_RADIUS * at.scale);
  ctx.setLineDash([3, 3]);
  ctx.lineWidth = 1.6;
  ctx.strokeStyle = theme.accent;
  ctx.fillStyle = withAlpha(theme.accent, 0.16);
  ctx.fill();
  ctx.stroke();
  ctx.restore();
}

/** A ring around a stop that a carried one would be put beside. */
export function drawNeighbour(ctx: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  circle(ctx, x, y, STOP_RADIUS + 6);
  ctx.fillStyle = withAlpha(colour, 0.2);
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.strokeStyle = colour;
  ctx.stroke();
}

/** The place on a line where a carried stop would be put in. */
export function drawInsertion(ctx: CanvasRenderingContext2D, theme: Theme, x: number, y: number, colour: string): void {
  circle(ctx, x, y, 8);
  ctx.fillStyle = theme.map.route_casing;
  ctx.fill();
  ctx.lineWidth = 2.5;
  ctx.strokeStyle = colour;
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(x - 4, y);
  ctx.lineTo(x + 4, y);
  ctx.moveTo(x, y - 4);
  ctx.lineTo(x, y + 4);
  ctx.lineWidth = 2;
  ctx.strokeStyle = theme.text;
  ctx.stroke();
}

/** A depot: a square with a door. */
export function drawDepot(ctx: CanvasRenderingContext2D, theme: Theme, x: number, y: number, isSelected: boolean): void {
  ctx.save();
  ctx.beginPath();
  ctx.roundRect(x - 8, y - 8, 16, 16, 3.5);
  ctx.fillStyle = theme.text;
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.strokeStyle = isSelected ? theme.accent : theme.map.route_casing;
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(x - 4.5, y - 0.5);
  ctx.lineTo(x, y - 4.5);
  ctx.lineTo(x + 4.5, y - 0.5);
  ctx.lineTo(x + 4.5, y + 4.5);
  ctx.lineTo(x - 4.5, y + 4.5);
  ctx.closePath();
  ctx.fillStyle = theme.map.route_casing;
  ctx.fill();
  ctx.fillStyle = theme.text;
  ctx.fillRect(x - 1.6, y + 0.8, 3.2, 3.7);
  ctx.restore();
}

/** How far above its point the mark of an exception sits at full size, pixels. */
export const EXCEPTION_RISE = 20;
/** How far apart the marks of several exceptions at one place sit at full size, pixels. */
export const EXCEPTION_SPACING = 17;

/** An exception: octagon critical, triangle major, diamond minor, disc info; on a stem. */
export function drawException(
  ctx: CanvasRenderingContext2D, theme: Theme, x: number, y: number, severity: Severity, isSelected: boolean, scale: number,
): void {
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(scale, scale);
  drawStem(ctx, theme.marks[severity]);
  ctx.translate(0, -EXCEPTION_RISE);
  if (isSelected) drawRing(ctx, 0, 0, 8, theme.accent);
  severityPath(ctx, 0, 0, severity);
  ctx.lineJoin = "round";
  ctx.lineWidth = 3;
  ctx.strokeStyle = theme.map.route_casing;
  ctx.stroke();
  ctx.fillStyle = theme.marks[severity];
  ctx.fill();
  drawText(ctx, severity === "info" ? "i" : "!", 0, severity === "major" ? 1.6 : 0, theme.map.route_casing, 10.5);
  ctx.restore();
}

function drawStem(ctx: CanvasRenderingContext2D, colour: string): void {
  ctx.beginPath();
  ctx.moveTo(0, -3);
  ctx.lineTo(0, 7 - EXCEPTION_RISE);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.6;
  ctx.stroke();
}

/** The outline of a severity, so that it can be told without its colour. */
export function severityPath(ctx: CanvasRenderingContext2D, x: number, y: number, severity: Severity): void {
  if (severity === "info") return circle(ctx, x, y, 7);
  const [corners, radius, turn] = SEVERITY_SHAPES[severity];
  ctx.beginPath();
  for (let k = 0; k < corners; k++) {
    const angle = turn + (2 * Math.PI * k) / corners;
    ctx.lineTo(x + radius * Math.sin(angle), y - radius * Math.cos(angle));
  }
  ctx.closePath();
}

const SEVERITY_SHAPES = {
  critical: [8, 8.6, Math.PI / 8],
  major: [3, 9.6, 0],
  minor: [4, 8.4, 0],
} as const;
