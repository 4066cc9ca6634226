import { describe, expect, it } from "vitest";
import { worldX, worldY } from "../src/mercator";
import { nearestRoute } from "../src/pickRoute";
import { RouteLine } from "../src/routeLine";
import type { Route } from "../src/scene";
import { shapeText } from "./lines";

function route(id: string, ...points: [number, number][]): Route {
  return {
    id, name: id, colour: 0, done_fraction: 0, works_from: 0, works_to: 1, punctuality: "on_time", vehicle_id: "", depot_id: "",
    stop_at: [], is_outdated: false,
    line: points.length ? RouteLine.packed(shapeText(points)) : null,
  };
}

describe("the route under the pointer", () => {
  const routes = [route("west", [47, 9.5], [47.2, 9.5]), route("east", [47, 9.6], [47.2, 9.6]), route("unknown")];
  const near = (lat: number, lon: number): string | undefined =>
    nearestRoute(routes, 14, worldX(lon), worldY(lat), 5 / (256 * 2 ** 14))?.id;

  it("is the one whose line passes within reach, between its points too", () => {
    expect(near(47.1037, 9.50002)).toBe("west");
    expect(near(47.0001, 9.59999)).toBe("east");
  });

  it("is none beside the lines and beyond their ends", () => {
    expect(near(47.1, 9.55)).toBeUndefined();
    expect(near(47.21, 9.5)).toBeUndefined();
  });

  it("is the one drawn on top where two share a road", () => {
    const shared = [route("under", [47, 9.5], [47.2, 9.5]), route("over", [47, 9.5], [47.1, 9.5])];
    expect(nearestRoute(shared, 14, worldX(9.5), worldY(47.05), 1e-6)?.id).toBe("over");
  });

  it("is the one in the lane pointed at", () => {
    const [left, right] = [route("left", [47, 9.5], [47.2, 9.5]), route("right", [47, 9.5], [47.2, 9.5])];
    left!.line!.takeLanes(Float32Array.of(-0.5));
    right!.line!.takeLanes(Float32Array.of(0.5));
    const aside = 4e-8;
    const under = (x: number): string | undefined => nearestRoute([left!, right!], 16, x, worldY(47.1), 1e-6)?.id;
    expect([under(worldX(9.5) - aside), under(worldX(9.5) + aside)]).toEqual(["left", "right"]);
  });
});
