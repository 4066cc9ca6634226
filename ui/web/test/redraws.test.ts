import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Redraws } from "../src/redraws";

let frames: FrameRequestCallback[] = [];
let clock = 0;

/** Lets one frame pass. */
function frame(ms = 16): void {
  clock += ms;
  const due = frames;
  frames = [];
  for (const callback of due) callback(clock);
}

function canvas(name: string, drawn: string[]) {
  return { redraw: () => void drawn.push(name) };
}

describe("redraws", () => {
  beforeEach(() => {
    frames = [];
    clock = 0;
    vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => frames.push(callback));
    vi.stubGlobal("performance", { now: () => clock });
  });
  afterEach(() => vi.unstubAllGlobals());

  it("are one a frame, however often they are asked for", () => {
    const drawn: string[] = [];
    const [routes, marks] = [canvas("routes", drawn), canvas("marks", drawn)];
    const redraws = new Redraws();
    for (const one of [routes, marks, routes, marks]) redraws.ask(one, false);
    frame();
    expect(drawn).toEqual(["routes"]);
    frame();
    frame();
    expect(drawn).toEqual(["routes", "marks"]);
    expect(frames).toEqual([]);
  });

  it("wait while the map is dragged, but not for ever", () => {
    const drawn: string[] = [];
    const redraws = new Redraws();
    redraws.isMoving = true;
    redraws.ask(canvas("routes", drawn), false);
    for (let i = 0; i < 30; i++) frame();
    expect(drawn).toEqual([]);
    for (let i = 0; i < 40; i++) frame();
    expect(drawn).toEqual(["routes"]);
  });

  it("do not wait where what was drawn is about to leave the view", () => {
    const drawn: string[] = [];
    const redraws = new Redraws();
    redraws.isMoving = true;
    redraws.ask(canvas("stale", drawn), false);
    redraws.ask(canvas("running out", drawn), true);
    frame();
    expect(drawn).toEqual(["running out"]);
  });

  it("are dropped where the canvas was drawn meanwhile", () => {
    const drawn: string[] = [];
    const redraws = new Redraws();
    const routes = canvas("routes", drawn);
    redraws.ask(routes, true);
    redraws.settle(routes);
    frame();
    expect(drawn).toEqual([]);
  });

  it("in parts go on with each frame until they are whole, and then make room", () => {
    const drawn: string[] = [];
    let parts = 0;
    const routes = { redraw: () => void drawn.push("all"), redrawSome: () => ++parts === 3 };
    const redraws = new Redraws();
    redraws.ask(routes, false);
    redraws.ask(canvas("marks", drawn), false);
    for (let n = 0; n < 3; n++) frame();
    expect([parts, drawn, redraws.isSettled]).toEqual([3, [], false]);
    frame();
    expect([parts, drawn, redraws.isSettled]).toEqual([3, ["marks"], true]);
  });

  it("leave the next frame to vehicles that found theirs taken", () => {
    const drawn: string[] = [];
    const redraws = new Redraws();
    redraws.ask(canvas("routes", drawn), false);
    redraws.ask(canvas("marks", drawn), false);
    frame();
    expect(redraws.claim(clock)).toBe(false);
    frame();
    expect(drawn).toEqual(["routes"]);
    expect(redraws.claim(clock)).toBe(true);
    frame();
    expect(drawn).toEqual(["routes", "marks"]);
  });

  it("wait for the end of a zoom, urgent ones and vehicles too", () => {
    const drawn: string[] = [];
    const redraws = new Redraws();
    let isZooming = true;
    redraws.isZooming = () => isZooming;
    redraws.ask(canvas("marks", drawn), true);
    for (let n = 0; n < 15; n++) {
      frame();
      expect(redraws.claim(clock)).toBe(false);
    }
    expect(drawn).toEqual([]);
    isZooming = false;
    frame();
    expect(drawn).toEqual(["marks"]);
  });
});
