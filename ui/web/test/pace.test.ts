import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pace } from "../src/pace";
import { Redraws } from "../src/redraws";

const STEP_MS = 150;
const FRESH_MS = 33;

describe("a pace", () => {
  let drawn: number[];
  let redraws: Redraws;
  let pace: Pace;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => {
      setTimeout(() => callback(performance.now()), 16);
    });
    drawn = [];
    redraws = new Redraws();
    pace = new Pace(redraws, () => {
      drawn.push(performance.now());
      pace.noteDrawn(2);
    });
    pace.ask(0);
    vi.advanceTimersByTime(100);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  /** How long after the first drawing the others were. */
  const after = (): number[] => drawn.slice(1).map((at) => at - drawn[0]!);

  it("draws a step later, however often it is asked", () => {
    for (let times = 0; times < 5; times++) pace.ask(STEP_MS);
    vi.advanceTimersByTime(1000);
    expect(after()).toHaveLength(1);
    expect(after()[0]).toBeGreaterThan(STEP_MS - 17);
    expect(after()[0]).toBeLessThan(STEP_MS + 17);
  });

  it("does not let news wait for the step, and draws them once", () => {
    pace.ask(STEP_MS);
    const asked = performance.now() - drawn[0]!;
    pace.ask(FRESH_MS);
    vi.advanceTimersByTime(1000);
    expect(after()).toHaveLength(1);
    expect(after()[0]).toBeLessThan(asked + 34);
  });

  it("draws once where news come while a drawing waits for its frame", () => {
    pace.ask(STEP_MS);
    vi.advanceTimersByTime(STEP_MS - 17 - (performance.now() - drawn[0]!) + 1);
    pace.ask(FRESH_MS);
    vi.advanceTimersByTime(1000);
    expect(after()).toHaveLength(1);
  });

  it("leaves most of the time to others where drawing takes long", () => {
    pace.noteDrawn(40);
    const ended = performance.now() - drawn[0]!;
    pace.ask(FRESH_MS);
    vi.advanceTimersByTime(1000);
    expect(after()[0]).toBeGreaterThan(ended + 200 - 17);
  });

  it("leaves nearly all of it to the hand that moves the map", () => {
    redraws.isMoving = true;
    pace.noteDrawn(40);
    const ended = performance.now() - drawn[0]!;
    pace.ask(FRESH_MS);
    vi.advanceTimersByTime(1000);
    expect(after()[0]).toBeGreaterThan(ended + 500 - 17);
  });

  it("waits a frame where another drawing took this one", () => {
    const claim = vi.spyOn(redraws, "claim").mockReturnValueOnce(false);
    pace.ask(FRESH_MS);
    vi.advanceTimersByTime(1000);
    expect(claim).toHaveBeenCalledTimes(2);
    expect(after()).toHaveLength(1);
  });
});
