import { describe, expect, it } from "vitest";
import { Draft, type DraftRecord } from "../src/draft";
import { Legs, nearestPlace, type Leg } from "../src/legs";
import { latOfWorldY, lonOfWorldX } from "../src/mercator";
import { Scene, type RouteRecord, type SceneDelta, type StopRecord } from "../src/scene";
import { shapeText } from "./lines";

const NOTHING = { set: [], gone: [] } as const;
const UNIT = 1 / 1000;

/** Places on a grid of thousandths of the unit square, so that distances are easy to see. */
function at(x: number, y: number): { lat: number; lon: number } {
  return { lat: latOfWorldY(0.35 + y * UNIT), lon: lonOfWorldX(0.52 + x * UNIT) };
}

function world(x: number, y: number): { x: number; y: number } {
  return { x: 0.52 + x * UNIT, y: 0.35 + y * UNIT };
}

function stop(id: string, number: number, x: number, y: number, more: Partial<StopRecord> = {}): StopRecord {
  return {
    id, route_id: "R", number, ...at(x, y), state: "planned", punctuality: "on_time",
    label: "", expected: "", window: "", kind: "delivery", is_locked: false, ...more,
  };
}

/** Down one side of a street and up the other: (0,0) (0,4) (1,4) (1,0), a stop at each corner. */
const LINE = [at(0, 0), at(0, 4), at(1, 4), at(1, 0)].map(({ lat, lon }) => [lat, lon] as const);
const ROUTE: RouteRecord = {
  id: "R", name: "R", colour: 0, shape: shapeText(LINE), done_fraction: 0, works_from: 0, works_to: 1, punctuality: "on_time",
  vehicle_id: "v", depot_id: "", stop_at: [0, 4 / 9, 5 / 9, 1], is_outdated: false,
};
const STOPS = [stop("a", 1, 0, 0, { state: "delivered" }), stop("b", 2, 0, 4), stop("c", 3, 1, 4), stop("d", 4, 1, 0)];

function sceneWith(route: Partial<RouteRecord>, stops = STOPS, more: Partial<SceneDelta> = {}): Scene {
  const scene = new Scene();
  scene.apply({
    base: 0, version: 1, depots: NOTHING, exceptions: NOTHING, names: NOTHING,
    routes: { set: [{ ...ROUTE, ...route }], gone: [] }, stops: { set: stops, gone: [] }, ...more,
  });
  return scene;
}

function draftWith(record: Partial<DraftRecord>): Draft {
  const draft = new Draft();
  draft.take({ routes: [], stops: [], added: [], lifted: [], title: "", lines: [], ...record });
  return draft;
}

function free(scene: Scene, draft = new Draft()): Leg[] {
  return new Legs(scene, draft, () => null).free(18, "");
}

const names = (legs: readonly Leg[]): string[] => legs.map((leg) => `${leg.after}-${leg.before}`);

describe("the ways a stop can be put into", () => {
  it("lead along the line from what is driven to the last stop, and home", () => {
    expect(names(free(sceneWith({ done_fraction: 0.2, stop_at: [0, 4 / 9, 5 / 9, 0.9] })))).toEqual(["-b", "b-c", "c-d", "d-"]);
  });

  it("leave out what is lifted: the way passes by its place", () => {
    const legs = free(sceneWith({}), draftWith({ lifted: ["c"] }));
    expect(names(legs)).toEqual(["-b", "b-d"]);
    expect(legs[1]!.points.length).toBe(6);
  });

  it("are straight where the line is not that of the order, and begin at the last stop done", () => {
    const depots = { set: [{ id: "D", label: "", ...at(3, 0) }], gone: [] };
    const legs = free(sceneWith({ stop_at: [], depot_id: "D" }, STOPS, { depots }));
    expect(names(legs)).toEqual(["-b", "b-c", "c-d", "d-"]);
    expect(legs.every((leg) => leg.points.length === 4)).toBe(true);
    expect(legs[0]!.points[0]).toBeCloseTo(world(0, 0).x, 8);
    expect(legs[3]!.points[2]).toBeCloseTo(world(3, 0).x, 8);
  });

  it("begin at the vehicle where it is known, but not while it stands at a door", () => {
    const under = (stops: StopRecord[]): number => {
      const legs = new Legs(sceneWith({ stop_at: [] }, stops), new Draft(), () => world(9, 9)).free(18, "");
      return Math.round((legs[0]!.points[0]! - 0.52) / UNIT);
    };
    expect(under(STOPS)).toBe(9);
    expect(under([STOPS[0]!, { ...STOPS[1]!, state: "servicing" }, STOPS[2]!, STOPS[3]!])).toBe(0);
  });

  it("go by what was put down in the draft, not by what is hovered", () => {
    const draft = draftWith({ routes: [{ id: "R", order: ["d", "c", "b"], placed: ["c", "b", "d"] }] });
    expect(names(free(sceneWith({}), draft))).toEqual(["-c", "c-b", "b-d"]);
    const hovered = draftWith({ routes: [{ id: "R", order: ["d", "c", "b"], placed: null }] });
    expect(names(free(sceneWith({}), hovered))).toEqual(["-b", "b-c", "c-d"]);
  });

  it("are none on a route that is over", () => {
    expect(free(sceneWith({ punctuality: "done" }))).toEqual([]);
  });

  it("are drawn with the hovered place, stops of the draft alone included", () => {
    const draft = draftWith({
      routes: [{ id: "R", order: ["b", "new", "c", "d"], placed: null }], added: [stop("new", 0, 5, 5, { route_id: "" })],
    });
    const scene = sceneWith({});
    expect(names(new Legs(scene, draft, () => null).drafted(scene.routes.get("R")!))).toEqual(["-b", "b-new", "new-c", "c-d"]);
  });
});

describe("the place under the pointer", () => {
  const legs = free(sceneWith({}));
  const reach = { scale: 10_000, px: 4, chosen: "", door: world(0, 2) };

  it("is on the nearest way, and none where none is near", () => {
    expect(nearestPlace(legs, world(0.1, 3), reach)?.leg.before).toBe("b");
    expect(nearestPlace(legs, world(0.5, 4.2), reach)?.leg.before).toBe("c");
    expect(nearestPlace(legs, world(0.1, 8), reach)).toBeNull();
  });

  it("says where on the line it is", () => {
    const foot = nearestPlace(legs, world(0.2, 2), reach)!.foot;
    expect(foot.x).toBeCloseTo(world(0, 2).x, 7);
    expect(foot.y).toBeCloseTo(world(0, 2).y, 7);
  });

  it("is, of ways as near, the one that suits the stop", () => {
    const aside = [at(3, 4)].map(({ lat, lon }) => [lat, lon] as const)[0]!;
    const thereAndBack = shapeText([LINE[0]!, LINE[1]!, aside, LINE[1]!, LINE[0]!]);
    const both = free(sceneWith({ shape: thereAndBack, stop_at: [0, 4 / 14, 7 / 14, 1] }));
    const onto = (door: { x: number; y: number }): string | undefined =>
      nearestPlace(both, world(0, 1.6), { ...reach, door })?.leg.before;
    expect([onto(world(-2, 3)), onto(world(2, 3))]).toEqual(["b", "d"]);
  });

  it("is on the selected route where another one is hardly nearer", () => {
    const other = { ...legs[0]!, routeId: "S", points: Float64Array.from(legs[0]!.points, (value, i) => value + (i % 2 ? 0 : 4e-4)) };
    const under = (chosen: string): string | undefined =>
      nearestPlace([...legs, other], world(0.3, 2), { ...reach, px: 30, chosen })?.leg.routeId;
    expect([under(""), under("R"), under("S")]).toEqual(["R", "R", "S"]);
  });
});
