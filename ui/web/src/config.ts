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
  /** Nobody moved the map yet. */
  readonly is_untouched: boolean;
}

export interface Config {
  readonly theme: string;
  /** South, west, north, east of the region, degrees; null without a region. */
  readonly bounds: readonly [number, number, number, number] | null;
  readonly attribution: string;
  readonly tiles: TilesConfig | null;
  /** Where the map stood before a reload, or stands on the page this one is to replace. */
  readonly view: ViewConfig | null;
  readonly selection: Selection;
  readonly follow: string;
  readonly layers: Readonly<Record<string, boolean>>;
  /** What the page this one is to replace keeps for it (`kept.ts`), or empty. */
  readonly kept: string;
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
