/** The keys of the map, beside Leaflet's own arrows, plus and minus. */

export interface KeyActions {
  fitAll(): void;
  fitRoute(): void;
  followSelected(): void;
  escape(): void;
}

export function listenToKeys(element: HTMLElement, actions: KeyActions): void {
  const keys: Readonly<Record<string, () => void>> = {
    "0": actions.fitAll,
    r: actions.fitRoute,
    f: actions.followSelected,
    escape: actions.escape,
  };
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const action = keys[event.key.toLowerCase()];
    if (!action) return;
    action();
    event.preventDefault();
  });
}
