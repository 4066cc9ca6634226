import type { Point } from "leaflet";
import { describe, expect, it } from "vitest";
import { Apart } from "../src/apart";
import { Draft } from "../src/draft";
import { MarkDrawing } from "../src/markDrawing";
import { MarkGrid } from "../src/markGrid";
import { worldX, worldY, type ViewTransform } from "../src/mercator";
import { NOTHING } from "../src/selection";
import { themeNamed } from "../src/theme";
import { layAlerts, topAt, type TopMark } from "../src/topMarks";
import { VehicleCrowds } from "../src/vehicleCrowds";
import { isOutcome, type Selection } from "../src/words";
import { generatedRoom, type Room } from "./lots";

const SIZE = { x: 1280, y: 800 } as Point;
const SEEDS = [1, 2, 3, 4, 5];
const ZOOMS = [7, 9.3, 10.5, 12, 13.7, 15.2, 17];

/** A canvas that is drawn on and not looked at. */
function blindCanvas(): CanvasRenderingContext2D {
  return new Proxy({} as CanvasRenderingContext2D, {
    get: (held, name) => (name === "measureText" ? () => ({ width: 12 }) : Reflect.get(held, name) ?? (() => undefined)),
    set: (held, name, value) => Reflect.set(held, name, value),
  });
}

function viewAt(zoom: number, lat = 47.1, lon = 9.5): ViewTransform {
  const scale = 256 * 2 ** zoom;
  return { scale, offsetX: Math.round(worldX(lon) * scale - SIZE.x / 2), offsetY: Math.round(worldY(lat) * scale - SIZE.y / 2) };
}

function onCanvas({ scale, offsetX, offsetY }: ViewTransform, at: { readonly x: number; readonly y: number }): { x: number; y: number } {
  return { x: at.x * scale - offsetX, y: at.y * scale - offsetY };
}

function isInView(view: ViewTransform, at: { readonly x: number; readonly y: number }): boolean {
  const { x, y } = onCanvas(view, at);
  return x >= 0 && y >= 0 && x < SIZE.x && y < SIZE.y;
}

function drawnMarks({ scene }: Room, zoom: number, selection: Selection = NOTHING): MarkDrawing {
  const drawing = new MarkDrawing({
    ctx: blindCanvas(), view: viewAt(zoom), size: SIZE, zoom, scene, draft: new Draft(), theme: themeNamed("dark"), selection,
  });
  drawing.stops(true, true);
  drawing.depots();
  drawing.exceptions();
  return drawing;
}

function drawnAlerts({ scene, fleet }: Room, zoom: number, apart = new Apart(), selection: Selection = NOTHING): TopMark[] {
  const view = viewAt(zoom);
  const x = Float32Array.from(fleet.x.subarray(0, fleet.count), (at) => at * view.scale - view.offsetX);
  const y = Float32Array.from(fleet.y.subarray(0, fleet.count), (at) => at * view.scale - view.offsetY);
  const alerts = layAlerts(apart, { scene, fleet, selection, x, y, view, crowds: new VehicleCrowds() }, { zoom, size: SIZE, asideOf: () => undefined });
  return alerts.map(({ exception, markX, markY }) => ({
    selection: { kind: "exception", id: exception.id }, x: markX, y: markY, radius: 5.5, cluster: null,
  }));
}

const everyLevel = SEEDS.flatMap((seed) => ZOOMS.map((zoom) => [seed, zoom] as const));

describe.each(everyLevel)("room %i at zoom %f", (seed, zoom) => {
  const room = generatedRoom(seed, { stops: 6000, vehicles: 400, exceptions: 500 });
  const view = viewAt(zoom);

  it("shows every critical exception with a mark and a pick target of its own", () => {
    const drawn = drawnAlerts(room, zoom);
    for (const exception of room.scene.exceptions.values()) {
      if (exception.severity !== "critical" || !isInView(view, exception)) continue;
      const mark = drawn.find(({ selection }) => selection.id === exception.id)!;
      expect(mark).toBeDefined();
      expect(topAt(drawn, mark.x, mark.y)).toBe(mark);
    }
    const clash = drawn.some((a, i) => drawn.some((b, k) => k < i && Math.hypot(a.x - b.x, a.y - b.y) < 11));
    expect(clash).toBe(false);
  });

  it("keeps critical exceptions and their stops out of clusters", () => {
    const { marks } = drawnMarks(room, zoom);
    const clusters = marks.flatMap(({ cluster }) => cluster ?? []);
    expect(clusters.every(({ severities }) => severities[0] === 0)).toBe(true);
    const single = new Set(marks.map(({ selection }) => (selection.kind === "stop" ? selection.id : "")));
    for (const id of room.scene.troubles.criticalStops) {
      const stop = room.scene.stops.get(id)!;
      if (isInView(view, stop)) expect(single.has(id)).toBe(true);
    }
  });

  it("counts or draws every stop still to do, once, and every exception less than critical", () => {
    const { marks } = drawnMarks(room, zoom);
    const box = marks.filter((mark) => isInView(view, mark));
    const open = room.scene.stops.records.filter((stop) => isInView(view, stop) && !isOutcome(stop.state));
    const single = box.filter(({ selection }) => selection.kind === "stop").map(({ selection }) => selection.id);
    const clustered = marks.flatMap(({ cluster }) => cluster ?? []).reduce((sum, one) => sum + one.count - one.done, 0);
    expect(new Set(single).size).toBe(single.length);
    expect(single.length + clustered).toBeGreaterThanOrEqual(open.length);
    const standing = room.scene.troubles.standing.filter(({ mark }) => isInView(view, mark));
    const counted = marks.flatMap(({ cluster }) => cluster ?? []).reduce((sum, one) => sum + one.severities.reduce((a, b) => a + b, 0), 0);
    const alone = marks.filter(({ selection }) => selection.kind === "exception").length;
    expect(counted + alone).toBeGreaterThanOrEqual(standing.length);
  });
});

describe("what is selected", () => {
  const room = generatedRoom(9, { stops: 6000, vehicles: 400, exceptions: 500 });

  it("is never part of a cluster", () => {
    const minor = [...room.scene.exceptions.values()].find(({ severity, stop_id }) => severity === "minor" && stop_id !== "")!;
    for (const selection of [{ kind: "stop", id: "s7" }, { kind: "exception", id: minor.id }] as const) {
      const { marks } = drawnMarks(room, 8, selection);
      expect(marks.some((mark) => mark.selection.kind === selection.kind && mark.selection.id === selection.id)).toBe(true);
    }
  });
});

describe("picking a mark", () => {
  it("takes the one on top, the same as looking at all of them", () => {
    const zoom = 12;
    const view = viewAt(zoom);
    const { marks } = drawnMarks(generatedRoom(3, { stops: 3000, vehicles: 10, exceptions: 100 }), zoom);
    const grid = new MarkGrid();
    grid.build(marks, view);
    for (let k = 0; k < 500; k++) {
      const [x, y] = [(k * 7919) % SIZE.x, (k * 104729) % SIZE.y];
      const all = marks.findLast((mark) => {
        const at = onCanvas(view, mark);
        return (at.x + mark.aside.dx - x) ** 2 + (at.y + mark.aside.dy - y) ** 2 <= mark.radius ** 2;
      });
      expect(grid.topmost(x, y)?.mark).toBe(all);
    }
  });
});

describe.each(everyLevel)("crowds of room %i at zoom %f", (seed, zoom) => {
  const { fleet } = generatedRoom(seed, { stops: 1, vehicles: 3000, exceptions: 0 });
  const view = viewAt(zoom);
  const { count } = fleet;
  const x = Float32Array.from(fleet.x.subarray(0, count), (at) => at * view.scale - view.offsetX);
  const y = Float32Array.from(fleet.y.subarray(0, count), (at) => at * view.scale - view.offsetY);
  const ranks = Uint8Array.from({ length: count }, (_, i) => (i % 50 === 0 ? 5 : 1));
  const standing = Uint8Array.from({ length: count }, (_, i) => i % 3);

  it("hold every vehicle at most once and none that is singled out", () => {
    const crowds = new VehicleCrowds();
    crowds.gather({ count, x, y, standing, ranks, singledOut: 5 }, view, SIZE.x, SIZE.y);
    const members = crowds.crowds.map(() => [0, 0, 0]);
    for (let i = 0; i < count; i++) {
      const crowd = crowds.crowdOf[i]!;
      if (ranks[i] === 5) expect(crowd).toBe(-1);
      if (crowd >= 0) members[crowd]![standing[i]!]! += 1;
    }
    expect(crowds.crowds.map((crowd) => [crowd.vehicles - crowd.atRisk - crowd.late, crowd.atRisk, crowd.late])).toEqual(members);
  });

  it("are the same while the map is dragged", () => {
    const crowds = new VehicleCrowds();
    crowds.gather({ count, x, y, standing, ranks, singledOut: 5 }, view, SIZE.x, SIZE.y);
    const inside = (at: { x: number; y: number }): boolean => at.x > 200 && at.y > 200 && at.x < SIZE.x - 200 && at.y < SIZE.y - 200;
    const first = crowds.crowds.filter(inside);
    const moved = { ...view, offsetX: view.offsetX + 37, offsetY: view.offsetY - 53 };
    const byView = (column: Float32Array, d: number): Float32Array => column.map((at) => at + d);
    crowds.gather({ count, x: byView(x, -37), y: byView(y, 53), standing, ranks, singledOut: 5 }, moved, SIZE.x, SIZE.y);
    for (const crowd of first) {
      const again = crowds.crowds.find((one) => Math.hypot(one.x + 37 - crowd.x, one.y - 53 - crowd.y) < 0.5);
      expect(again?.vehicles).toBe(crowd.vehicles);
    }
  });
});

describe("marks laid apart", () => {
  it("stay where they are while the map is dragged", () => {
    const apart = new Apart();
    const marks = Array.from({ length: 60 }, (_, i) => ({ id: `${i}`, x: 100 + (i % 5), y: 100 + (i % 7) }));
    const first = apart.lay(marks, 19);
    for (let step = 1; step < 50; step++) {
      const laid = apart.lay(marks.map(({ id, x, y }) => ({ id, x: x + 3 * step, y: y - step })), 19);
      for (const [id, at] of laid) {
        expect(at.x - first.get(id)!.x).toBeCloseTo(3 * step, 6);
        expect(at.y - first.get(id)!.y).toBeCloseTo(-step, 6);
      }
    }
  });

  it("go back to their place once it is free", () => {
    const apart = new Apart();
    apart.lay([{ id: "a", x: 0, y: 0 }, { id: "b", x: 5, y: 0 }], 19);
    expect(apart.lay([{ id: "b", x: 5, y: 0 }], 19).get("b")).toEqual({ x: 5, y: 0 });
  });

  it("find room however many want the same place", () => {
    const laid = [...new Apart().lay(Array.from({ length: 800 }, (_, i) => ({ id: `${i}`, x: 7, y: 7 })), 19).values()];
    const clash = laid.some((a, i) => laid.some((b, k) => k < i && Math.hypot(a.x - b.x, a.y - b.y) < 18.9));
    expect(clash).toBe(false);
  });
});
