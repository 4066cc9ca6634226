"""Deliveries of a LaDe file: accepted and delivered, when and where.

Rows that say nothing sensible are left out and counted.
"""

import csv
import math
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tower.domain.geometry import LatLon, distance_m
from tower.eta.model import Floats

COLUMNS = (
    "accept_time",
    "accept_lat",
    "accept_lng",
    "delivery_time",
    "delivery_lat",
    "delivery_lng",
)

LONGEST_MIN = 14 * 24 * 60.0
"""What took longer than two weeks is a slip of the pen."""

_MIN_S, _KM_M = 60.0, 1000.0


class BadDeliveries(Exception):
    """The file cannot be used."""


class Deliveries(NamedTuple):
    """The good rows of a file, in its order.

    Attributes:
        accepted: `(n,)` seconds since 1970, the file's clock.
        start: `(n, 2)` latitude and longitude of the place it was accepted at.
        end: `(n, 2)` of the place it was delivered at.
        km: `(n,)` straight line between them.
        minutes: `(n,)` from accepted to delivered: what is to be predicted.
        left_out: how many rows were left out, by reason.
    """

    accepted: Floats
    start: Floats
    end: Floats
    km: Floats
    minutes: Floats
    left_out: dict[str, int]


class _BadRow(Exception):
    """A row that says nothing sensible; the words say why."""


def read_deliveries(file: Path) -> Deliveries:
    """Read a file.

    Raises:
        BadDeliveries: it cannot be read, lacks a column, or holds no good row.
    """
    try:
        text = file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise BadDeliveries(f"{file} cannot be read: {error.strerror or error}") from error
    reader = csv.DictReader(line for line in text.splitlines() if line.strip(" ,;\t"))
    names = [(name or "").strip() for name in reader.fieldnames or ()]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise BadDeliveries(f"{file} has no column {', '.join(missing)}")
    reader.fieldnames = names
    good, left_out = [], Counter[str]()
    for row in reader:
        try:
            good.append(_row(row))
        except _BadRow as why:
            left_out[str(why)] += 1
    if not good:
        raise BadDeliveries(f"{file} holds no delivery that can be used")
    table = np.array(good)
    return Deliveries(
        table[:, 0], table[:, 1:3], table[:, 3:5], table[:, 5], table[:, 6], dict(left_out)
    )


def _row(row: dict[str, str]) -> tuple[float, ...]:
    accepted, delivered = _time(row["accept_time"]), _time(row["delivery_time"])
    start = _place(row["accept_lat"], row["accept_lng"])
    end = _place(row["delivery_lat"], row["delivery_lng"])
    minutes = (delivered - accepted) / _MIN_S
    if minutes < 0.0:
        raise _BadRow("delivered before it was accepted")
    if minutes > LONGEST_MIN:
        raise _BadRow("took longer than two weeks")
    return (accepted, *start, *end, distance_m(start, end) / _KM_M, minutes)


def _time(text: str | None) -> float:
    try:
        return datetime.fromisoformat((text or "").strip()).replace(tzinfo=UTC).timestamp()
    except (ValueError, OverflowError) as error:
        raise _BadRow("no time") from error


def _place(lat: str | None, lon: str | None) -> LatLon:
    try:
        place = LatLon(float(lat or ""), float(lon or ""))
    except ValueError as error:
        raise _BadRow("no place") from error
    if not (math.isfinite(place.lat) and abs(place.lat) <= 90.0 and abs(place.lon) <= 180.0):
        raise _BadRow("no place")
    if place == LatLon(0.0, 0.0):
        raise _BadRow("no place")
    return place
