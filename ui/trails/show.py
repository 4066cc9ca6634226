"""The trails that are on the map, whoever put them there."""

from typing import Protocol

from PySide6.QtCore import QObject, Signal

from tower.road.geometry import Bounds
from ui.map.pasttrails import MapTrail, MapTrails
from ui.trails.pictures import BOUNDS_KMH, GAP


class TrailMap(Protocol):
    """The map, as far as trails need it."""

    def show_trails(self, trails: MapTrails) -> None:
        """Show these instead of those before."""
        ...

    def fit_box(self, box: Bounds) -> None:
        """Look at a rectangle."""
        ...


class TrailShow(QObject):
    """Keeps what is on the map, by who put it there.

    Args:
        on_map: the map.

    Attributes:
        changed: other trails are shown.
    """

    changed = Signal()

    def __init__(self, on_map: TrailMap, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._map = on_map
        self._titles: dict[str, str] = {}
        self._trails: dict[str, tuple[MapTrail, ...]] = {}

    @property
    def shown(self) -> MapTrails:
        """What is on the map."""
        return MapTrails(
            title=" · ".join(dict.fromkeys(filter(None, self._titles.values()))),
            bounds_kmh=BOUNDS_KMH,
            gap=GAP,
            trails=tuple(one for trails in self._trails.values() for one in trails),
        )

    def put(self, owner: str, title: str, *trails: MapTrail) -> None:
        """Show trails for an owner instead of those it put there before."""
        self._titles[owner], self._trails[owner] = title, trails
        self._tell()

    def take_off(self, owner: str) -> None:
        """Take an owner's trails off the map."""
        if owner in self._trails:
            del self._titles[owner], self._trails[owner]
            self._tell()

    def take_all_off(self) -> None:
        """Take every trail off the map."""
        for owner in list(self._trails):
            self.take_off(owner)

    def look_at(self, box: Bounds | None) -> None:
        """Have the map look at a rectangle."""
        if box is not None:
            self._map.fit_box(box)

    def _tell(self) -> None:
        self._map.show_trails(self.shown)
        self.changed.emit()
