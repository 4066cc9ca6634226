/** The map page: puts the parts together and keeps them fed. */

import * as L from "leaflet";
import { Camera } from "./camera";
import { QtLink, type Command } from "./channel";
import { readConfig, type Config } from "./config";
import { addButtons, addLayersBox, Legend } from "./controls";
import { Draft, type DraftRecord } from "./draft";
import { DraftLayer } from "./draftLayer";
import { Dragging } from "./dragging";
import { FollowChip } from "./followChip";
import { Fleet } from "./fleet";
import { decodeFrame } from "./frame";
import { Ground } from "./ground";
import { Graticule } from "./graticule";
import { goOnWith, ownOf, Touches } from "./kept";
import { listenToKeys } from "./keyboard";
import { Layers } from "./layers";
import { addProviderTiles, asText, createMap, isZooming } from "./leafletMap";
import { Legs } from "./legs";
import { MarkLayer } from "./markLayer";
import { Milestones } from "./milestones";
import { Moved } from "./moved";
import { Names } from "./names";
import type { TrailsRecord } from "./pastTrail";
import { PastTrailHover } from "./pastTrailHover";
import { PastTrailLayer } from "./pastTrailLayer";
import { PastTrailLegend } from "./pastTrailLegend";
import type { Bounds } from "./pieces";
import { Pointer } from "./pointer";
import { timePicks } from "./pickTrial";
import { poll } from "./poll";
import { Redraws } from "./redraws";
import { RouteLayer } from "./routeLayer";
import { RoutesNote } from "./routesNote";
import { hasChanges, Scene, type SceneDelta } from "./scene";
import { NOTHING, routeOfSelection } from "./selection";
import { FrameMeter } from "./statistics";
import { dressPage, themeNamed, type Theme } from "./theme";
import { TileStore } from "./tileStore";
import { TrailLayer, Trails } from "./trails";
import { dragAndZoom, dragInCircles, zoomInAndOut } from "./trials";
import { VehicleLayer } from "./vehicleLayer";
import type { Selection } from "./words";

const TRAIL_EVERY_MS = 1000;
const LANES_WITHIN_MS = 1500;
const TRIALS = { drag: dragInCircles, zoom: zoomInAndOut, pan: dragAndZoom };

class MapPage {
  private readonly map: L.Map;
  private readonly fleet = new Fleet();
  private readonly scene = new Scene();
  private readonly draft = new Draft();
  private readonly layers = new Layers();
  private readonly trails = new Trails();
  private readonly redraws = new Redraws();
  private readonly meter = new FrameMeter();
  private readonly moved = new Moved((isMoved) => this.link.moved(isMoved));
  private readonly ground: Ground | null;
  private readonly graticule: Graticule;
  private readonly routeLayer: RouteLayer;
  private readonly markLayer: MarkLayer;
  private readonly legs: Legs;
  private readonly draftLayer: DraftLayer;
  private readonly trailLayer: TrailLayer;
  private readonly pastTrails: PastTrailLayer;
  private readonly pastLegend: PastTrailLegend;
  private readonly vehicles: VehicleLayer;
  private readonly pointer: Pointer;
  private readonly camera: Camera;
  private readonly legend: Legend;
  private readonly chip: FollowChip;
  private readonly link: QtLink;
  private readonly dragging: Dragging;
  private readonly milestones = new Milestones((what, atMs) => this.link.drawn(what, atMs));
  private readonly touches: Touches;
  private selection: Selection = NOTHING;
  private themeName: string;
  private trailsDrawnAt = 0;
  private areLanesDue = false;

  constructor(config: Config) {
    this.themeName = config.theme;
    const theme = themeNamed(config.theme);
    dressPage(document.documentElement, config.theme);
    this.layers.setAll(config.layers);
    this.map = createMap();
    this.redraws.isZooming = () => isZooming(this.map);
    this.camera = new Camera(this.map, this.scene, this.fleet, config);
    this.graticule = new Graticule(this.map, this.redraws, theme, config);
    addProviderTiles(this.map, config);
    this.routeLayer = new RouteLayer(this.map, this.redraws, this.scene, this.draft, this.layers, theme);
    this.ground = config.bounds && this.addGround(config.bounds, theme, config.attribution);
    this.markLayer = new MarkLayer(this.map, this.redraws, this.scene, this.draft, this.layers, theme);
    this.legs = new Legs(this.scene, this.draft, (vehicleId) => this.fleet.placeOf(this.scene.handleOf(vehicleId)));
    this.draftLayer = new DraftLayer(this.map, this.redraws, this.scene, this.draft, this.legs, this.layers, theme);
    this.trailLayer = new TrailLayer(this.map, this.redraws, this.fleet, this.trails, theme);
    this.trailLayer.isShown = this.layers.isOn("trails");
    this.pastTrails = new PastTrailLayer(this.map, this.redraws, theme);
    this.vehicles = new VehicleLayer(this.map, this.redraws, this.fleet, this.scene, this.layers, theme);
    this.pointer = new Pointer(this.map, this.fleet, this.scene, this.markLayer, this.vehicles, this.routeLayer, this.layers, {
      select: (selection) => this.choose(selection),
      follow: (id) => this.startFollowing(id),
    });
    new PastTrailHover(this.map, this.pastTrails, this.pointer);
    this.legend = this.addControls();
    this.pastLegend = new PastTrailLegend(this.map);
    this.touches = new Touches(this.map.getContainer());
    this.chip = new FollowChip(this.map.getContainer(), () => this.camera.endFollowing());
    this.link = new QtLink((command) => this.obey(command));
    this.dragging = new Dragging({
      map: this.map, scene: this.scene, draft: this.draft, legs: this.legs, layer: this.draftLayer, pointer: this.pointer,
      link: this.link, layers: this.layers, offered: () => this.routeLayer.offered, chosen: () => this.chosenRoute(), theme: () => themeNamed(this.themeName),
    });
    this.wire(config);
  }

  /** The region's own map: its ground below everything, its names over the routes. */
  private addGround(bounds: Bounds, theme: Theme, attribution: string): Ground {
    const tiles = new TileStore(bounds);
    this.routeLayer.names = new Names(tiles, theme, () => this.routeLayer.invalidate());
    this.map.attributionControl.addAttribution(asText(attribution));
    const ground = new Ground(this.map, tiles, theme);
    ground.onPainted = () => this.milestones.note("map");
    return ground;
  }

  private addControls(): Legend {
    const actions = {
      zoomIn: () => this.map.zoomIn(),
      zoomOut: () => this.map.zoomOut(),
      fitAll: () => this.camera.fitAll(),
      fitRoute: () => this.fitChosenRoute(),
    };
    addButtons(this.map, actions);
    addLayersBox(this.map, this.layers);
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 110 }).addTo(this.map);
    return new Legend(this.map, this.themeName);
  }

  private wire(config: Config): void {
    this.vehicles.onAdvanced = () => this.onAdvanced();
    this.vehicles.onDrawn = (tookMs) => this.onVehiclesDrawn(tookMs);
    this.vehicles.asideOf = (stopId) => this.markLayer.asides.get(stopId);
    const note = new RoutesNote(this.map);
    this.routeLayer.onDrawn = (drawn, left) => note.show(drawn, left);
    this.camera.onFollowChanged = () => this.onFollowChanged();
    this.camera.onFollowEnded = () => this.link.followed("");
    this.layers.onChange(() => this.onLayerChanged());
    this.map.on("movestart", () => this.onMoving(true));
    this.map.on("moveend", () => this.onMoving(false));
    this.map.on("moveend", () => this.link.viewChanged(this.view()));
    listenToKeys(this.map.getContainer(), {
      fitAll: () => this.camera.fitAll(),
      fitRoute: () => this.fitChosenRoute(),
      followSelected: () => this.followSelected(),
      escape: () => this.escape(),
    });
    if (!this.ground) requestAnimationFrame(() => this.milestones.note("map"));
    goOnWith(config.kept, this.map, this.trails);
    this.select(config.selection);
    if (config.follow) this.camera.follow(config.follow);
    void poll((since) => `live/vehicles?since=${since}`, (answer) => this.takeFrame(answer));
    void poll((since) => `live/scene?since=${since}`, (answer) => this.takeScene(answer));
    void poll((since) => `live/trails?since=${since}`, (answer) => this.takeTrails(answer));
  }

  private onFollowChanged(): void {
    this.vehicles.followed = this.camera.followed;
    this.chip.show(this.followedName());
    this.vehicles.wake();
  }

  private async takeTrails(answer: Response): Promise<number> {
    const record = (await answer.json()) as TrailsRecord;
    this.pastTrails.take(record);
    this.pastLegend.show(record);
    return record.version;
  }

  private async takeFrame(answer: Response): Promise<number> {
    const frame = decodeFrame(await answer.arrayBuffer());
    this.fleet.apply(frame, performance.now());
    this.trails.note(this.fleet);
    if (this.scene.stops.size === 0) this.camera.settle();
    this.vehicles.wake(true);
    return frame.version;
  }

  private async takeScene(answer: Response): Promise<number> {
    const delta = (await answer.json()) as SceneDelta;
    if (!this.scene.apply(delta)) return 0;
    if (delta.routes.gone.length > 0 || delta.routes.set.some((route) => route.shape !== undefined)) this.laneRoutes();
    if (!delta.more) this.camera.settle();
    this.drawChanged(delta);
    this.vehicles.wake();
    return delta.version;
  }

  /** Draws anew only the canvases on which something changed. */
  private drawChanged({ base, routes, stops, exceptions, depots }: SceneDelta): void {
    if (base === 0) this.drawScene();
    if (hasChanges(routes)) this.routeLayer.invalidate();
    if (hasChanges(routes) || hasChanges(stops)) this.draftLayer.invalidate();
    if ([stops, exceptions, depots].some(hasChanges)) this.markLayer.invalidate();
  }

  /** Lays routes that share roads side by side, once there is time. */
  private laneRoutes(): void {
    if (this.areLanesDue) return;
    this.areLanesDue = true;
    requestIdleCallback(() => {
      this.areLanesDue = false;
      this.scene.assignLanes();
      this.routeLayer.invalidate();
    }, { timeout: LANES_WITHIN_MS });
  }

  private onMoving(isMoving: boolean): void {
    this.redraws.isMoving = isMoving;
    this.moved.note(isMoving);
    if (isMoving) this.meter.watch();
    else this.meter.rest();
  }

  private onVehiclesDrawn(tookMs: number): void {
    this.meter.noteDraw(tookMs);
    this.meter.noteFirstDrawing(this.fleet.version, this.fleet.nowMs, this.fleet.fresh, Date.now());
    if (this.fleet.count > 0) this.milestones.note("vehicles");
  }

  private onAdvanced(): void {
    this.camera.keepFollowing();
    const clock = performance.now();
    if (this.layers.isOn("trails") && clock - this.trailsDrawnAt > TRAIL_EVERY_MS) {
      this.trailsDrawnAt = clock;
      this.trailLayer.invalidate();
    }
    requestAnimationFrame(() => this.pointer.refresh());
  }

  private obey(command: Command): void {
    if (command.do === "theme") this.restyle(command.name);
    else if (command.do === "select") this.select({ kind: command.kind, id: command.id });
    else if (command.do === "follow") this.obeyFollow(command.id);
    else if (command.do === "draft") this.takeDraft(command.draft);
    else if (command.do === "refuse") this.dragging.onRefused(command.why);
    else if (command.do === "carry") this.dragging.carry(command);
    else if (command.do === "carry_end") this.dragging.carryEnd();
    else if (command.do === "fit_all") this.camera.fitAll();
    else if (command.do === "fit_route") this.camera.fitRoute(command.id);
    else if (command.do === "fit_box") this.camera.fitBox(command.box);
    else this.layers.setAll(command.layers);
  }

  private takeDraft(record: DraftRecord): void {
    const before = this.draft.changed.join(" ");
    this.draft.take(record);
    this.dragging.onDraft();
    this.draftLayer.invalidate();
    this.markLayer.invalidate();
    if (this.draft.changed.join(" ") !== before) this.routeLayer.invalidate();
  }

  private obeyFollow(id: string): void {
    if (id) this.camera.follow(id);
    else this.camera.endFollowing();
  }

  /** Selects because the dispatcher clicked here; the Qt side is told. */
  private choose(selection: Selection): void {
    this.select(selection);
    this.link.selected(selection);
  }

  private select(selection: Selection): void {
    this.selection = selection;
    this.routeLayer.selection = this.markLayer.selection = this.vehicles.selection = selection;
    this.drawScene();
    this.vehicles.wake();
    if (selection.kind === "stop" || selection.kind === "exception") this.revealSelection(selection);
  }

  private drawScene(): void {
    this.routeLayer.invalidate();
    this.draftLayer.invalidate();
    this.markLayer.invalidate();
  }

  private revealSelection(selection: Selection): void {
    const found = this.scene.stops.get(selection.id) ?? this.scene.exceptions.get(selection.id);
    if (found) this.camera.reveal(found.lat, found.lon);
  }

  private startFollowing(id: string): void {
    this.choose({ kind: "vehicle", id });
    this.camera.follow(id);
    this.link.followed(id);
  }

  private followSelected(): void {
    if (this.selection.kind === "vehicle") this.startFollowing(this.selection.id);
  }

  private followedName(): string {
    const handle = this.scene.handleOf(this.camera.followed);
    return (handle === undefined ? undefined : this.scene.names.get(handle)?.label) ?? this.camera.followed;
  }

  private chosenRoute(): string {
    return routeOfSelection(this.scene, this.selection);
  }

  private fitChosenRoute(): void {
    const route = this.chosenRoute();
    if (route) this.camera.fitRoute(route);
    else this.camera.fitAll();
  }

  private restyle(name: string): void {
    this.themeName = name;
    const theme = themeNamed(name);
    dressPage(document.documentElement, name);
    this.ground?.restyle(theme);
    this.routeLayer.names?.restyle(theme);
    for (const layer of [this.graticule, this.routeLayer, this.draftLayer, this.markLayer, this.trailLayer, this.pastTrails]) {
      layer.theme = theme;
      layer.invalidate();
    }
    this.vehicles.restyle(theme);
    this.legend.restyle(name);
  }

  private onLayerChanged(): void {
    this.drawScene();
    this.trailLayer.isShown = this.layers.isOn("trails");
    this.vehicles.wake();
    this.link.layersChanged(this.layers.read());
  }

  /** First stops following, then deselects. */
  private escape(): void {
    if (this.camera.followed) this.camera.endFollowing();
    else this.choose(NOTHING);
  }

  private view(): { lat: number; lon: number; zoom: number; is_untouched: boolean } {
    const centre = this.map.getCenter();
    return { lat: centre.lat, lon: centre.lng, zoom: this.map.getZoom(), is_untouched: this.camera.isUntouched };
  }

  /** How the page stands, for another that is to take its place, as JSON. */
  keep(): string {
    const { scene, fleet, redraws, touches } = this;
    return JSON.stringify({
      view: this.view(),
      quiet_ms: touches.quietMs,
      is_busy: touches.isBusy || redraws.isMoving || this.draft.lifted.length > 0,
      is_whole: scene.isWhole && redraws.isSettled && !this.areLanesDue && (this.ground?.isCovered() ?? true),
      shows: [fleet.count, scene.routes.size, scene.stops.size, scene.exceptions.size],
      follows: this.camera.followed,
      own: ownOf(this.map, this.trails, this.layers.isOn("trails")),
    });
  }

  /** What the Qt side reads, as JSON: how the page draws, and what lies where on screen. */
  stats(): string {
    return JSON.stringify({
      ...this.meter.read(),
      vehicles: this.fleet.count,
      first_map_ms: this.milestones.at("map"),
      first_vehicle_ms: this.milestones.at("vehicles"),
      zoom: this.map.getZoom(),
    });
  }

  /** Container point of a vehicle as drawn, or null while it is not on the map. */
  whereIs(vehicleId: string): string {
    const handle = this.scene.handleOf(vehicleId);
    const slot = handle === undefined ? -1 : this.fleet.slotOf(handle);
    if (slot < 0) return "null";
    const { x, y } = this.vehicles.screenPoint(slot);
    return JSON.stringify({ x, y });
  }

  /** How long it takes to know what is under the pointer, as JSON. */
  measurePick(): string {
    const { x, y } = this.map.getSize();
    return JSON.stringify(timePicks(x, y, (atX, atY) => this.pointer.look(atX, atY), () => this.vehicles.forgetPlaces()));
  }

  /** Moves the map by itself for a while, or leaves it still, and counts the frames. */
  measure(movement: keyof typeof TRIALS | "still", ms: number): void {
    this.meter.reset();
    if (movement === "still") this.countFrames(ms);
    else TRIALS[movement](this.map, ms);
  }

  private countFrames(ms: number): void {
    this.meter.watch();
    setTimeout(() => this.meter.rest(), ms);
  }
}

declare global {
  interface Window {
    tower?: MapPage;
  }
}

window.tower = new MapPage(readConfig());
