/** What analysis maps load in place of Leaflet: Leaflet itself, over the region's own ground. */

import * as L from "leaflet";
import { readConfig } from "./config";
import { Ground } from "./ground";
import { asText } from "./leafletMap";
import { dressPage, themeNamed } from "./theme";
import { TileStore } from "./tileStore";

const config = readConfig();
dressPage(document.documentElement, config.theme);

/** Every map of the page gets the ground; whoever makes it need not know of it. */
function layGround(this: L.Map): void {
  this.attributionControl?.setPrefix(false).addAttribution(asText(config.attribution));
  if (config.bounds) new Ground(this, new TileStore(config.bounds), themeNamed(config.theme));
}
L.Map.addInitHook(layGround);

Object.assign(window, { L: { ...L } });
