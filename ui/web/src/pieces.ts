/** How the base map is cut: square pieces that fit a zoom exactly, fractional zooms too. */

import { worldX, worldY } from "./mercator";

const TILE_PX = 256;
/** Zoom of the first tiles that hold every street. */
const STREETS_FROM = 12;

/** A rectangle in pixels of the whole world at some zoom. */
export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** South, west, north, east, degrees. */
export type Bounds = readonly [number, number, number, number];

/** Column and row of a square of a zoom's grid. */
export interface Cell {
  readonly x: number;
  readonly y: number;
}

/** Side of a tile of `tileZoom` on a map at `zoom`, pixels. */
export function tileSide(zoom: number, tileZoom: number): number {
  return TILE_PX * 2 ** (zoom - tileZoom);
}

/** The cells of a grid with squares of `side` pixels that a box touches. */
export function cellsUnder(box: Box, side: number): Cell[] {
  const cells: Cell[] = [];
  for (let y = Math.floor(box.minY / side); y * side < box.maxY; y++) {
    for (let x = Math.floor(box.minX / side); x * side < box.maxX; x++) cells.push({ x, y });
  }
  return cells;
}

/** The whole pixels a cell covers: neighbours share an edge, with neither gap nor overlap. */
export function cellBox(cell: Cell, side: number): Box {
  return {
    minX: Math.round(cell.x * side),
    minY: Math.round(cell.y * side),
    maxX: Math.round((cell.x + 1) * side),
    maxY: Math.round((cell.y + 1) * side),
  };
}

/**
 * Which tiles the ground at a zoom is painted from: one zoom coarser than the map, as they
 * are made for, but fine enough far out to show the streets of a town.
 */
export function groundTileZoom(zoom: number, deepest: number): number {
  const above = Math.ceil(zoom);
  return Math.min(deepest, Math.max(above - 1, Math.min(STREETS_FROM, above + 1)));
}

/** Which tiles the names at a zoom are taken from: larger ones, so that few names are cut. */
export function namesTileZoom(zoom: number, deepest: number): number {
  return Math.min(deepest, Math.ceil(zoom) - 1);
}

/** A region's rectangle in pixels of the world at a zoom. */
export function boxOfBounds([south, west, north, east]: Bounds, zoom: number): Box {
  const scale = tileSide(zoom, 0);
  return { minX: worldX(west) * scale, minY: worldY(north) * scale, maxX: worldX(east) * scale, maxY: worldY(south) * scale };
}

export function grown(box: Box, byX: number, byY: number): Box {
  return { minX: box.minX - byX, minY: box.minY - byY, maxX: box.maxX + byX, maxY: box.maxY + byY };
}

/** The part two boxes share, or null. */
export function overlap(a: Box, b: Box): Box | null {
  const shared = {
    minX: Math.max(a.minX, b.minX),
    minY: Math.max(a.minY, b.minY),
    maxX: Math.min(a.maxX, b.maxX),
    maxY: Math.min(a.maxY, b.maxY),
  };
  return shared.minX < shared.maxX && shared.minY < shared.maxY ? shared : null;
}
