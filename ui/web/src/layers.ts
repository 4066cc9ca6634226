/** Which layers of the map are shown. */

export const LAYER_NAMES = [
  "vehicles", "stops", "routes", "exceptions", "trails", "vehicle_names", "map_labels",
] as const;
export type LayerName = (typeof LAYER_NAMES)[number];

const OFF_AT_FIRST: ReadonlySet<LayerName> = new Set(["trails", "vehicle_names"] as const);

export class Layers {
  private readonly on = new Map<LayerName, boolean>(LAYER_NAMES.map((name) => [name, !OFF_AT_FIRST.has(name)]));
  private readonly listeners: ((name: LayerName) => void)[] = [];

  isOn(name: LayerName): boolean {
    return this.on.get(name) ?? false;
  }

  set(name: LayerName, isOn: boolean): void {
    if (this.isOn(name) === isOn) return;
    this.on.set(name, isOn);
    for (const listener of this.listeners) listener(name);
  }

  /** Takes over what the Qt side remembers; names it does not know are left alone. */
  setAll(wanted: Readonly<Record<string, boolean>>): void {
    for (const name of LAYER_NAMES) {
      const value = wanted[name];
      if (value !== undefined) this.set(name, value);
    }
  }

  read(): Record<string, boolean> {
    return Object.fromEntries(this.on);
  }

  onChange(listener: (name: LayerName) => void): void {
    this.listeners.push(listener);
  }
}
