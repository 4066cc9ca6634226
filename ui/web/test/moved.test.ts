import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Moved } from "../src/moved";

describe("a map that is moved", () => {
  let told: boolean[];
  let moved: Moved;

  beforeEach(() => {
    vi.useFakeTimers();
    told = [];
    moved = new Moved((isMoved) => told.push(isMoved));
  });
  afterEach(() => vi.useRealTimers());

  it("is told of while it lasts and when it is over", () => {
    moved.note(true);
    vi.advanceTimersByTime(60);
    expect(told).toEqual([true]);
    moved.note(false);
    vi.advanceTimersByTime(310);
    expect(told).toEqual([true, false]);
  });

  it("is not told of where it only follows a vehicle, an instant with every frame", () => {
    for (let frame = 0; frame < 100; frame++) {
      moved.note(true);
      moved.note(false);
      vi.advanceTimersByTime(16);
    }
    expect(told).toEqual([]);
  });

  it("is one movement where the hand lets go only to take hold again", () => {
    moved.note(true);
    vi.advanceTimersByTime(60);
    moved.note(false);
    vi.advanceTimersByTime(200);
    moved.note(true);
    vi.advanceTimersByTime(1000);
    expect(told).toEqual([true]);
  });
});
