/** The ground: the region's vector tiles painted in pieces, a few in each frame. */

import Point from "@mapbox/point-geometry";
import * as L from "leaflet";
import { paint, type PaintRule, type PreparedTile } from "protomaps-leaflet";
import { BASE_MIN_ZOOM, paintRules } from "./paintRules";
import { boxOfBounds, cellBox, cellsUnder, groundTileZoom, grown, overlap, tileSide, type Box, type Cell } from "./pieces";
import { DEEPEST_TILES, type TileStore } from "./tileStore";
import type { Theme } from "./theme";

/** Script time a frame may spend on painting: little while the map moves under the hand. */
const MOVING_BUDGET_MS = 4;
const RESTING_BUDGET_MS = 14;
/** How far beyond the view pieces are painted ahead, as a part of the view. */
const AHEAD = 0.3;
/** Lines this far outside of a piece may still reach into it, pixels. */
const LINE_REACH_PX = 24;

interface MapInternals {
  _getNewPixelOrigin(center: L.LatLng, zoom: number): L.Point;
}

interface Piece {
  readonly box: Box;
  /** Null until the data has come. */
  tiles: readonly PreparedTile[] | null;
  canvas: HTMLCanvasElement | null;
  /** Whether it is to be painted, for the first time or anew. */
  isDue: boolean;
}

/** The pieces of one zoom, in an element of their own that a zoom stretches. */
class Level {
  readonly element: HTMLElement;
  readonly pieces = new Map<string, Piece>();
  readonly side: number;

  constructor(readonly zoom: number, readonly origin: L.Point, pane: HTMLElement) {
    this.element = L.DomUtil.create("div", "leaflet-zoom-animated ground-level", pane);
    this.side = tileSide(zoom, Math.round(zoom));
  }
}

export class Ground {
  /** Called once, when everything in view is painted for the first time. */
  onPainted: () => void = () => undefined;
  private readonly pane: HTMLElement;
  private rules: PaintRule[];
  private level: Level | null = null;
  /** The level before, shown until this one covers the view. */
  private former: Level | null = null;
  private isMoving = false;
  private isScheduled = false;
  private hasPainted = false;

  constructor(private readonly map: L.Map, private readonly store: TileStore, theme: Theme) {
    this.pane = map.createPane("ground");
    this.pane.style.zIndex = "200";
    this.rules = paintRules(theme);
    map.on("movestart", () => (this.isMoving = true));
    map.on("moveend", () => (this.isMoving = false));
    map.on("zoomanim", (event: L.ZoomAnimEvent) => this.place(event.center, event.zoom));
    map.on("zoom viewreset zoomend", () => this.place(map.getCenter(), map.getZoom()));
    map.on("move moveend viewreset zoomend resize", () => this.refresh());
    this.refresh();
  }

  restyle(theme: Theme): void {
    this.rules = paintRules(theme);
    for (const piece of this.level?.pieces.values() ?? []) piece.isDue = true;
    this.schedule();
  }

  /** Sees to it that there are pieces for what is in view now. */
  private refresh(): void {
    const zoom = this.map.getZoom();
    if (this.level?.zoom !== zoom) this.enter(zoom);
    this.dropFar();
    if (zoom >= BASE_MIN_ZOOM) for (const cell of this.wantedCells()) this.want(cell);
    this.schedule();
  }

  private enter(zoom: number): void {
    const isWorthKeeping = this.level !== null && this.level.element.childElementCount > 0;
    if (isWorthKeeping) {
      this.former?.element.remove();
      this.former = this.level;
    } else {
      this.level?.element.remove();
    }
    this.level = new Level(zoom, this.map.getPixelOrigin(), this.pane);
    this.place(this.map.getCenter(), zoom);
  }

  private place(center: L.LatLng, zoom: number): void {
    const origin = (this.map as unknown as MapInternals)._getNewPixelOrigin(center, zoom);
    for (const level of [this.former, this.level]) {
      if (!level) continue;
      const scale = this.map.getZoomScale(zoom, level.zoom);
      L.DomUtil.setTransform(level.element, level.origin.multiplyBy(scale).subtract(origin).round(), scale);
    }
  }

  private wantedCells(): Cell[] {
    const size = this.map.getSize();
    const near = grown(this.viewBox(), size.x * AHEAD, size.y * AHEAD);
    const inside = overlap(near, boxOfBounds(this.store.bounds, this.level!.zoom));
    return inside ? cellsUnder(inside, this.level!.side) : [];
  }

  private viewBox(): Box {
    const { min, max } = this.map.getPixelBounds() as { min: L.Point; max: L.Point };
    return { minX: min.x, minY: min.y, maxX: max.x, maxY: max.y };
  }

  private want(cell: Cell): void {
    const level = this.level!;
    const key = `${cell.x}/${cell.y}`;
    if (level.pieces.has(key)) return;
    const piece: Piece = { box: cellBox(cell, level.side), tiles: null, canvas: null, isDue: true };
    level.pieces.set(key, piece);
    const reach = grown(piece.box, LINE_REACH_PX, LINE_REACH_PX);
    this.store.covering(level.zoom, groundTileZoom(level.zoom, DEEPEST_TILES), reach).then(
      (tiles) => {
        piece.tiles = tiles;
        this.schedule();
      },
      (error: unknown) => {
        level.pieces.delete(key);
        console.warn(`part of the base map stays empty until the map moves: ${String(error)}`);
      },
    );
  }

  private dropFar(): void {
    const size = this.map.getSize();
    const kept = grown(this.viewBox(), size.x, size.y);
    for (const [key, piece] of this.level!.pieces) {
      if (overlap(kept, piece.box)) continue;
      piece.canvas?.remove();
      this.level!.pieces.delete(key);
    }
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    requestAnimationFrame(() => {
      this.isScheduled = false;
      this.paintSome();
    });
  }

  private paintSome(): void {
    const until = performance.now() + (this.isMoving ? MOVING_BUDGET_MS : RESTING_BUDGET_MS);
    let next = this.nextDue();
    while (next && performance.now() < until) {
      this.paintPiece(next);
      next = this.nextDue();
    }
    if (next) this.schedule();
    if (this.isCovered()) this.noteCovered();
  }

  /** The piece nearest to the middle that can be painted and is not. */
  private nextDue(): Piece | null {
    const { minX, minY, maxX, maxY } = this.viewBox();
    let best: Piece | null = null;
    let bestAway = Infinity;
    for (const piece of this.level!.pieces.values()) {
      if (!piece.isDue || !piece.tiles) continue;
      const { box } = piece;
      const away = Math.hypot(box.minX + box.maxX - minX - maxX, box.minY + box.maxY - minY - maxY);
      if (away < bestAway) [best, bestAway] = [piece, away];
    }
    return best;
  }

  private paintPiece(piece: Piece): void {
    piece.canvas ??= this.addCanvas(piece.box);
    piece.isDue = false;
    const { box } = piece;
    const ctx = piece.canvas.getContext("2d")!;
    const ratio = piece.canvas.width / (box.maxX - box.minX);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, box.maxX - box.minX, box.maxY - box.minY);
    const tiles = new Map([["", [...piece.tiles!]]]);
    const reach = grown(box, LINE_REACH_PX, LINE_REACH_PX);
    paint(ctx, this.level!.zoom, tiles, null, this.rules, reach, new Point(box.minX, box.minY), false);
  }

  private addCanvas(box: Box): HTMLCanvasElement {
    const { element, origin } = this.level!;
    const canvas = L.DomUtil.create("canvas", "ground-piece", element);
    const width = box.maxX - box.minX;
    const height = box.maxY - box.minY;
    canvas.width = Math.round(width * window.devicePixelRatio);
    canvas.height = Math.round(height * window.devicePixelRatio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    canvas.style.left = `${box.minX - origin.x}px`;
    canvas.style.top = `${box.minY - origin.y}px`;
    return canvas;
  }

  /** Whether everything in view is painted. */
  isCovered(): boolean {
    const view = this.viewBox();
    return [...this.level!.pieces.values()].every((piece) => !piece.isDue || !overlap(view, piece.box));
  }

  private noteCovered(): void {
    this.former?.element.remove();
    this.former = null;
    if (this.hasPainted) return;
    this.hasPainted = true;
    this.onPainted();
  }
}
