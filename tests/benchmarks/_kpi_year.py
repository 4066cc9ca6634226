"""A year of a 300-vehicle operation as facts in a store, made once and kept.

The days are those of `tower.demo.past`, with every dimension as wide as a large operation has it.
"""

import hashlib
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import platformdirs

from tower.demo import past
from tower.demo.past.loading import load_days
from tower.demo.past.operation import Door, Operation, Tour
from tower.domain.words import VehicleKind
from tower.kpi.facts import COLUMNS
from tower.kpi.measures.catalogue import DEFINITIONS_VERSION
from tower.kpi.store.layout import LAYOUT_VERSION
from tower.kpi.store.store import Store

FIRST, LAST = date(2025, 9, 1), date(2026, 8, 31)
VEHICLES, STOPS = 300, 9_000_000
EPOCH, PREFIX = "a year", "year:"

_SEED = 5
_WORKDAYS = 296.9
"""The days of that year added up by their load: Saturdays are short, December is long."""

_CARRIERS, _DEPOTS, _DRIVERS_A_CARRIER, _DOORS = 12, 8, 36, 40_000
_POSTCODES, _ACCOUNTS = 220, 60
_LEVELS = ("standard", "standard", "standard", "express", "evening", "bulky")
_KINDS = (VehicleKind.VAN, VehicleKind.E_VAN, VehicleKind.VAN, VehicleKind.TRUCK)
_LAT, _LON, _WIDE = 47.2, 9.5, 0.4


class Making(msgspec.Struct, frozen=True):
    """How a year was made: in how many seconds, and of how many facts."""

    load_s: float
    facts: int


class Year(NamedTuple):
    """A store with a year in it.

    Attributes:
        path: its file.
    """

    store: Store
    path: Path
    making: Making


def year(stops: int, say: Callable[[str], None]) -> Year:
    """The year, made where it is not kept yet.

    Args:
        stops: about how many stops it has.
        say: told how far the making is.
    """
    folder = platformdirs.user_cache_path("tower") / "kpi"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"year-{stops}-{_digest()}.duckdb"
    made = path.with_suffix(".json")
    if not made.exists():
        path.unlink(missing_ok=True)
        made.write_bytes(msgspec.json.encode(_make(path, stops, say)))
    making = msgspec.json.decode(made.read_bytes(), type=Making)
    return Year(Store.open(path, EPOCH), path, making)


def _make(path: Path, stops: int, say: Callable[[str], None]) -> Making:
    operation = operation_of(stops)
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    store = Store.open(path, EPOCH)
    begun, facts = time.perf_counter(), 0
    for facts in load_days(store, operation, days, _SEED, PREFIX):
        say(f"making the year: {facts:,} facts in {time.perf_counter() - begun:.0f} s")
    store.close()
    return Making(time.perf_counter() - begun, facts)


def operation_of(stops: int) -> Operation:
    """300 vehicles of twelve carriers that serve so many stops in the year."""
    rng = np.random.default_rng(_SEED)
    share = rng.dirichlet(np.full(_CARRIERS, 2.0))
    carrier = rng.choice(_CARRIERS, VEHICLES, p=share)
    each = stops / _WORKDAYS / VEHICLES
    tours = [
        Tour(
            route=f"tour-{number:03}",
            carrier=f"carrier-{carrier[number]}",
            depot=f"depot-{carrier[number] % _DEPOTS}",
            vehicle=_KINDS[number % len(_KINDS)],
            stops=each,
        )
        for number in range(VEHICLES)
    ]
    drivers = {
        f"carrier-{number}": [f"driver-{number}-{who}" for who in range(_DRIVERS_A_CARRIER)]
        for number in range(_CARRIERS)
    }
    return Operation(tours, drivers, _doors(rng), "Europe/Vaduz")


def _doors(rng: np.random.Generator) -> list[Door]:
    place = rng.normal(0.0, _WIDE / 3, (_DOORS, 2)).clip(-_WIDE, _WIDE)
    who = rng.integers(0, _ACCOUNTS, _DOORS)
    side = int(_POSTCODES**0.5)
    cell = ((place + _WIDE) / (2 * _WIDE) * (side - 1)).astype(int)
    return [
        Door(
            postcode=f"{9000 + cell[number, 0] * side + cell[number, 1]}",
            account=f"account-{who[number]}",
            service_level=_LEVELS[number % len(_LEVELS)],
            lat=float(_LAT + place[number, 0]),
            lon=float(_LON + place[number, 1]),
        )
        for number in range(_DOORS)
    ]


def _digest() -> str:
    """Changes with what is made, and with how it is kept."""
    kept_as = f"{LAYOUT_VERSION}.{DEFINITIONS_VERSION} {COLUMNS}"
    digest = hashlib.sha256(kept_as.encode())
    (folder,) = past.__path__
    for file in (Path(__file__), *sorted(Path(folder).glob("*.py"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
