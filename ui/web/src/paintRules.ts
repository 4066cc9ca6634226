/** How the region pack's vector tiles are painted. */

import { LineSymbolizer, PolygonSymbolizer, exp, type Feature, type PaintRule } from "protomaps-leaflet";
import type { Theme } from "./theme";

export const BASE_MIN_ZOOM = 9;

type Width = number[][];

export interface RoadClass {
  readonly colour: keyof Theme["map"];
  readonly details: readonly string[];
  readonly kinds: readonly string[];
  readonly width: Width;
  readonly casingFrom: number;
  readonly minzoom: number;
}

/** From the least to the most important: later ones are painted over earlier ones. */
const ROADS: readonly RoadClass[] = [
  {
    colour: "path", minzoom: 14, casingFrom: 99, kinds: ["path"],
    details: ["path", "footway", "cycleway", "steps", "track", "bridleway", "pedestrian", "corridor"],
    width: [[14, 0.5], [16, 1], [18, 2.5], [20, 5]],
  },
  {
    colour: "minor", minzoom: 9.5, casingFrom: 15, kinds: ["minor_road", "other"],
    details: ["residential", "living_street", "unclassified", "service", "road"],
    width: [[9.5, 0.8], [10.5, 1.1], [13, 1.4], [14, 2], [16, 4.6], [18, 11], [20, 26]],
  },
  {
    colour: "medium", minzoom: 9, casingFrom: 13, kinds: [],
    details: ["tertiary", "tertiary_link"],
    width: [[9, 1], [10.5, 1.6], [13, 2.4], [14, 3.2], [16, 6], [18, 14], [20, 34]],
  },
  {
    colour: "major", minzoom: 8, casingFrom: 12, kinds: ["major_road"],
    details: ["primary", "primary_link", "secondary", "secondary_link", "trunk", "trunk_link"],
    width: [[8, 1.2], [10.5, 2.4], [13, 3.6], [15, 5.8], [16, 8], [18, 17], [20, 40]],
  },
  {
    colour: "motorway", minzoom: 7, casingFrom: 10, kinds: ["highway"],
    details: ["motorway", "motorway_link"],
    width: [[7, 1], [10, 2.2], [13, 4.2], [15, 7], [16, 10], [18, 20], [20, 46]],
  },
];

const CLASS_OF_DETAIL = new Map(ROADS.flatMap((road) => road.details.map((d) => [d, road] as const)));
const CLASS_OF_KIND = new Map(ROADS.flatMap((road) => road.kinds.map((k) => [k, road] as const)));

export function roadClass(feature: Feature): RoadClass | undefined {
  if (feature.props["kind"] === "rail") return undefined;
  return CLASS_OF_DETAIL.get(String(feature.props["kind_detail"] ?? ""))
    ?? CLASS_OF_KIND.get(String(feature.props["kind"] ?? ""));
}

function thinner(feature: Feature): boolean {
  const detail = feature.props["kind_detail"];
  return detail === "service" || (typeof detail === "string" && detail.endsWith("_link"));
}

const isKind = (...kinds: string[]) => {
  const wanted = new Set(kinds);
  return (_zoom: number, feature: Feature): boolean => wanted.has(String(feature.props["kind"]));
};
const isPolygon = (_zoom: number, feature: Feature): boolean => (feature.geomType as number) === 3;
export const isLine = (_zoom: number, feature: Feature): boolean => (feature.geomType as number) === 2;

function area(dataLayer: string, fill: string, filter?: PaintRule["filter"], minzoom?: number): PaintRule {
  return {
    dataLayer,
    symbolizer: new PolygonSymbolizer({ fill }),
    ...(filter && { filter }),
    ...(minzoom !== undefined && { minzoom }),
  };
}

function groundRules(theme: Theme): PaintRule[] {
  const m = theme.map;
  return [
    area("earth", m.region),
    area("landuse", m.farmland, isKind("farmland", "farmyard", "meadow", "grassland", "orchard", "vineyard", "scrub", "heath")),
    area("landuse", m.built, isKind("residential", "commercial", "retail", "school", "university", "hospital", "college", "kindergarten")),
    area("landuse", m.industrial, isKind("industrial", "railway", "quarry", "military", "aerodrome")),
    area("landuse", m.wood, isKind("wood", "forest", "nature_reserve")),
    area("landuse", m.park, isKind("park", "grass", "pitch", "playground", "cemetery", "golf_course", "garden", "village_green", "allotments", "recreation_ground", "sports_centre")),
    area("water", m.water, isPolygon),
    waterway(m.water_line, "river", [[9, 0.8], [12, 1.6], [15, 4], [18, 16]], 9),
    waterway(m.water_line, "stream", [[12, 0.5], [15, 1], [18, 4]], 13),
    ...buildingRules(theme),
  ];
}

function waterway(colour: string, kind: string, width: Width, minzoom: number): PaintRule {
  const isThis = isKind(...(kind === "stream" ? ["stream", "ditch", "drain"] : ["river", "canal"]));
  return {
    dataLayer: "water",
    minzoom,
    symbolizer: new LineSymbolizer({ color: colour, width: exp(1.6, width), lineCap: "round", lineJoin: "round" }),
    filter: (zoom, feature) => isLine(zoom, feature) && isThis(zoom, feature),
  };
}

function buildingRules(theme: Theme): PaintRule[] {
  const { building, building_line } = theme.map;
  return [
    { ...area("buildings", building), minzoom: 14, maxzoom: 15 },
    {
      dataLayer: "buildings",
      minzoom: 16,
      symbolizer: new PolygonSymbolizer({ fill: building, stroke: building_line, width: 0.8 }),
    },
  ];
}

function roadRules(theme: Theme): PaintRule[] {
  return [...ROADS.map((road) => casingRule(theme, road)), railRule(theme), ...ROADS.map((road) => fillRule(theme, road))];
}

function roadWidth(road: RoadClass, extra: number) {
  const width = exp(1.6, road.width);
  return (zoom: number, feature?: Feature): number => width(zoom) * (feature && thinner(feature) ? 0.6 : 1) + extra;
}

function casingRule(theme: Theme, road: RoadClass): PaintRule {
  return {
    dataLayer: "roads",
    minzoom: road.casingFrom,
    symbolizer: new LineSymbolizer({ color: theme.map.casing, width: roadWidth(road, 1.6), lineCap: "butt", lineJoin: "round" }),
    filter: (_zoom, feature) => roadClass(feature) === road,
  };
}

function fillRule(theme: Theme, road: RoadClass): PaintRule {
  return {
    dataLayer: "roads",
    minzoom: road.minzoom,
    symbolizer: new LineSymbolizer({ color: theme.map[road.colour], width: roadWidth(road, 0), lineCap: "round", lineJoin: "round" }),
    filter: (_zoom, feature) => roadClass(feature) === road,
  };
}

function railRule(theme: Theme): PaintRule {
  return {
    dataLayer: "roads",
    minzoom: 11,
    symbolizer: new LineSymbolizer({ color: theme.map.rail, width: exp(1.6, [[11, 0.7], [15, 1.4], [18, 3]]) }),
    filter: isKind("rail"),
  };
}

function boundaryRule(theme: Theme): PaintRule {
  return {
    dataLayer: "boundaries",
    filter: isKind("country"),
    symbolizer: new LineSymbolizer({ color: theme.map.boundary, width: 1, dash: [4, 3], dashColor: theme.map.boundary, dashWidth: 1, opacity: 0.7 }),
  };
}

export function paintRules(theme: Theme): PaintRule[] {
  return [...groundRules(theme), ...roadRules(theme), boundaryRule(theme)];
}
