"""The vehicles of the plainer map."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from tower.domain.words import Punctuality, VehicleKind
from ui.map.plain.camera import Camera, Floats
from ui.map.plain.marks import HEADINGS, colour, draw_ring, draw_words, vehicle_stamp
from ui.map.scene import DEGREE_UNITS, VehicleColumns, VehicleName

_KINDS: Final = tuple(VehicleKind)
_STANDINGS: Final = tuple(Punctuality)
_STALE_MS: Final = 180_000.0
_NO_HEADING: Final = 65_535
_MOST_STAMPS: Final = 3_000
"""With more of them in view each is a dot in the colour of its standing."""
_DOT_PX: Final = 4.0
_NAMES_FROM_ZOOM: Final = 13.0
_MOST_NAMES: Final = 200
_MARGIN_PX: Final = 20.0
_REACH_PX: Final = 15.0


class PlainFleet:
    """Every vehicle where its last fix was: nothing glides here."""

    def __init__(self) -> None:
        self._frame: VehicleColumns | None = None
        self._lat: Floats = np.empty(0)
        self._lon: Floats = np.empty(0)
        self._standing: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._rows: dict[str, int] = {}

    def __len__(self) -> int:
        """How many vehicles there are."""
        return len(self._lat)

    def take(self, frame: VehicleColumns) -> None:
        """Take the fleet as it is now."""
        if not self._is_same_fleet(frame):
            rows = enumerate(frame.handle.tolist())
            known = ((row, frame.names.get(handle)) for row, handle in rows)
            self._rows = {name.id: row for row, name in known if name is not None}
        self._frame = frame
        self._lat, self._lon = frame.lat / DEGREE_UNITS, frame.lon / DEGREE_UNITS
        resting = (Punctuality.IDLE.code, Punctuality.DONE.code)
        is_stale = frame.now_ms - frame.at_ms > _STALE_MS
        is_silent = is_stale & ~np.isin(frame.punctuality, resting)
        self._standing = np.where(is_silent, Punctuality.NO_SIGNAL.code, frame.punctuality)

    def _is_same_fleet(self, frame: VehicleColumns) -> bool:
        old = self._frame
        if old is None or old.names is not frame.names:
            return False
        return np.array_equal(old.handle, frame.handle)

    def row_of(self, vehicle_id: str) -> int:
        """The row of a vehicle; -1 where it is not on the map."""
        return self._rows.get(vehicle_id, -1)

    def place_of(self, vehicle_id: str) -> tuple[float, float] | None:
        """Latitude and longitude of a vehicle, degrees."""
        row = self.row_of(vehicle_id)
        return None if row < 0 else (float(self._lat[row]), float(self._lon[row]))

    def places(self) -> tuple[Floats, Floats]:
        """Latitude and longitude of all, degrees."""
        return self._lat, self._lon

    def at(self, camera: Camera, x: float, y: float) -> VehicleName | None:
        """The vehicle drawn nearest to a pixel, within reach of a pointer."""
        if self._frame is None or not len(self):
            return None
        xs, ys = camera.spots(self._lat, self._lon)
        away = np.hypot(xs - x, ys - y)
        row = int(np.argmin(away))
        return self._name(row) if away[row] <= _REACH_PX else None

    def draw(self, painter: QPainter, camera: Camera, theme: str, chosen: str) -> None:
        """Draw all of them, the chosen one last and in a ring."""
        if self._frame is None:
            return
        xs, ys = camera.spots(self._lat, self._lon)
        inside = (xs > -_MARGIN_PX) & (xs < camera.width + _MARGIN_PX)
        inside &= (ys > -_MARGIN_PX) & (ys < camera.height + _MARGIN_PX)
        rows = np.flatnonzero(inside)
        if rows.size > _MOST_STAMPS:
            self._draw_dots(painter, theme, xs, ys, rows)
        else:
            for row in rows.tolist():
                self._draw_one(painter, theme, xs[row], ys[row], row)
        own = self.row_of(chosen)
        if own >= 0:
            draw_ring(painter, theme, QPointF(xs[own], ys[own]), 17.0)
            self._draw_one(painter, theme, xs[own], ys[own], own)

    def draw_names(self, painter: QPainter, camera: Camera, theme: str) -> None:
        """Write their names beside them, close up."""
        if camera.zoom < _NAMES_FROM_ZOOM:
            return
        xs, ys = camera.spots(self._lat, self._lon)
        inside = (xs > 0) & (xs < camera.width) & (ys > 0) & (ys < camera.height)
        for row in np.flatnonzero(inside)[:_MOST_NAMES].tolist():
            name = self._name(row)
            if name is not None:
                ink = colour(theme, "map.label_strong")
                draw_words(painter, ink, QPointF(xs[row], ys[row] + 18), name.label)

    def _draw_dots(
        self, painter: QPainter, theme: str, xs: Floats, ys: Floats, rows: NDArray[np.intp]
    ) -> None:
        # Round and smooth ones take ten times as long.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for standing in _STANDINGS:
            some = rows[self._standing[rows] == standing.code]
            spots = zip(xs[some].tolist(), ys[some].tolist(), strict=True)
            painter.setPen(QPen(colour(theme, f"marks.{standing.value}"), _DOT_PX))
            painter.drawPoints(QPolygonF([QPointF(x, y) for x, y in spots]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)

    def _draw_one(self, painter: QPainter, theme: str, x: float, y: float, row: int) -> None:
        frame = self._frame
        if frame is None:
            return
        kind = int(frame.kind[row])
        heading = int(frame.heading[row])
        degrees = 0.0 if heading == _NO_HEADING else heading / 100.0
        stamp = vehicle_stamp(
            theme,
            _KINDS[kind] if kind < len(_KINDS) else VehicleKind.VAN,
            Punctuality.of_code(int(self._standing[row])),
            round(degrees / 360.0 * HEADINGS) % HEADINGS,
        )
        painter.drawPixmap(QPointF(x - stamp.width() / 2, y - stamp.height() / 2), stamp)

    def _name(self, row: int) -> VehicleName | None:
        return self._frame.names.get(int(self._frame.handle[row])) if self._frame else None
