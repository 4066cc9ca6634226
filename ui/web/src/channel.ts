/** The narrow channel to the Qt side: one object, strings only. */

import type { DraftRecord } from "./draft";
import type { Milestone } from "./milestones";
import type { Bounds } from "./pieces";
import type { Target } from "./stopDrag";
import type { Selection } from "./words";

export type Command =
  | { readonly do: "theme"; readonly name: string }
  | { readonly do: "select"; readonly kind: Selection["kind"]; readonly id: string }
  | { readonly do: "follow"; readonly id: string }
  | { readonly do: "fit_all" }
  | { readonly do: "fit_route"; readonly id: string }
  | { readonly do: "fit_box"; readonly box: Bounds }
  | { readonly do: "layers"; readonly layers: Record<string, boolean> }
  | { readonly do: "draft"; readonly draft: DraftRecord }
  | { readonly do: "refuse"; readonly why: string }
  | { readonly do: "carry"; readonly x: number; readonly y: number }
  | { readonly do: "carry_end" };

/** What the dispatcher's hand does with a stop. */
export type DragStep =
  | { readonly do: "lift"; readonly stop_id: string }
  | { readonly do: "hover"; readonly target: Target | null }
  | { readonly do: "drop"; readonly target: Target }
  | { readonly do: "cancel" };

interface Signal {
  connect(listener: (text: string) => void): void;
}

interface MapChannel {
  readonly commanded: Signal;
  select(kind: string, id: string): void;
  follow(id: string): void;
  drawn(json: string): void;
  layer_changed(json: string): void;
  view_changed(json: string): void;
  moving(isMoving: boolean): void;
  drag(json: string): void;
  ready(): void;
}

declare global {
  interface Window {
    qt?: { readonly webChannelTransport: unknown };
    QWebChannel?: new (transport: unknown, ready: (channel: { objects: { map: MapChannel } }) => void) => unknown;
  }
}

export class QtLink {
  private map: MapChannel | null = null;
  private waiting: ((map: MapChannel) => void)[] = [];

  constructor(onCommand: (command: Command) => void) {
    if (!window.qt || !window.QWebChannel) return;
    new window.QWebChannel(window.qt.webChannelTransport, ({ objects }) => {
      this.map = objects.map;
      objects.map.commanded.connect((text) => onCommand(JSON.parse(text) as Command));
      objects.map.ready();
      for (const call of this.waiting) call(objects.map);
      this.waiting = [];
    });
  }

  selected(selection: Selection): void {
    this.call((map) => map.select(selection.kind, selection.id));
  }

  followed(id: string): void {
    this.call((map) => map.follow(id));
  }

  drawn(what: Milestone, atMs: number): void {
    this.call((map) => map.drawn(JSON.stringify({ what, at_ms: atMs })));
  }

  layersChanged(layers: Record<string, boolean>): void {
    this.call((map) => map.layer_changed(JSON.stringify(layers)));
  }

  viewChanged(view: { lat: number; lon: number; zoom: number; is_untouched: boolean }): void {
    this.call((map) => map.view_changed(JSON.stringify(view)));
  }

  moved(isMoving: boolean): void {
    this.call((map) => map.moving(isMoving));
  }

  dragged(step: DragStep): void {
    this.call((map) => map.drag(JSON.stringify(step)));
  }

  private call(what: (map: MapChannel) => void): void {
    if (this.map) what(this.map);
    else this.waiting.push(what);
  }
}
