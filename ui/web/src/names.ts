/** Names of places, roads, waters and houses, laid out over the routes and under the stops. */

import { CenteredTextSymbolizer, Labeler, LineLabelSymbolizer, type Bbox, type LabelRule } from "protomaps-leaflet";
import { BASE_MIN_ZOOM, isLine, roadClass, type RoadClass } from "./paintRules";
import type { ViewTransform } from "./mercator";
import { namesTileZoom } from "./pieces";
import { DEEPEST_TILES, type TileStore } from "./tileStore";
import type { Theme } from "./theme";

const FONT = "Inter, sans-serif";
/** Names of so many tiles are kept; the farthest go first. */
const KEPT_TILES = 64;

function placeRule(theme: Theme, kinds: readonly string[], size: number, weight: number, zooms: readonly [number, number]): LabelRule {
  return {
    dataLayer: "places",
    minzoom: zooms[0],
    maxzoom: zooms[1],
    symbolizer: new CenteredTextSymbolizer({
      labelProps: ["name"], fill: theme.map.label_strong, stroke: theme.map.label_halo, width: 3, lineHeight: 1.4,
      font: (zoom) => `${weight} ${size + Math.max(0, Math.min(3, zoom - 12))}px ${FONT}`,
    }),
    filter: (_zoom, feature) => kinds.includes(String(feature.props["kind_detail"] ?? feature.props["kind"])),
  };
}

function roadLabelRule(theme: Theme, classes: readonly RoadClass["colour"][], size: number, minzoom: number): LabelRule {
  return {
    dataLayer: "roads",
    minzoom,
    symbolizer: new LineLabelSymbolizer({
      labelProps: ["name"], fill: theme.map.label_road, stroke: theme.map.label_halo, width: 3,
      font: `500 ${size}px ${FONT}`, position: 2, repeatDistance: 420,
    }),
    filter: (_zoom, feature) => classes.includes(roadClass(feature)?.colour ?? "rail"),
  };
}

function waterLabelRule(theme: Theme): LabelRule {
  return {
    dataLayer: "water",
    minzoom: 12,
    symbolizer: new LineLabelSymbolizer({
      labelProps: ["name"], fill: theme.map.label_water, stroke: theme.map.label_halo, width: 3,
      font: `italic 400 11px ${FONT}`, position: 2, repeatDistance: 600,
    }),
    filter: isLine,
  };
}

function houseNumberRule(theme: Theme): LabelRule {
  return {
    dataLayer: "addresses",
    minzoom: 17,
    symbolizer: new CenteredTextSymbolizer({
      labelProps: ["housenumber", "addr_housenumber", "number", "name"],
      fill: theme.map.label, stroke: theme.map.label_halo, width: 2, font: `400 10px ${FONT}`,
    }),
  };
}

/** Labels, most important first: an earlier rule keeps its place against a later one. */
function labelRules(theme: Theme): LabelRule[] {
  return [
    placeRule(theme, ["city", "town"], 13, 600, [9, 16]),
    placeRule(theme, ["village", "locality"], 11.5, 600, [10.4, 17]),
    placeRule(theme, ["hamlet", "suburb", "quarter", "neighbourhood", "isolated_dwelling"], 10.5, 500, [13, 18]),
    roadLabelRule(theme, ["motorway", "major"], 11, 14),
    waterLabelRule(theme),
    roadLabelRule(theme, ["medium", "minor"], 10.5, 15),
    roadLabelRule(theme, ["path"], 10, 17),
    houseNumberRule(theme),
  ];
}

/** Lays names out so that they do not collide, keeping those that already stand where they are. */
export class Names {
  private labeler: Labeler | null = null;
  private readonly fonts = fontsReady();
  private readonly scratch = document.createElement("canvas").getContext("2d")!;

  constructor(private readonly tiles: TileStore, private theme: Theme, private readonly onLaidOut: () => void) {}

  restyle(theme: Theme): void {
    this.theme = theme;
    this.labeler = null;
  }

  /** Draws the names in view, and has those laid out that are not yet. */
  draw(ctx: CanvasRenderingContext2D, view: ViewTransform, width: number, height: number, zoom: number): void {
    if (zoom < BASE_MIN_ZOOM) return;
    const box = { minX: view.offsetX, minY: view.offsetY, maxX: view.offsetX + width, maxY: view.offsetY + height };
    if (this.labeler?.z === zoom) this.drawLaidOut(ctx, box, this.labeler);
    void this.layOut(zoom, box);
  }

  private drawLaidOut(ctx: CanvasRenderingContext2D, box: Bbox, labeler: Labeler): void {
    for (const label of labeler.index.searchBbox(box, Infinity)) {
      ctx.save();
      ctx.lineJoin = "round";
      ctx.translate(label.anchor.x - box.minX, label.anchor.y - box.minY);
      label.draw(ctx);
      ctx.restore();
    }
  }

  private async layOut(zoom: number, box: Bbox): Promise<void> {
    const labeler = this.labelerFor(zoom);
    const [tiles] = await Promise.all([this.tiles.covering(zoom, namesTileZoom(zoom, DEEPEST_TILES), box), this.fonts]);
    const before = labeler.index.size();
    if (this.labeler !== labeler) return;
    labeler.add(new Map([["", tiles]]));
    if (labeler.index.size() !== before) this.onLaidOut();
  }

  private labelerFor(zoom: number): Labeler {
    if (this.labeler?.z !== zoom) {
      this.labeler = new Labeler(zoom, this.scratch, labelRules(this.theme), KEPT_TILES);
    }
    return this.labeler;
  }
}

/** Resolves once the label fonts can be measured; a missing font is no reason to wait. */
function fontsReady(): Promise<unknown> {
  const wanted = ["400 11px Inter", "500 11px Inter", "600 13px Inter"];
  return Promise.allSettled(wanted.map((font) => document.fonts.load(font)));
}
