/** What the pointer is over, and what clicks and double clicks mean. */

import * as L from "leaflet";
import { Card, clusterCard, markCard, vehicleCard, type CardText } from "./card";
import type { Cluster } from "./cluster";
import type { Fleet } from "./fleet";
import type { Layers } from "./layers";
import type { MarkLayer } from "./markLayer";
import { nearestRoute } from "./pickRoute";
import type { RouteLayer } from "./routeLayer";
import type { Placed, Scene } from "./scene";
import { NOTHING } from "./selection";
import type { VehicleLayer } from "./vehicleLayer";
import type { Selection } from "./words";

const ROUTE_REACH_PX = 5;

interface Hit {
  readonly selection: Selection;
  /** The vehicle's slot, or -1. */
  readonly slot: number;
  readonly cluster: Cluster | null;
  readonly at: L.Point;
}

export interface PointerActions {
  select(selection: Selection): void;
  follow(vehicleId: string): void;
}

export class Pointer {
  private readonly card: Card;
  private at: L.Point | null = null;

  constructor(
    private readonly map: L.Map, private readonly fleet: Fleet, private readonly scene: Scene,
    private readonly markLayer: MarkLayer, private readonly vehicles: VehicleLayer,
    private readonly routeLayer: RouteLayer, private readonly layers: Layers, private readonly actions: PointerActions,
  ) {
    this.card = new Card(map.getContainer());
    map.on("mousemove", (event: L.LeafletMouseEvent) => this.onMoved(event.containerPoint));
    map.on("mouseout dragstart zoomstart", () => this.leave());
    map.on("click", (event: L.LeafletMouseEvent) => this.onClicked(event));
    map.on("dblclick", (event: L.LeafletMouseEvent) => this.onDoubleClicked(event));
  }

  /** Keeps the card beside a vehicle that moves, or comes under a resting pointer. */
  refresh(): void {
    if (this.at) this.hover(this.at);
  }

  /** Hides the card until the pointer moves again. */
  rest(): void {
    this.leave();
  }

  /** The mark at a container point, such as a stop; a vehicle passing over it is left out. */
  markAt({ x, y }: { readonly x: number; readonly y: number }): Selection {
    return this.hitMark(L.point(x, y))?.selection ?? NOTHING;
  }

  /** What a click at a container point would mean, and nothing of it shown; for measuring. */
  look(x: number, y: number): Selection {
    return this.hit(L.point(x, y))?.selection ?? NOTHING;
  }

  /** The unit-square point under a container point. */
  worldAt({ x, y }: { readonly x: number; readonly y: number }): Placed {
    const scale = 256 * 2 ** this.map.getZoom();
    const point = this.map.getPixelOrigin().add(this.map.containerPointToLayerPoint([x, y]));
    return { x: point.x / scale, y: point.y / scale };
  }

  private onMoved(at: L.Point): void {
    this.at = at;
    this.hover(at);
  }

  private leave(): void {
    this.at = null;
    this.card.hide();
    this.setHovered(-1);
  }

  private hover(at: L.Point): void {
    const hit = this.hit(at);
    this.setHovered(hit?.slot ?? -1);
    const text = hit ? this.text(hit) : null;
    this.map.getContainer().classList.toggle("is-over", hit !== null);
    if (hit && text) this.card.show(text, hit.at.x, hit.at.y);
    else this.card.hide();
  }

  private text(hit: Hit): CardText | null {
    if (hit.slot >= 0) return vehicleCard(this.fleet, this.scene, hit.slot, performance.now());
    return hit.cluster ? clusterCard(hit.cluster) : markCard(this.scene, hit.selection);
  }

  private setHovered(slot: number): void {
    if (this.vehicles.hovered === slot) return;
    this.vehicles.hovered = slot;
    this.vehicles.wake();
  }

  private onClicked(event: L.LeafletMouseEvent): void {
    const hit = this.hit(event.containerPoint);
    if (hit?.cluster) this.map.setView(event.latlng, this.map.getZoom() + 2);
    else this.actions.select(hit?.selection ?? NOTHING);
  }

  private onDoubleClicked(event: L.LeafletMouseEvent): void {
    const hit = this.hit(event.containerPoint);
    if (hit && hit.slot >= 0) this.actions.follow(hit.selection.id);
    else this.map.setZoomAround(event.containerPoint, this.map.getZoom() + 1);
  }

  private hit(at: L.Point): Hit | null {
    return this.hitTop(at) ?? this.hitVehicle(at) ?? this.hitMark(at) ?? this.hitRoute(at);
  }

  /** What is above all else: the exceptions drawn with the vehicles. */
  private hitTop(at: L.Point): Hit | null {
    const found = this.vehicles.pickTop(at.x, at.y);
    return found && { selection: found.selection, slot: -1, cluster: found.cluster, at: L.point(found.x, found.y) };
  }

  private hitVehicle(at: L.Point): Hit | null {
    const slot = this.vehicles.pick(at.x, at.y);
    if (slot < 0) return null;
    const id = this.scene.names.get(this.fleet.handle[slot]!)?.id ?? "";
    return { selection: { kind: id ? "vehicle" : "", id }, slot, cluster: null, at: this.vehicles.screenPoint(slot) };
  }

  private hitMark(at: L.Point): Hit | null {
    const found = this.markLayer.pick(at.x, at.y);
    return found && { selection: found.mark.selection, slot: -1, cluster: found.mark.cluster, at: L.point(found.x, found.y) };
  }

  private hitRoute(at: L.Point): Hit | null {
    if (!this.layers.isOn("routes")) return null;
    const zoom = this.map.getZoom();
    const { x, y } = this.worldAt(at);
    const route = nearestRoute(this.routeLayer.drawn, zoom, x, y, ROUTE_REACH_PX / (256 * 2 ** zoom));
    return route && { selection: { kind: "route", id: route.id }, slot: -1, cluster: null, at };
  }
}
