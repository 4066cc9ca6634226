/** The region's vector tiles, decoded once and kept while they are near. */

import Point from "@mapbox/point-geometry";
import { ZxySource, type Feature, type PreparedTile, type Zxy } from "protomaps-leaflet";
import { boxOfBounds, cellsUnder, overlap, tileSide, type Bounds, type Box } from "./pieces";

/** The deepest tiles a region pack holds; the map enlarges them beyond. */
export const DEEPEST_TILES = 15;
const TILE_PX = 256;
const KEPT_TILES = 64;

type Layers = Map<string, Feature[]>;

export class TileStore {
  private readonly source = new ZxySource(tileUrl(), false);
  private readonly kept = new Map<string, Promise<Layers>>();

  constructor(readonly bounds: Bounds) {}

  /** The tiles of a zoom under a box of a map at another zoom, laid out for that map. */
  covering(zoom: number, tileZoom: number, box: Box): Promise<PreparedTile[]> {
    const inside = overlap(box, boxOfBounds(this.bounds, zoom));
    if (!inside) return Promise.resolve([]);
    const side = tileSide(zoom, tileZoom);
    return Promise.all(cellsUnder(inside, side).map((cell) => this.prepared({ ...cell, z: tileZoom }, zoom, side)));
  }

  private async prepared(dataTile: Zxy, zoom: number, side: number): Promise<PreparedTile> {
    const data = await this.layers(dataTile);
    const origin = new Point(dataTile.x * side, dataTile.y * side);
    return { z: zoom, data, dataTile, origin, scale: side / TILE_PX, dim: side };
  }

  private layers(tile: Zxy): Promise<Layers> {
    const key = `${tile.z}/${tile.x}/${tile.y}`;
    const found = this.kept.get(key) ?? this.source.get(tile, TILE_PX);
    this.kept.delete(key);
    this.kept.set(key, found);
    found.catch(() => this.kept.delete(key));
    if (this.kept.size > KEPT_TILES) this.kept.delete(this.kept.keys().next().value!);
    return found;
  }
}

function tileUrl(): string {
  return new URL("tiles/{z}/{x}/{y}.mvt", document.baseURI).href.replaceAll("%7B", "{").replaceAll("%7D", "}");
}
