/** Where the map looks: fitting, following, and the first view. */

import * as L from "leaflet";
import type { Config } from "./config";
import type { Fleet } from "./fleet";
import { latOfWorldY, lonOfWorldX } from "./mercator";
import type { Scene } from "./scene";
import type { VehicleLayer } from "./vehicleLayer";

/** Room for the boxes on the map around what is fitted. */
const ROOM = { paddingTopLeft: L.point(56, 36), paddingBottomRight: L.point(56, 60) };
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
  private isUntouched: boolean;
  /** Whether it looks at something yet, and not at the whole world. */
  private isPlaced: boolean;

  constructor(private readonly map: L.Map, private readonly scene: Scene, private readonly fleet: Fleet, config: Config) {
    this.home = config.bounds ? L.latLngBounds([config.bounds[0], config.bounds[1]], [config.bounds[2], config.bounds[3]]) : null;
    this.isUntouched = config.view === null;
    this.isPlaced = this.home !== null;
    if (config.view) map.setView([config.view.lat, config.view.lon], config.view.zoom, { animate: false });
    else if (this.home) map.fitBounds(this.home, { animate: false });
    else map.setView([30, 0], 2, { animate: false });
    map.on("dragstart", () => this.endFollowing());
    for (const touch of ["pointerdown", "wheel", "keydown"]) {
      map.getContainer().addEventListener(touch, () => (this.isUntouched = false), { capture: true, once: true });
    }
  }

  /** Looks at the first stops, or vehicles, once they are known and unless somebody moved the map. */
  settle(): void {
    if (!this.isUntouched) return;
    const bounds = this.everything();
    if (!bounds) return;
    const isStopless = this.scene.stops.size === 0;
    if (isStopless && this.isPlaced && this.map.getBounds().contains(bounds)) return;
    this.isUntouched = isStopless;
    this.isPlaced = true;
    this.map.fitBounds(bounds, { animate: false, ...ROOM, maxZoom: 16 });
  }

  fitAll(): void {
    const bounds = this.everything() ?? this.home;
    this.endFollowing();
    if (bounds) this.map.fitBounds(bounds, { ...ROOM, maxZoom: 16 });
  }

  fitRoute(routeId: string): void {
    const route = this.scene.routes.get(routeId);
    const bounds = L.latLngBounds([]);
    const points = route?.line?.points ?? new Float64Array(0);
    for (let i = 0; i < points.length; i += 2) bounds.extend([latOfWorldY(points[i + 1]!), lonOfWorldX(points[i]!)]);
    for (const stop of this.scene.stopsOf(routeId)) bounds.extend([stop.lat, stop.lon]);
    if (!bounds.isValid()) return;
    this.endFollowing();
    this.map.fitBounds(bounds, { ...ROOM, maxZoom: 17 });
  }

  follow(vehicleId: string): void {
    this.followed = vehicleId;
    this.onFollowChanged();
    const slot = this.slot();
    if (slot < 0) return;
    const zoom = Math.max(this.map.getZoom(), FOLLOW_ZOOM);
    this.map.setView(this.place(slot), zoom, { animate: true });
  }

  /** Brings a place into view without changing more than needed. */
  reveal(lat: number, lon: number): void {
    if (!this.map.getBounds().pad(-0.08).contains([lat, lon])) this.map.panTo([lat, lon]);
  }

  /** Keeps the followed vehicle in the middle; called with each drawing. */
  keepFollowing(layer: VehicleLayer): void {
    const slot = this.followed ? this.slot() : -1;
    if (slot < 0 || (this.map as unknown as { _animatingZoom?: boolean })._animatingZoom) return;
    const offset = this.map.latLngToContainerPoint(this.place(slot)).subtract(this.map.getSize().divideBy(2)).round();
    if (Math.abs(offset.x) + Math.abs(offset.y) < 1) return;
    layer.quietly(() => this.map.panBy(offset, { animate: false }));
  }

  endFollowing(): void {
    if (!this.followed) return;
    this.followed = "";
    this.onFollowChanged();
    this.onFollowEnded();
  }

  private slot(): number {
    const handle = this.scene.handleOf(this.followed);
    return handle === undefined ? -1 : this.fleet.slotOf(handle);
  }

  private place(slot: number): L.LatLng {
    return L.latLng(latOfWorldY(this.fleet.y[slot]!), lonOfWorldX(this.fleet.x[slot]!));
  }

  private everything(): L.LatLngBounds | null {
    const bounds = L.latLngBounds([]);
    for (const stop of this.scene.stops.values()) bounds.extend([stop.lat, stop.lon]);
    for (const depot of this.scene.depots.values()) bounds.extend([depot.lat, depot.lon]);
    if (!bounds.isValid()) for (let i = 0; i < this.fleet.count; i++) bounds.extend(this.place(i));
    return bounds.isValid() ? bounds : null;
  }
}
