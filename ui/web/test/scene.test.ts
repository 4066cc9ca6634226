import { describe, expect, it } from "vitest";
import { markCard } from "../src/card";
import { cellSide, Clustering, wholeCells, type Cluster } from "../src/cluster";
import { nextStop, Scene, type RouteRecord, type SceneDelta, type StopRecord } from "../src/scene";
import { routeOfSelection } from "../src/selection";
import { shapeText } from "./lines";

const NOTHING = { set: [], gone: [] } as const;

function delta(base: number, version: number, more: Partial<SceneDelta>): SceneDelta {
  return { base, version, depots: NOTHING, routes: NOTHING, stops: NOTHING, exceptions: NOTHING, names: NOTHING, ...more };
}

function stop(id: string, more: Partial<StopRecord> = {}): StopRecord {
  return {
    id, route_id: "R-1", number: 1, lat: 47.1, lon: 9.5, state: "planned", punctuality: "on_time",
    label: "", expected: "", window: "", kind: "delivery", is_locked: false, ...more,
  };
}

const ROUTE: RouteRecord = {
  id: "R-1", name: "R-1", colour: 2, shape: shapeText([[47.1, 9.5], [47.11, 9.5], [47.2, 9.6]]),
  done_fraction: 0, works_from: 0, works_to: 1, punctuality: "on_time", vehicle_id: "v-1", depot_id: "d", stop_at: [], is_outdated: false,
};

describe("the scene", () => {
  it("takes what changed and forgets what is gone", () => {
    const scene = new Scene();
    expect(scene.apply(delta(0, 1, { stops: { set: [stop("a"), stop("b")], gone: [] } }))).toBe(true);
    expect(scene.apply(delta(1, 2, { stops: { set: [stop("b", { state: "delivered" })], gone: ["a"] } }))).toBe(true);
    expect(scene.stops.records.map((one) => one.id)).toEqual(["b"]);
    expect(scene.stops.get("b")?.state).toBe("delivered");
  });

  it("says on a stop's card in one line when it is expected and when it was promised", () => {
    const scene = new Scene();
    const promised = stop("a", { window: "window 13:00–15:00" });
    const foretold = stop("b", { expected: "ETA 13:10 ±2", window: "window 13:00–15:00" });
    scene.apply(delta(0, 1, { stops: { set: [promised, foretold], gone: [] } }));
    const line = (id: string): string | undefined => markCard(scene, { kind: "stop", id })?.subtitle;
    expect([line("a"), line("b")]).toEqual(["window 13:00–15:00", "ETA 13:10 ±2 · window 13:00–15:00"]);
  });

  it("lists a stop with the route it is on now, and with no other", () => {
    const scene = new Scene();
    const listed = (route: string): string[] => scene.stopsOf(route).map((one) => one.id);
    scene.apply(delta(0, 1, { stops: { set: [stop("a", { number: 2 }), stop("b")], gone: [] } }));
    expect(listed("R-1")).toEqual(["b", "a"]);
    scene.apply(delta(1, 2, { stops: { set: [stop("b", { route_id: "R-2" }), stop("a", { number: 1 })], gone: [] } }));
    expect([listed("R-1"), listed("R-2")]).toEqual([["a"], ["b"]]);
    scene.apply(delta(2, 3, { stops: { set: [], gone: ["b"] } }));
    expect([listed("R-1"), listed("R-2")]).toEqual([["a"], []]);
  });

  it("refuses a change to another version, so that the page asks for everything", () => {
    const scene = new Scene();
    scene.apply(delta(0, 5, {}));
    expect(scene.apply(delta(4, 6, { stops: { set: [stop("a")], gone: [] } }))).toBe(false);
    expect(scene.stops.size).toBe(0);
    expect(scene.apply(delta(0, 7, { stops: { set: [stop("c")], gone: [] } }))).toBe(true);
    expect(scene.stops.records.map((one) => one.id)).toEqual(["c"]);
  });

  it("keeps a route's line when only its progress is told", () => {
    const scene = new Scene();
    scene.apply(delta(0, 1, { routes: { set: [ROUTE], gone: [] } }));
    const { shape: _shape, ...progress } = ROUTE;
    scene.apply(delta(1, 2, { routes: { set: [{ ...progress, done_fraction: 0.5 }], gone: [] } }));
    const route = scene.routes.get("R-1")!;
    expect(route.done_fraction).toBe(0.5);
    expect(route.line?.whole.points.length).toBe(6);
    expect(route.line?.onRoad(12)).toBe(route.line?.onRoad(12.2));
  });

  it("draws a route that is resequenced along its new line", () => {
    const scene = new Scene();
    scene.apply(delta(0, 1, { routes: { set: [ROUTE], gone: [] } }));
    scene.routes.get("R-1")!.line!.onRoad(18);
    scene.apply(delta(1, 2, { routes: { set: [{ ...ROUTE, shape: shapeText([[47, 9], [48, 10]]) }], gone: [] } }));
    expect(scene.routes.get("R-1")!.line!.onRoad(18).points.length).toBe(4);
  });

  it("knows the route of whatever is selected", () => {
    const scene = new Scene();
    const name = { id: "v-1", label: "V 1", route_id: "", driver: "", carrier: "", next_stop: "", eta: "" };
    const exception = { id: "x", severity: "major", kind: "late", lat: 47.1, lon: 9.5, label: "", vehicle_id: "", stop_id: "" } as const;
    scene.apply(delta(0, 1, {
      routes: { set: [ROUTE], gone: [] }, stops: { set: [stop("a")], gone: [] },
      exceptions: { set: [{ ...exception, stop_id: "a" }, { ...exception, id: "y", vehicle_id: "v-1" }, { ...exception, id: "z" }], gone: [] },
      names: { set: [[4, name]], gone: [] },
    }));
    const routeOf = (kind: "vehicle" | "stop" | "route" | "exception", id: string) => routeOfSelection(scene, { kind, id });
    expect([routeOf("stop", "a"), routeOf("route", "R-1"), routeOf("vehicle", "v-1")]).toEqual(["R-1", "R-1", "R-1"]);
    expect([routeOf("exception", "x"), routeOf("exception", "y"), routeOf("exception", "z")]).toEqual(["R-1", "R-1", ""]);
    expect(routeOf("stop", "nowhere")).toBe("");
  });
});

describe("the next stop", () => {
  const placed = (id: string, state: StopRecord["state"]) => ({ ...stop(id, { state }), x: 0, y: 0 });

  it("is the one on the way or being served, else the first to come", () => {
    expect(nextStop([placed("a", "delivered"), placed("b", "planned"), placed("c", "planned")])?.id).toBe("b");
    expect(nextStop([placed("a", "planned"), placed("b", "servicing")])?.id).toBe("b");
    expect(nextStop([placed("a", "attempted"), placed("b", "skipped")])).toBeUndefined();
  });
});

describe("clusters", () => {
  const cell = 1 / 4096;
  const scene = new Scene();
  scene.apply(delta(0, 1, {
    stops: {
      set: [
        stop("a"), stop("b", { punctuality: "late" }), stop("c", { punctuality: "late", state: "delivered" }),
        stop("d", { punctuality: "at_risk" }), stop("far", { lat: 48 }),
      ],
      gone: [],
    },
  }));

  const clusters = (side: number): Cluster[] => {
    const clustering = new Clustering(wholeCells({ minX: 0, minY: 0, maxX: 1, maxY: 1 }, side), side);
    clustering.addStops(scene.stops, 0);
    return clustering.read(scene.stops);
  };

  it("hold every stop once and count only open trouble", () => {
    const found = clusters(cell).sort((a, b) => a.count - b.count);
    expect(found.map((c) => c.count)).toEqual([1, 4]);
    expect(found[0]!.stop?.id).toBe("far");
    expect(found[1]).toMatchObject({ late: 1, atRisk: 1, done: 1, stop: null });
  });

  it("lie at the middle of their stops", () => {
    const together = clusters(1)[0]!;
    const ys = scene.stops.records.map((s) => s.y);
    expect(together.y).toBeCloseTo(ys.reduce((a, b) => a + b) / ys.length, 12);
  });

  it("have cells of about the size wanted, the same over a stretch of zooms", () => {
    for (let zoom = 4; zoom < 19; zoom += 0.05) {
      const scale = 256 * 2 ** zoom;
      const pixels = cellSide(scale, 56) * scale;
      expect(pixels).toBeGreaterThan(39);
      expect(pixels).toBeLessThan(80);
    }
    expect(cellSide(256 * 2 ** 9.2, 56)).toBe(cellSide(256 * 2 ** 9.3, 56));
  });
});
