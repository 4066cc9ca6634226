"""The vehicles as they are now: the gateway's table and the desktop's copy of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tower.domain.geometry import LatLon
from tower.domain.moments import utc
from tower.domain.telemetry import Fix
from tower.domain.words import Punctuality
from tower.feed.arrivals import ArrivalMirror, ArrivalTable
from tower.feed.columns import (
    I16,
    I32,
    I64,
    NO_I16,
    NO_U8,
    NO_U16,
    NO_U32,
    U8,
    U16,
    U32,
    column,
    scaled,
)
from tower.feed.fixcolumns import SAID, columns_of, fix_of
from tower.feed.sections import Frame
from tower.feed.tables import LiveMirror, LiveTable

VEHICLE_COLUMNS: dict[str, tuple[np.dtype[Any], int]] = {
    "lat": (I32, 0),
    "lon": (I32, 0),
    "speed": (U16, NO_U16),
    "heading": (U16, NO_U16),
    "at_ms": (I64, 0),
    "temperature": (I16, NO_I16),
    "battery": (U8, NO_U8),
    "punctuality": (U8, Punctuality.IDLE.code),
    "delay": (I32, 0),
    "next_stop": (U32, NO_U32),
}
"""Columns of a vehicle; units as in `tower.feed.messages.VehicleSection`, but `at_ms` is whole
milliseconds since 1970."""


class VehicleNow(msgspec.Struct, frozen=True, kw_only=True):
    """Where a vehicle is and how it stands.

    Attributes:
        at: the device's time of the fix, UTC.
        speed_mps: metres a second, None where unknown.
        heading_deg: degrees clockwise from north, None where unknown.
        temperature_c: cargo temperature, degrees Celsius, None where unknown.
        battery_pct: state of charge, percent, None where unknown.
        delay_s: seconds late, negative where early.
        next_stop_id: the stop it is on its way to, "" where there is none.
    """

    id: str
    lat: float
    lon: float
    at: datetime
    speed_mps: float | None
    heading_deg: float | None
    temperature_c: float | None
    battery_pct: float | None
    punctuality: Punctuality
    delay_s: int
    next_stop_id: str

    @property
    def position(self) -> LatLon:
        """The place of the fix."""
        return LatLon(self.lat, self.lon)


class VehicleTable(LiveTable):
    """Where every vehicle is now; the newest fix wins, whatever order they come in."""

    def __init__(self, arrivals: ArrivalTable) -> None:
        """Takes the table of arrivals, whose handles name the next stop of a vehicle."""
        super().__init__(VEHICLE_COLUMNS)
        self._arrivals = arrivals

    def update_fixes(self, fixes: Sequence[Fix]) -> int:
        """Take fixes in; one not newer than the vehicle's stored one is dropped.

        Returns:
            How many vehicles moved on.
        """
        newest: dict[str, Fix] = {}
        for fix in fixes:
            known = newest.get(fix.vehicle_id)
            if known is None or fix.at > known.at:
                newest[fix.vehicle_id] = fix
        if not newest:
            return 0
        rows = column((self.handle(vehicle_id) for vehicle_id in newest), I64)
        values = _fix_columns(list(newest.values()))
        newer = (self._rows["_version"][rows] == 0) | (values["at_ms"] > self._rows["at_ms"][rows])
        self._write(rows[newer], {name: array[newer] for name, array in values.items()})
        return int(np.count_nonzero(newer))

    def set_punctuality(
        self,
        ids: Sequence[str],
        codes: Sequence[int],
        delays: Sequence[float],
        next_stops: Sequence[str],
    ) -> int:
        """Say how vehicles stand; one without any fix yet is left alone.

        Args:
            ids: vehicles, each once.
            codes: `Punctuality.code` of each.
            delays: seconds late of each, negative where early.
            next_stops: id of the stop each is on its way to, "" for none.

        Returns:
            How many vehicles changed.
        """
        known = [(self.handle_of(id_), place) for place, id_ in enumerate(ids)]
        rows = column((row for row, _ in known if row is not None), I64)
        kept = column((place for row, place in known if row is not None), I64)
        if rows.size == 0:
            return 0
        values = {
            "punctuality": column(codes, U8)[kept],
            "delay": scaled(delays, 1.0, I32, 0)[kept],
            "next_stop": column((self._stop(id_) for id_ in next_stops), U32)[kept],
        }
        fixed = self._rows["_version"][rows] > 0
        changed = self._differs(rows, values) & fixed
        self._write(rows[changed], {name: array[changed] for name, array in values.items()})
        return int(np.count_nonzero(changed))

    def position(self, vehicle_id: str) -> Fix | None:
        """The newest fix of a vehicle, to a centimetre and a millisecond; None before any."""
        row = self.handle_of(vehicle_id)
        if row is None or self._rows["_version"][row] == 0:
            return None
        said = {name: int(self._rows[name][row]) for name in SAID}
        return fix_of(vehicle_id, utc(int(self._rows["at_ms"][row]) / 1000), said)

    def _stop(self, stop_id: str) -> int:
        return self._arrivals.handle(stop_id) if stop_id else NO_U32


class VehicleMirror(LiveMirror):
    """The desktop's copy of the vehicles."""

    def __init__(self, arrivals: ArrivalMirror) -> None:
        """Takes the copy of the arrivals, whose ids name the next stop of a vehicle."""
        super().__init__(VEHICLE_COLUMNS)
        self._arrivals = arrivals

    def apply(self, frame: Frame) -> None:
        """Take a frame's vehicles in.

        Raises:
            FrameGap: frames between this copy and the frame are missing.
            FeedError: the frame contradicts itself.
        """
        self._take(frame.vehicles)

    def punctuality(self, vehicle_id: str) -> Punctuality | None:
        """How a vehicle stands; None where nothing is known of it."""
        row = self.handle_of(vehicle_id)
        return None if row is None else Punctuality.of_code(int(self.columns["punctuality"][row]))

    def row(self, vehicle_id: str) -> VehicleNow | None:
        """Where a vehicle is and how it stands; None where nothing is known of it."""
        row = self.handle_of(vehicle_id)
        if row is None:
            return None
        number = {name: int(self._rows[name][row]) for name in VEHICLE_COLUMNS}
        return _vehicle_now(vehicle_id, number, self._arrivals.id_of(number["next_stop"]))


def _vehicle_now(vehicle_id: str, number: dict[str, int], next_stop_id: str) -> VehicleNow:
    fix = fix_of(vehicle_id, utc(number["at_ms"] / 1000), number)
    return VehicleNow(
        id=vehicle_id,
        lat=fix.lat,
        lon=fix.lon,
        at=fix.at,
        speed_mps=fix.speed_mps,
        heading_deg=fix.heading_deg,
        temperature_c=fix.temperature_c,
        battery_pct=fix.battery_pct,
        punctuality=Punctuality.of_code(number["punctuality"]),
        delay_s=number["delay"],
        next_stop_id=next_stop_id,
    )


def _fix_columns(fixes: Sequence[Fix]) -> dict[str, NDArray[Any]]:
    at_ms = scaled([fix.at.timestamp() for fix in fixes], 1000, I64, 0)
    return {"at_ms": at_ms, **columns_of(fixes)}
