/** Where the map looks: fitting, following, and the first view. */

import * as L from "leaflet";
import type { Config } from "./config";
import type { Fleet } from "./fleet";
import { endZoom, isZooming } from "./leafletMap";
import { latOfWorldY, lonOfWorldX } from "./mercator";
import type { Bounds } from "./pieces";
import type { Scene } from "./scene";

/** Room for the boxes on the map around what is fitted, pixels; less on a map smaller than this. */
const ROOM = { topLeft: L.point(58, 16), bottomRight: L.point(148, 40) };
const ROOMY = L.point(600, 240);
const FOLLOW_ZOOM = 15;

export class Camera {
  /** The vehicle kept in the middle, or empty. */
  followed = "";
  /** Called whenever another vehicle is followed, or none. */
  onFollowChanged: () => void = () => undefined;
  /** Called when the camera itself stops following, such as when the map is dragged. */
  onFollowEnded: () => void = () => undefined;
  private readonly home: L.LatLngBounds | null;
  /** Until somebody moves the map it looks at everything there is. */
  isUntouched: boolean;
  /** What it looks at while untouched; null while it is the whole world. */
  private shown: L.LatLngBounds | null;
  /** How many stops there were when it last looked at all of them. */
  private settledStops = 0;

  constructor(private readonly map: L.Map, private readonly scene: Scene, private readonly fleet: Fleet, config: Config) {
    this.home = config.bounds ? L.latLngBounds([config.bounds[0], config.bounds[1]], [config.bounds[2], config.bounds[3]]) : null;
    this.isUntouched = config.view?.is_untouched ?? true;
    this.shown = this.home;
    if (config.view) map.setView([config.view.lat, config.view.lon], config.view.zoom, { animate: false });
    else if (this.home) this.fit(this.home, { animate: false });
    else map.setView([30, 0], 2, { animate: false });
    map.on("dragstart", () => this.endFollowing());
    map.on("resize", () => this.onResized());
    for (const touch of ["pointerdown", "wheel", "keydown"]) {
      map.getContainer().addEventListener(touch, () => (this.isUntouched = false), { capture: true, once: true });
    }
  }

  /** Looks at all stops, or vehicles, as they become known and unless somebody moved the map. */
  settle(): void {
    const stops = this.scene.stops.size;
    if (!this.isUntouched || (stops > 0 && stops === this.settledStops)) return;
    this.settledStops = stops;
    const bounds = this.everything();
    if (!bounds || this.shown?.equals(bounds)) return;
    if (stops === 0 && this.shown && this.map.getBounds().contains(bounds)) return;
    this.shown = bounds;
    this.fit(bounds, { animate: false, maxZoom: 16 });
  }

  private onResized(): void {
    if (this.isUntouched && this.shown) this.fit(this.shown, { animate: false, maxZoom: 16 });
  }

  private fit(bounds: L.LatLngBounds, options: L.FitBoundsOptions): void {
    endZoom(this.map);
    const size = this.map.getSize();
    const part = Math.min(1, size.x / ROOMY.x, size.y / ROOMY.y);
    this.map.fitBounds(bounds, {
      ...options, paddingTopLeft: ROOM.topLeft.multiplyBy(part), paddingBottomRight: ROOM.bottomRight.multiplyBy(part),
    });
  }

  fitAll(): void {
    const bounds = this.everything() ?? this.home;
    this.leave();
    if (bounds) this.fit(bounds, { maxZoom: 16 });
  }

  /** Looks at the stops of a route and at its vehicle; the way from the depot may lie outside. */
  fitRoute(routeId: string): void {
    const route = this.scene.routes.get(routeId);
    const bounds = L.latLngBounds([]);
    for (const stop of this.scene.stopsOf(routeId)) bounds.extend([stop.lat, stop.lon]);
    const slot = route ? this.slotOf(route.vehicle_id) : -1;
    if (slot >= 0) bounds.extend(this.place(slot));
    if (!bounds.isValid()) return;
    this.leave();
    this.fit(bounds, { maxZoom: 17 });
  }

  /** Looks at a rectangle: south, west, north, east, degrees; at once, as a selection may follow. */
  fitBox([south, west, north, east]: Bounds): void {
    this.leave();
    this.fit(L.latLngBounds([south, west], [north, east]), { maxZoom: 16, animate: false });
  }

  /** The map is no longer what it was opened at, and follows nobody. */
  private leave(): void {
    this.isUntouched = false;
    this.endFollowing();
  }

  follow(vehicleId: string): void {
    this.isUntouched = false;
    this.followed = vehicleId;
    this.onFollowChanged();
    const slot = this.slot();
    if (slot < 0) return;
    endZoom(this.map);
    const zoom = Math.max(this.map.getZoom(), FOLLOW_ZOOM);
    this.map.setView(this.place(slot), zoom, { animate: true });
  }

  /** Brings a place into view without changing more than needed. */
  reveal(lat: number, lon: number): void {
    if (this.map.getBounds().pad(-0.08).contains([lat, lon])) return;
    this.isUntouched = false;
    this.map.panTo([lat, lon]);
  }

  /** Keeps the followed vehicle in the middle; called with each drawing. */
  keepFollowing(): void {
    const slot = this.followed ? this.slot() : -1;
    if (slot < 0 || isZooming(this.map)) return;
    const offset = this.map.latLngToContainerPoint(this.place(slot)).subtract(this.map.getSize().divideBy(2)).round();
    if (Math.abs(offset.x) + Math.abs(offset.y) < 1) return;
    this.map.panBy(offset, { animate: false });
  }

  endFollowing(): void {
    if (!this.followed) return;
    this.followed = "";
    this.onFollowChanged();
    this.onFollowEnded();
  }

  private slot(): number {
    return this.slotOf(this.followed);
  }

  private slotOf(vehicleId: string): number {
    const handle = this.scene.handleOf(vehicleId);
    return handle === undefined ? -1 : this.fleet.slotOf(handle);
  }

  private place(slot: number): L.LatLng {
    return L.latLng(latOfWorldY(this.fleet.y[slot]!), lonOfWorldX(this.fleet.x[slot]!));
  }

  private everything(): L.LatLngBounds | null {
    const bounds = L.latLngBounds([]);
    const box = this.scene.stops.bounds();
    if (box) bounds.extend([latOfWorldY(box.minY), lonOfWorldX(box.minX)]).extend([latOfWorldY(box.maxY), lonOfWorldX(box.maxX)]);
    for (const depot of this.scene.depots.values()) bounds.extend([depot.lat, depot.lon]);
    if (!bounds.isValid()) for (let i = 0; i < this.fleet.count; i++) bounds.extend(this.place(i));
    return bounds.isValid() ? bounds : null;
  }
}
