/** What is selected, and which route that makes the selected one. */

import type { Scene } from "./scene";
import type { Selection } from "./words";

export const NOTHING: Selection = { kind: "", id: "" };

/** The route that a selection belongs to, or empty. */
export function routeOfSelection(scene: Scene, selection: Selection): string {
  if (selection.kind === "route") return selection.id;
  if (selection.kind === "stop") return scene.stops.get(selection.id)?.route_id ?? "";
  if (selection.kind === "vehicle") return routeOfVehicle(scene, selection.id);
  if (selection.kind === "exception") return routeOfException(scene, selection.id);
  return "";
}

function routeOfVehicle(scene: Scene, vehicleId: string): string {
  const handle = scene.handleOf(vehicleId);
  const name = handle === undefined ? undefined : scene.names.get(handle);
  if (name?.route_id) return name.route_id;
  for (const route of scene.routes.values()) if (route.vehicle_id === vehicleId) return route.id;
  return "";
}

function routeOfException(scene: Scene, exceptionId: string): string {
  const exception = scene.exceptions.get(exceptionId);
  if (!exception) return "";
  if (exception.vehicle_id) return routeOfVehicle(scene, exception.vehicle_id);
  return scene.stops.get(exception.stop_id)?.route_id ?? "";
}
