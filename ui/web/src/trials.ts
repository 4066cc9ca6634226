/** Movements of the map by itself, so that a benchmark can count its frames. */

import * as L from "leaflet";

const STEP_PX = 7;
const TURN_MS = 700;
const ZOOM_EVERY_MS = 450;
const DRAG_MS = 1500;

/** Drags the map in circles for `ms` milliseconds, a step with each frame. */
export function dragInCircles(map: L.Map, ms: number): void {
  const dragged = map as L.Map & { _rawPanBy(offset: L.Point): void };
  const started = performance.now();
  map.fire("movestart");
  const step = (): void => {
    const t = performance.now() - started;
    dragged._rawPanBy(L.point(Math.round(STEP_PX * Math.cos(t / TURN_MS)), Math.round(STEP_PX * Math.sin(t / TURN_MS))));
    map.fire("move");
    if (t < ms) requestAnimationFrame(step);
    else map.fire("moveend");
  };
  requestAnimationFrame(step);
}

/** Drags as `dragInCircles`, with a step in or out now and then, as somebody does who looks for something. */
export function dragAndZoom(map: L.Map, ms: number): void {
  const home = map.getZoom();
  const turns = Math.max(1, Math.round(ms / (DRAG_MS + ZOOM_EVERY_MS)));
  for (let turn = 0; turn < turns; turn++) {
    const at = turn * (DRAG_MS + ZOOM_EVERY_MS);
    setTimeout(() => dragInCircles(map, DRAG_MS), at);
    setTimeout(() => map.setZoom(turn % 2 ? home : home + 1), at + DRAG_MS + 50);
  }
}

/** Zooms in and out again for `ms` milliseconds, a level at a time, as a wheel does. */
export function zoomInAndOut(map: L.Map, ms: number): void {
  const started = performance.now();
  const home = map.getZoom();
  const timer = setInterval(() => {
    if (performance.now() - started > ms) clearInterval(timer);
    else map.setZoom(map.getZoom() > home ? home : home + 1);
  }, ZOOM_EVERY_MS);
}
