import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Sprites } from "../src/sprites";

const SIZE = { width: 30, height: 20, originX: 15, originY: 18 };

describe("sprites", () => {
  let laid: [number, number][] = [];
  const ctx = { drawImage: (_: unknown, x: number, y: number) => void laid.push([x, y]) } as unknown as CanvasRenderingContext2D;

  beforeEach(() => {
    laid = [];
    vi.stubGlobal("window", { devicePixelRatio: 2 });
    vi.stubGlobal("document", { createElement: () => ({ getContext: () => ({ scale: () => undefined, translate: () => undefined }) }) });
  });
  afterEach(() => vi.unstubAllGlobals());

  it("are drawn once and laid on whole device pixels", () => {
    const sprites = new Sprites();
    const draw = vi.fn();
    sprites.begin();
    for (const x of [100, 100.2, 100.4]) sprites.lay(ctx, "a", x, 50.1, SIZE, draw);
    expect(draw).toHaveBeenCalledTimes(1);
    expect(laid).toEqual([[85, 32], [85, 32], [85.5, 32]]);
  });

  it("are forgotten once a drawing did not need them, so that they never pile up", () => {
    const sprites = new Sprites();
    const draw = vi.fn();
    for (const key of ["a", "a", "b", "b", "a"]) {
      sprites.begin();
      sprites.lay(ctx, key, 0, 0, SIZE, draw);
    }
    expect(draw).toHaveBeenCalledTimes(3);
  });
});
