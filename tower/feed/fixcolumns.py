"""Positions as columns of whole numbers: what a fix says, beside whose it is and when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tower.domain.telemetry import Fix
from tower.feed.columns import DEGREE, I16, I32, NO_I16, NO_U8, NO_U16, U8, U16, scaled, unscaled

SAID = ("lat", "lon", "speed", "heading", "temperature", "battery")
"""The columns; units as in `tower.feed.messages.VehicleSection`."""

Numbers = Sequence[float | None] | NDArray[np.float64]


def said_columns(
    lat: Numbers,
    lon: Numbers,
    speed_mps: Numbers,
    heading_deg: Numbers,
    temperature_c: Numbers,
    battery_pct: Numbers,
) -> dict[str, NDArray[Any]]:
    """The columns `SAID` of plain numbers; headings within [0, 360)."""
    return {
        "lat": scaled(lat, DEGREE, I32, 0),
        "lon": scaled(lon, DEGREE, I32, 0),
        "speed": scaled(speed_mps, 100, U16, NO_U16),
        "heading": scaled(heading_deg, 100, U16, NO_U16),
        "temperature": scaled(temperature_c, 10, I16, NO_I16),
        "battery": scaled(battery_pct, 1, U8, NO_U8),
    }


def columns_of(fixes: Sequence[Fix]) -> dict[str, NDArray[Any]]:
    """The columns `SAID` of fixes."""
    headings = [None if fix.heading_deg is None else fix.heading_deg % 360 for fix in fixes]
    return said_columns(
        [fix.lat for fix in fixes],
        [fix.lon for fix in fixes],
        [fix.speed_mps for fix in fixes],
        headings,
        [fix.temperature_c for fix in fixes],
        [fix.battery_pct for fix in fixes],
    )


def fix_of(vehicle_id: str, at: datetime, said: Mapping[str, int]) -> Fix:
    """The fix that a row of the columns `SAID` stands for, to a centimetre."""
    return Fix(
        vehicle_id=vehicle_id,
        at=at,
        lat=said["lat"] / DEGREE,
        lon=said["lon"] / DEGREE,
        speed_mps=unscaled(said["speed"], 100, NO_U16),
        heading_deg=unscaled(said["heading"], 100, NO_U16),
        temperature_c=unscaled(said["temperature"], 10, NO_I16),
        battery_pct=unscaled(said["battery"], 1, NO_U8),
    )
