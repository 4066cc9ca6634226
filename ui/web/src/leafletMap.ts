/** The Leaflet map underneath, and the raster tiles an operator may have configured. */

import * as L from "leaflet";
import type { Config } from "./config";

export function createMap(): L.Map {
  return L.map("map", {
    zoomControl: false,
    doubleClickZoom: false,
    attributionControl: false,
    zoomSnap: 0.05,
    minZoom: 2,
    maxZoom: 19,
    zoomAnimation: true,
    fadeAnimation: false,
    markerZoomAnimation: false,
    wheelPxPerZoomLevel: 100,
    wheelDebounceTime: 30,
    inertiaDeceleration: 2600,
  }).addControl(L.control.attribution({ prefix: false, position: "bottomright" }));
}

/** Whether a zoom is under way in which everything is stretched, and nothing is drawn anew yet. */
export function isZooming(map: L.Map): boolean {
  return (map as L.Map & { readonly _animatingZoom?: boolean })._animatingZoom === true;
}

/** Ends a zoom that is under way: Leaflet ignores a view that is asked for before its end. */
export function endZoom(map: L.Map): void {
  if (isZooming(map)) (map as L.Map & { _onZoomTransitionEnd(): void })._onZoomTransitionEnd();
}

/** The raster tiles an operator configured, under the region's own map. */
export function addProviderTiles(map: L.Map, { tiles }: Config): void {
  if (!tiles) return;
  map.createPane("provider").style.zIndex = "160";
  L.tileLayer(tiles.url, {
    pane: "provider",
    maxNativeZoom: tiles.max_zoom,
    maxZoom: 19,
    attribution: asText(tiles.attribution),
  }).addTo(map);
}

/** Plain words as Leaflet wants them where it would read markup. */
export function asText(words: string): string {
  const element = document.createElement("span");
  element.textContent = words;
  return element.innerHTML;
}
