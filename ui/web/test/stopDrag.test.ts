import { describe, expect, it } from "vitest";
import { StopDrag, type DragHost, type Spot, type Target } from "../src/stopDrag";

/** What the drag asked for, in words, and what lies under the pointer. */
class Host implements DragHost {
  readonly done: string[] = [];
  under: (at: Spot) => Target | null = (at) => (at.x > 50 ? { route_id: "R", before: at.x > 80 ? "b" : "a" } : null);

  lift(stopId: string): void {
    this.done.push(`lift ${stopId}`);
  }

  hover(target: Target | null): void {
    this.done.push(target ? `hover ${target.before}` : "hover nothing");
  }

  drop(target: Target): void {
    this.done.push(`drop ${target.before}`);
  }

  cancel(): void {
    this.done.push("cancel");
  }

  aim(at: Spot): Target | null {
    return this.under(at);
  }

  begin(lifted: readonly string[]): void {
    this.done.push(`begin ${lifted.length}`);
  }

  end(): void {
    this.done.push("end");
  }

  say(why: string): void {
    this.done.push(`say ${why}`);
  }
}

function pressed(): { readonly host: Host; readonly drag: StopDrag; readonly at: (x: number) => Spot } {
  const host = new Host();
  const drag = new StopDrag(host);
  drag.press("s", { x: 10, y: 10 });
  return { host, drag, at: (x) => ({ x, y: 10 }) };
}

describe("dragging a stop", () => {
  it("is a click while the hand trembles", () => {
    const { host, drag, at } = pressed();
    drag.move(at(13));
    drag.release(at(13));
    expect(host.done).toEqual([]);
    expect(drag.isPressed).toBe(false);
  });

  it("tells each place once, and puts the stop down at the last", () => {
    const { host, drag, at } = pressed();
    drag.move(at(20));
    drag.told(["s"]);
    for (const x of [30, 60, 61, 62, 90, 91]) drag.move(at(x));
    drag.release(at(92));
    expect(host.done).toEqual(["lift s", "begin 1", "hover a", "hover b", "end", "drop b"]);
  });

  it("that was let go before the answer came still arrives where it was let go", () => {
    const { host, drag, at } = pressed();
    drag.move(at(20));
    drag.release(at(60));
    expect(drag.isPressed).toBe(false);
    drag.told(["s"]);
    expect(host.done).toEqual(["lift s", "begin 1", "hover a", "end", "drop a"]);
  });

  it("puts it back where it is let go over nothing", () => {
    const { host, drag, at } = pressed();
    drag.move(at(60));
    drag.told(["s", "t"]);
    drag.release(at(30));
    expect(host.done).toEqual(["lift s", "begin 2", "hover a", "hover nothing", "end", "cancel"]);
  });

  it("holds on to a button that is still down after Esc, and asks for nothing more", () => {
    const { host, drag, at } = pressed();
    drag.move(at(60));
    drag.told(["s"]);
    drag.cancel();
    drag.move(at(90));
    expect(drag.isPressed).toBe(true);
    drag.release(at(90));
    expect(drag.isPressed).toBe(false);
    expect(host.done).toEqual(["lift s", "begin 1", "hover a", "end", "cancel"]);
  });

  it("is over without a word when the stop is taken out of the hand elsewhere", () => {
    const { host, drag, at } = pressed();
    drag.move(at(60));
    drag.told(["s"]);
    drag.told([]);
    drag.release(at(90));
    expect(host.done).toEqual(["lift s", "begin 1", "hover a", "end"]);
  });

  it("says why a stop stays, and takes no later answer for its own", () => {
    const { host, drag, at } = pressed();
    drag.move(at(60));
    drag.refused("it is locked");
    expect(drag.isRefused).toBe(true);
    drag.told(["other"]);
    drag.release(at(90));
    expect(host.done).toEqual(["lift s", "say it is locked"]);
    expect(drag.isRefused).toBe(false);
  });

  it("lets the mouse go again when nobody saw the button released", () => {
    const { host, drag, at } = pressed();
    drag.move(at(60));
    drag.told(["s"]);
    drag.abandon();
    expect(drag.isPressed).toBe(false);
    expect(host.done.slice(-2)).toEqual(["end", "cancel"]);
  });

  it("pays no attention to what another hand lifts", () => {
    const host = new Host();
    const drag = new StopDrag(host);
    drag.told(["x"]);
    drag.move({ x: 90, y: 0 });
    expect(host.done).toEqual([]);
  });
});
