/** Generated rooms: repeatable numbers, stops, exceptions and vehicles of any number. */

import { Fleet } from "../src/fleet";
import { decodeFrame } from "../src/frame";
import { Scene, type ExceptionRecord, type SceneDelta, type StopRecord, type VehicleName } from "../src/scene";
import { SEVERITIES, type Punctuality, type StopState } from "../src/words";
import { frameBytes, row } from "./frames";

/** Repeatable numbers in [0, 1). */
export function lot(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const NOTHING = { set: [], gone: [] } as const;

export function sceneDelta(base: number, version: number, more: Partial<SceneDelta>): SceneDelta {
  return { base, version, depots: NOTHING, routes: NOTHING, stops: NOTHING, exceptions: NOTHING, names: NOTHING, ...more };
}

export interface Room {
  readonly scene: Scene;
  readonly fleet: Fleet;
}

export interface RoomSize {
  readonly stops: number;
  readonly vehicles: number;
  readonly exceptions: number;
}

/** A room of a town and its surroundings: three places of four lie within a hundredth of it. */
export function generatedRoom(seed: number, size: RoomSize): Room {
  const draw = lot(seed);
  const place = (): { lat: number; lon: number } => {
    const spread = draw() < 0.75 ? 0.004 : 0.4;
    return { lat: 47.1 + (draw() - 0.5) * spread, lon: 9.5 + (draw() - 0.5) * spread };
  };
  const stops = Array.from({ length: size.stops }, (_, i): StopRecord => ({
    id: `s${i}`, route_id: draw() < 0.02 ? "" : `R-${i % 40}`, number: 1 + (i % 20), ...place(), state: stateOf(draw()),
    punctuality: punctualityOf(draw()), label: "", expected: "", window: "", kind: "delivery", is_locked: false,
  }));
  const vehicles = Array.from({ length: size.vehicles }, place);
  const exceptions = Array.from({ length: size.exceptions }, (_, i): ExceptionRecord => {
    const severity = SEVERITIES[Math.floor(draw() * SEVERITIES.length)]!;
    const common = { id: `x${i}`, severity, kind: "late", label: "" };
    if (draw() < 0.5) {
      const vehicle = Math.floor(draw() * size.vehicles);
      return { ...common, ...vehicles[vehicle]!, vehicle_id: `v${vehicle}`, stop_id: "" };
    }
    const stop = stops[Math.floor(draw() * size.stops)]!;
    return { ...common, lat: stop.lat, lon: stop.lon, vehicle_id: "", stop_id: stop.id };
  });
  const scene = new Scene();
  scene.apply(sceneDelta(0, 1, {
    stops: { set: stops, gone: [] }, exceptions: { set: exceptions, gone: [] },
    names: { set: vehicles.map((_, i) => [i, nameOf(i)] as const), gone: [] },
  }));
  const fleet = new Fleet();
  fleet.apply(decodeFrame(frameBytes(vehicles.map(({ lat, lon }, i) => row(i, lat, lon)), 1, 1000)), 0);
  return { scene, fleet };
}

export function nameOf(vehicle: number): VehicleName {
  return { id: `v${vehicle}`, label: `V ${vehicle}`, route_id: `R-${vehicle % 40}`, driver: "", carrier: "", next_stop: "", eta: "" };
}

function stateOf(drawn: number): StopState {
  return drawn < 0.4 ? "delivered" : drawn < 0.45 ? "servicing" : "planned";
}

function punctualityOf(drawn: number): Punctuality {
  return drawn < 0.1 ? "late" : drawn < 0.2 ? "at_risk" : "on_time";
}
