/** The colours of both themes, from the palette the whole desktop shares. */

import palettes from "../../../resources/themes/palette.json";

export type Theme = typeof palettes.dark;
type ThemeName = keyof typeof palettes;

function isThemeName(name: string): name is ThemeName {
  return name in palettes;
}

export function themeNamed(name: string): Theme {
  return isThemeName(name) ? palettes[name] : palettes.dark;
}

/** A route keeps its colour number in both themes; numbers wrap around the list. */
export function routeColour(theme: Theme, colour: number): string {
  const count = theme.routes.length;
  return theme.routes[((colour % count) + count) % count]!;
}

/** `#rrggbb` with an opacity in [0, 1]. */
export function withAlpha(colour: string, alpha: number): string {
  const value = Math.round(Math.max(0, Math.min(1, alpha)) * 255);
  return colour + value.toString(16).padStart(2, "0");
}

/** Hands the theme to the style sheet as custom properties. */
export function dressPage(root: HTMLElement, name: string): void {
  const theme = themeNamed(name);
  root.dataset["theme"] = name;
  root.style.colorScheme = name === "light" ? "light" : "dark";
  for (const [key, value] of Object.entries(theme)) {
    if (typeof value === "string") root.style.setProperty(`--${key.replaceAll("_", "-")}`, value);
  }
  for (const [key, value] of Object.entries(theme.status)) {
    root.style.setProperty(`--status-${key.replaceAll("_", "-")}`, value);
  }
  root.style.setProperty("--map-ground", theme.map.ground);
}
