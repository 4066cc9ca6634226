import { describe, expect, it } from "vitest";
import { isCrowd, markScale, STALE_AFTER_S, standingCode, stopLook, vehicleLook, vehicleScale } from "../src/look";
import { routeColour, themeNamed, withAlpha } from "../src/theme";
import { PUNCTUALITY, punctualityOf } from "../src/words";

function luminance(colour: string): number {
  const part = (at: number): number => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

/** WCAG 2.1 contrast ratio. */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

describe("a vehicle's look", () => {
  it("tells trouble by shape as well as by colour", () => {
    const shapes = ["on_time", "at_risk", "late", "no_signal"].map((status) => {
      const look = vehicleLook(status as (typeof PUNCTUALITY)[number], 0);
      return `${look.isHollow} ${look.badge}`;
    });
    expect(new Set(shapes).size).toBe(4);
  });

  it("is hollow once its fix is old news, whatever was said of it", () => {
    expect(vehicleLook("on_time", STALE_AFTER_S - 1).isHollow).toBe(false);
    expect(vehicleLook("late", STALE_AFTER_S + 1)).toEqual(vehicleLook("no_signal", 0));
    expect(vehicleLook("idle", 9999).isHollow).toBe(false);
  });
});

describe.each(["dark", "light"])("the %s theme", (name) => {
  const theme = themeNamed(name);

  it("keeps text at 4.5:1 on panels and on the map", () => {
    for (const ink of [theme.text, theme.text_secondary, theme.muted, theme.accent, ...Object.values(theme.status)]) {
      for (const paper of [theme.panel, theme.panel_raised, theme.panel_hover]) {
        expect(contrast(ink, paper), `${ink} on ${paper}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const ink of [theme.map.label, theme.map.label_strong, theme.map.label_road, theme.map.label_water]) {
      expect(contrast(ink, theme.map.label_halo), ink).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("keeps marks and route lines at 3:1 on the ground, as WCAG asks of graphics", () => {
    for (const colour of [...Object.values(theme.marks), ...theme.routes]) {
      expect(contrast(colour, theme.map.region), colour).toBeGreaterThanOrEqual(3);
    }
  });

  it("marks what became of a stop", () => {
    const marks = (["planned", "delivered", "collected", "attempted", "skipped"] as const).map(
      (state) => stopLook(theme, { state, punctuality: "late" }, 0).mark,
    );
    expect(marks).toEqual(["number", "check", "check", "cross", "dash"]);
    expect(stopLook(theme, { state: "servicing", punctuality: "on_time" }, 0).isCurrent).toBe(true);
    expect(stopLook(theme, { state: "planned", punctuality: "late" }, 0).fill).toBe(theme.marks.late);
  });

  it("fills the next stop with its route's colour, unless it is late, and keeps its number readable", () => {
    const next = stopLook(theme, { state: "planned", punctuality: "at_risk" }, 4, true);
    expect([next.fill, next.isCurrent]).toEqual([routeColour(theme, 4), true]);
    expect(stopLook(theme, { state: "planned", punctuality: "late" }, 4, true).fill).toBe(theme.marks.late);
    for (let colour = 0; colour < theme.routes.length; colour++) {
      const look = stopLook(theme, { state: "en_route", punctuality: "on_time" }, colour, true);
      expect(contrast(look.ink, look.fill), look.fill).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe("colours and sizes", () => {
  it("give a route its colour in both themes, for any number", () => {
    const theme = themeNamed("dark");
    expect(routeColour(theme, 3)).toBe(routeColour(theme, 3 + theme.routes.length));
    expect(routeColour(theme, -1)).toBe(theme.routes.at(-1));
    expect(withAlpha("#102030", 0.5)).toBe("#10203080");
  });

  it("shrink marks far out and in a crowd, within bounds", () => {
    expect([markScale(4), markScale(14), markScale(19)]).toEqual([0.62, 1, 1]);
    expect(markScale(12)).toBeLessThan(markScale(13));
    expect([vehicleScale(15, 0), vehicleScale(15, 400), vehicleScale(15, 50_000), vehicleScale(10, 9)]).toEqual([1, 1, 0.4, 0.6]);
  });

  it("come in few sizes, since every size of a vehicle is rendered anew", () => {
    const sizes = new Set<number>();
    for (let zoom = 9; zoom <= 19; zoom += 0.25) {
      for (let inView = 0; inView < 20_000; inView += 50) sizes.add(vehicleScale(zoom, inView));
    }
    expect(sizes.size).toBeLessThanOrEqual(8);
  });
});

describe("very many vehicles", () => {
  it("stand as each of them does", () => {
    for (let code = 0; code < PUNCTUALITY.length + 2; code++) {
      for (const ageS of [0, STALE_AFTER_S, STALE_AFTER_S + 1]) {
        expect(punctualityOf(standingCode(code, ageS))).toBe(vehicleLook(punctualityOf(code), ageS).punctuality);
      }
    }
  });

  it("do not change between crowds and arrows with every vehicle that comes into view", () => {
    expect(isCrowd(1600, false)).toBe(true);
    expect(isCrowd(1400, true)).toBe(true);
    expect(isCrowd(1400, false)).toBe(false);
    expect(isCrowd(1100, true)).toBe(false);
  });
});
