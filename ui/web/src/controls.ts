/** The boxes on the map: zoom and fit, layers, legend. */

import * as L from "leaflet";
import { LAYER_NAMES, type Layers } from "./layers";
import { vehicleLook } from "./look";
import { drawDepot, severityPath } from "./marks";
import { drawVehicle } from "./stamps";
import { PUNCTUALITY_WORDS, WORDS } from "./strings";
import { themeNamed, type Theme } from "./theme";
import type { Punctuality } from "./words";

export interface MapActions {
  zoomIn(): void;
  zoomOut(): void;
  fitAll(): void;
  fitRoute(): void;
}

function box(className: string): HTMLElement {
  const element = L.DomUtil.create("div", `box ${className}`);
  L.DomEvent.disableClickPropagation(element);
  L.DomEvent.disableScrollPropagation(element);
  return element;
}

function place(map: L.Map, element: HTMLElement, position: L.ControlPosition): void {
  const control = new L.Control({ position });
  control.onAdd = () => element;
  control.addTo(map);
}

const ICONS = {
  zoom_in: "M8 3v10M3 8h10",
  zoom_out: "M3 8h10",
  fit_route: "M4 12.5a1.6 1.6 0 1 0 0-.01M12 3.5a1.6 1.6 0 1 0 0-.01M5.4 12H9a2 2 0 0 0 0-4H7a2 2 0 0 1 0-4h3.6",
  fit_all: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
} as const;

function iconButton(icon: keyof typeof ICONS, onClick: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.title = WORDS[icon];
  button.setAttribute("aria-label", WORDS[icon]);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[icon]);
  svg.append(path);
  button.append(svg);
  button.addEventListener("click", onClick);
  return button;
}

export function addButtons(map: L.Map, actions: MapActions): void {
  const element = box("buttons");
  element.append(
    iconButton("zoom_in", actions.zoomIn),
    iconButton("zoom_out", actions.zoomOut),
    iconButton("fit_route", actions.fitRoute),
    iconButton("fit_all", actions.fitAll),
  );
  place(map, element, "topleft");
}

/** The layers box; what a dispatcher unticks disappears at once. */
export function addLayersBox(map: L.Map, layers: Layers): void {
  const element = box("layers");
  const title = document.createElement("button");
  title.type = "button";
  title.className = "box-title";
  title.textContent = WORDS.layers;
  title.setAttribute("aria-expanded", "true");
  title.addEventListener("click", () => {
    const isClosed = element.classList.toggle("is-closed");
    title.setAttribute("aria-expanded", String(!isClosed));
  });
  element.append(title, ...LAYER_NAMES.map((name) => layerLine(layers, name)));
  place(map, element, "topright");
}

function layerLine(layers: Layers, name: (typeof LAYER_NAMES)[number]): HTMLElement {
  const label = document.createElement("label");
  const tick = document.createElement("input");
  tick.type = "checkbox";
  tick.checked = layers.isOn(name);
  tick.addEventListener("change", () => layers.set(name, tick.checked));
  layers.onChange((changed) => {
    if (changed === name) tick.checked = layers.isOn(name);
  });
  label.append(tick, WORDS[name]);
  return label;
}

const LEGEND: readonly Punctuality[] = ["on_time", "at_risk", "late", "no_signal"];
const SWATCH_PX = 24;

/** The legend, with the very marks the map draws. */
export class Legend {
  private readonly element = box("legend");

  constructor(map: L.Map, theme: string) {
    this.restyle(theme);
    this.element.setAttribute("aria-label", WORDS.legend);
    place(map, this.element, "bottomleft");
  }

  restyle(name: string): void {
    const theme = themeNamed(name);
    const vehicles = LEGEND.map((status) => entry(PUNCTUALITY_WORDS[status], (ctx) => {
      const look = vehicleLook(status, 0);
      ctx.translate(look.badge === "none" ? 0 : -2, look.badge === "none" ? 0 : 2);
      ctx.scale(0.8, 0.8);
      drawVehicle(ctx, theme, "van", look, 0);
    }));
    this.element.replaceChildren(
      ...vehicles,
      entry(WORDS.stop, (ctx) => legendStop(ctx, theme)),
      entry(WORDS.depot, (ctx) => drawDepot(ctx, theme, 0, 0, false)),
      entry(WORDS.exception, (ctx) => legendException(ctx, theme)),
    );
  }
}

function entry(word: string, draw: (ctx: CanvasRenderingContext2D) => void): HTMLElement {
  const ratio = Math.max(1, window.devicePixelRatio);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SWATCH_PX * ratio;
  const ctx = canvas.getContext("2d")!;
  ctx.scale(ratio, ratio);
  ctx.translate(SWATCH_PX / 2, SWATCH_PX / 2);
  draw(ctx);
  const line = document.createElement("span");
  line.className = "legend-entry";
  line.append(canvas, word);
  return line;
}

function legendStop(ctx: CanvasRenderingContext2D, theme: Theme): void {
  ctx.beginPath();
  ctx.arc(0, 0, 5.5, 0, 2 * Math.PI);
  ctx.fillStyle = theme.map.stop_fill;
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.strokeStyle = theme.text_secondary;
  ctx.stroke();
}

function legendException(ctx: CanvasRenderingContext2D, theme: Theme): void {
  ctx.scale(0.85, 0.85);
  severityPath(ctx, 0, 0, "critical");
  ctx.fillStyle = theme.marks.critical;
  ctx.fill();
  ctx.fillStyle = theme.map.route_casing;
  ctx.fillRect(-0.9, -4.4, 1.8, 5.6);
  ctx.fillRect(-0.9, 2.6, 1.8, 1.8);
}
