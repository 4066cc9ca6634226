import { describe, expect, it, vi } from "vitest";
import { Apart } from "../src/apart";
import { Fleet } from "../src/fleet";
import { decodeFrame } from "../src/frame";
import { PickGrid } from "../src/grid";
import { MarkGrid } from "../src/markGrid";
import { Scene, type ExceptionRecord, type StopRecord } from "../src/scene";
import { FrameMeter } from "../src/statistics";
import { SteadyLabels } from "../src/steadyLabels";
import { Trails } from "../src/trails";
import { frameBytes, row } from "./frames";
import { nameOf, sceneDelta } from "./lots";

// The trails' layer stands beside their store and needs a browser; the store does not.
vi.mock("leaflet", () => ({}));

const FRAMES = 10_000;
const VEHICLES = 12;

/** How many values an object holds, all that it refers to counted once. */
function weight(root: object, seen = new Set<object>()): number {
  if (seen.has(root)) return 0;
  seen.add(root);
  if (ArrayBuffer.isView(root)) return (root as Uint8Array).length;
  const held: unknown[] = root instanceof Map ? [...root.entries()].flat() : root instanceof Set ? [...root] : Object.values(root);
  return held.reduce<number>((sum, one) => sum + (typeof one === "object" && one !== null ? weight(one, seen) : 1), 0);
}

/** The stores of the page, and a frame going through them: vehicles move, come and go; stops and exceptions change. */
class Stores {
  readonly fleet = new Fleet();
  readonly scene = new Scene();
  readonly trails = new Trails();
  readonly meter = new FrameMeter();
  readonly labels = new SteadyLabels();
  readonly apart = new Apart();
  readonly picks = new PickGrid();
  readonly marks = new MarkGrid();

  frame(n: number): void {
    const clock = n * 1000;
    const handles = Array.from({ length: VEHICLES }, (_, i) => i).filter((i) => (i + n) % 9 !== 0);
    this.fleet.apply(decodeFrame(frameBytes(handles.map((i) => row(i, 47 + i / 100 + (n % 500) / 5e4, 9.5, { atMs: clock + i })), n + 1, clock)), clock);
    this.fleet.advance(clock + 40, { minX: 0.5, minY: 0.3, maxX: 0.52704, maxY: 0.4 });
    this.scene.apply(sceneDelta(n, n + 1, {
      stops: { set: [stop(n % 7, n)], gone: [`s${(n + 3) % 7}`] },
      exceptions: { set: [exception(n % 5)], gone: [`x${(n + 2) % 5}`] },
      names: { set: [[n % VEHICLES, nameOf(n % VEHICLES)]], gone: [(n + 5) % VEHICLES] },
    }));
    this.trails.note(this.fleet);
    this.meter.noteFrame(clock);
    this.meter.noteDraw(3);
    this.meter.noteFirstDrawing(n, clock, this.fleet.fresh, clock + 50);
    this.draw(n);
  }

  private draw(n: number): void {
    const { fleet } = this;
    const at = Array.from({ length: fleet.count }, (_, i) => ({ key: fleet.handle[i]!, x: (i * 31 + n) % 300, y: (i * 17) % 90 }));
    this.labels.lay(at.map(({ key, x, y }) => ({ key, left: x, top: y, width: 40, height: 14, isFirst: false })), []);
    this.apart.lay(at.map(({ key, x, y }) => ({ id: `${key}`, x: x / 4, y })), 19);
    this.picks.build(Float32Array.from(at, ({ x }) => x), Float32Array.from(at, ({ y }) => y), at.length, 300, 90);
    this.marks.build(at.map(({ x, y }, order) => (
      { selection: { kind: "", id: "" } as const, x, y, aside: { dx: 0, dy: 0 }, radius: 9, order, cluster: null }
    )), { scale: 1, offsetX: 0, offsetY: 0 });
  }
}

function stop(i: number, n: number): StopRecord {
  return {
    id: `s${i}`, route_id: `R-${n % 4}`, number: 1, lat: 47.1, lon: 9.5, state: "planned", punctuality: "on_time", label: "", expected: "", window: "",
    kind: "delivery", is_locked: false,
  };
}

function exception(i: number): ExceptionRecord {
  return { id: `x${i}`, severity: i % 2 ? "critical" : "minor", kind: "late", lat: 47.1, lon: 9.5, label: "", vehicle_id: "", stop_id: `s${i}` };
}

describe("ten thousand frames", () => {
  it("leave the stores of the page as large as they were", () => {
    const stores = new Stores();
    // A common multiple of all rhythms above, so that the same moment of each is compared.
    const round = 1260;
    for (let n = 0; n < 5 * round; n++) stores.frame(n);
    const before = weight(stores);
    for (let n = 5 * round; n < FRAMES; n++) stores.frame(n);
    for (let n = FRAMES; n % round !== 0; n++) stores.frame(n);
    expect(weight(stores)).toBeLessThanOrEqual(before * 1.02);
  });
});
