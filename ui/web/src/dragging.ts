/** Dragging stops on the map: onto the line of a route, or off it. */

import type * as L from "leaflet";
import type { QtLink } from "./channel";
import type { Draft } from "./draft";
import type { DraftLayer } from "./draftLayer";
import { DragFeel } from "./dragFeel";
import { listenToDrags } from "./dragInput";
import type { Layers } from "./layers";
import { isOpen, nearestPlace, type Leg, type Legs, type Place } from "./legs";
import type { Pointer } from "./pointer";
import type { Placed, Route, Scene, Stop } from "./scene";
import { isSame, StopDrag, type DragHost, type Spot, type Target } from "./stopDrag";
import { routeColour, type Theme } from "./theme";

/** A line this near to the pointer takes the stop, pixels. */
const REACH_PX = 30;
/** From here on the dots of routes not selected are large enough to be taken hold of. */
const DOTS_FROM_ZOOM = 13;
const CURSORS = ["is-liftable", "is-carrying", "is-refused"] as const;

export interface DragParts {
  readonly map: L.Map;
  readonly scene: Scene;
  readonly draft: Draft;
  readonly legs: Legs;
  readonly layer: DraftLayer;
  readonly pointer: Pointer;
  readonly link: QtLink;
  readonly layers: Layers;
  /** The routes that stops can be dragged onto. */
  readonly offered: () => readonly Route[];
  /** The selected route, or empty. */
  chosen(): string;
  theme(): Theme;
}

export class Dragging implements DragHost {
  private readonly drag = new StopDrag(this);
  private readonly feel: DragFeel;
  private free: { readonly key: string; readonly legs: Leg[] } | null = null;
  private at: Spot = { x: 0, y: 0 };
  /** What lies under stops that are dragged in from beside the map; undefined while none are. */
  private carriedOver: Target | null | undefined = undefined;

  constructor(private readonly parts: DragParts) {
    const container = parts.map.getContainer();
    this.feel = new DragFeel(container);
    listenToDrags(container, this.drag, {
      stopToPress: (at) => this.stopToPress(at),
      moved: (at) => this.moved(at),
    });
    container.addEventListener("mousemove", (event) => this.showCursor(event));
  }

  /** The draft is another one. */
  onDraft(): void {
    this.drag.told(this.parts.draft.lifted);
    if (!this.drag.isCarried) return;
    this.feel.tell(this.parts.draft);
    this.feel.move(this.at.x, this.at.y);
  }

  onRefused(why: string): void {
    this.drag.refused(why);
    this.dress();
  }

  /** Stops from beside the map are held over it. */
  carry(at: Spot): void {
    if (this.drag.isPressed) return;
    if (this.carriedOver === undefined) this.feel.offer(this.canTakeOff());
    const target = this.aim(at);
    if (this.carriedOver !== undefined && isSame(target, this.carriedOver)) return;
    this.carriedOver = target;
    this.hover(target);
  }

  /** They are elsewhere, or put down. */
  carryEnd(): void {
    if (this.carriedOver === undefined) return;
    this.carriedOver = undefined;
    this.end();
  }

  // What the drag asks of its host

  lift(stopId: string): void {
    this.parts.pointer.rest();
    this.parts.link.dragged({ do: "lift", stop_id: stopId });
  }

  hover(target: Target | null): void {
    this.parts.link.dragged({ do: "hover", target });
  }

  drop(target: Target): void {
    this.parts.link.dragged({ do: "drop", target });
  }

  cancel(): void {
    this.parts.link.dragged({ do: "cancel" });
  }

  begin(lifted: readonly string[]): void {
    const { scene, draft } = this.parts;
    const stops = lifted.flatMap((id) => scene.stops.get(id) ?? []);
    const first = stops[0];
    const route = first && scene.routes.get(draft.routeOf(first));
    const colour = route ? routeColour(this.parts.theme(), route.colour) : this.parts.theme().muted;
    const number = first ? draft.struckNumber(first) || draft.numberOf(first) : 0;
    this.feel.begin({ number, count: lifted.length, colour });
    this.feel.offer(this.canTakeOff());
    this.dress();
  }

  end(): void {
    this.feel.end();
    this.aimAt(null);
    this.free = null;
    this.dress();
  }

  say(why: string): void {
    this.feel.say(why);
    this.dress();
  }

  aim(at: Spot): Target | null {
    const isOff = this.feel.isOverStrip(at.y);
    this.feel.aimAtStrip(isOff);
    const place = isOff ? null : this.placeAt(at);
    this.aimAt(place);
    if (isOff) return { route_id: "", before: "" };
    return place && { route_id: place.leg.routeId, before: place.leg.before };
  }

  private canTakeOff(): boolean {
    const { scene, draft } = this.parts;
    return draft.lifted.some((id) => scene.stops.has(id) && draft.routeOf(scene.stops.get(id)!) !== "");
  }

  private placeAt(at: Spot): Place | null {
    const door = this.door();
    if (!door || !this.parts.layers.isOn("routes")) return null;
    const { map, pointer } = this.parts;
    const reach = { scale: 256 * 2 ** map.getZoom(), px: REACH_PX, chosen: this.parts.chosen(), door };
    return nearestPlace(this.freeLegs(), pointer.worldAt(at), reach);
  }

  private freeLegs(): Leg[] {
    const { map, scene, draft, legs } = this.parts;
    const offered = this.parts.offered();
    const key = [map.getZoom(), scene.version, draft.version, this.parts.chosen(), offered.map(({ id }) => id)].join(" ");
    if (this.free?.key !== key) this.free = { key, legs: legs.free(map.getZoom(), this.parts.chosen(), offered) };
    return this.free.legs;
  }

  private door(): Placed | undefined {
    const { scene, draft } = this.parts;
    return scene.stops.get(draft.lifted[0] ?? "");
  }

  private aimAt(place: Place | null): void {
    const { layer } = this.parts;
    if (layer.place === place) return;
    layer.place = place;
    layer.invalidate();
  }

  // The mouse

  private moved(at: Spot): void {
    this.at = at;
    this.feel.move(at.x, at.y);
  }

  private stopToPress(at: Spot): string {
    const stop = this.stopAt(at);
    return stop && this.isInReach(stop) ? stop.id : "";
  }

  private stopAt(at: Spot): Stop | undefined {
    const { kind, id } = this.parts.pointer.markAt(at);
    return kind === "stop" ? this.parts.scene.stops.get(id) : undefined;
  }

  /** Far out a press on one of the many dots drags the map; done ones are let be. */
  private isInReach(stop: Stop): boolean {
    const { map, draft } = this.parts;
    const route = draft.routeOf(stop);
    if (route === "" || route === this.parts.chosen() || draft.route(route)) return true;
    return isOpen(stop) && map.getZoom() >= DOTS_FROM_ZOOM;
  }

  private showCursor(event: MouseEvent): void {
    const { x, y } = this.parts.map.mouseEventToContainerPoint(event);
    const stop = event.buttons === 0 ? this.stopAt({ x, y }) : undefined;
    const isLiftable = stop !== undefined && isOpen(stop) && !stop.is_locked && this.isInReach(stop);
    this.dress(isLiftable ? "is-liftable" : undefined);
  }

  private dress(resting?: (typeof CURSORS)[number]): void {
    const wanted = this.drag.isCarried ? "is-carrying" : this.drag.isRefused ? "is-refused" : resting;
    for (const name of CURSORS) this.parts.map.getContainer().classList.toggle(name, name === wanted);
  }
}
