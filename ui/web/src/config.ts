/** What the Qt side hands the page before its script runs (`config.js`). */

import type { Selection } from "./words";

export interface TilesConfig {
  readonly url: string;
  readonly attribution: string;
  readonly max_zoom: number;
}

export interface ViewConfig {
  readonly lat: number;
  readonly lon: number;
  readonly zoom: number;
}

export interface Config {
  readonly theme: string;
  /** South, west, north, east of the region, degrees; null without a region. */
  readonly bounds: readonly [number, number, number, number] | null;
  readonly attribution: string;
  readonly tiles: TilesConfig | null;
  /** Where the map stood before a reload. */
  readonly view: ViewConfig | null;
  readonly selection: Selection;
  readonly follow: string;
  readonly layers: Readonly<Record<string, boolean>>;
}

declare global {
  interface Window {
    TOWER_CONFIG?: Config;
  }
}

export function readConfig(): Config {
  const config = window.TOWER_CONFIG;
  if (!config) throw new Error("The map page was opened without its configuration.");
  return config;
}
