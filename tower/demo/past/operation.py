"""Who drives, and where to, in a made-up past: the same operation every day."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from tower.domain.words import VehicleKind

Words = np.ndarray[Any, np.dtype[np.object_]]
Numbers = np.ndarray[Any, np.dtype[np.float64]]
Counts = np.ndarray[Any, np.dtype[np.int64]]


class Tour(NamedTuple):
    """What one vehicle drives on an ordinary day.

    Attributes:
        stops: on an ordinary day.
    """

    route: str
    carrier: str
    depot: str
    vehicle: VehicleKind
    stops: float


class Door(NamedTuple):
    """A place that is delivered to again and again.

    Attributes:
        lat: degrees; lon likewise.
    """

    postcode: str
    account: str
    service_level: str
    lat: float
    lon: float


class Operation:
    """An operation as columns, so that a day of it is made at once.

    Args:
        tours: what is driven.
        drivers: by carrier; each day another one of the carrier's drives a tour.
        doors: where to.
        zone: IANA name of its time zone.
    """

    def __init__(
        self,
        tours: Sequence[Tour],
        drivers: Mapping[str, Sequence[str]],
        doors: Sequence[Door],
        zone: str,
    ) -> None:
        self.zone = zone
        self.route = _words(tour.route for tour in tours)
        self.carrier = _words(tour.carrier for tour in tours)
        self.depot = _words(tour.depot for tour in tours)
        self.vehicle = _words(tour.vehicle.value for tour in tours)
        self.stops = np.array([tour.stops for tour in tours], np.float64)
        self.carriers = sorted({tour.carrier for tour in tours})
        self.drivers = {carrier: _words(drivers[carrier]) for carrier in self.carriers}
        self.postcode = _words(door.postcode for door in doors)
        self.account = _words(door.account for door in doors)
        self.service_level = _words(door.service_level for door in doors)
        self.lat = np.array([door.lat for door in doors])
        self.lon = np.array([door.lon for door in doors])


def _words(values: "Sequence[str] | Any") -> Words:  # noqa: ANN401 - any iterable of words
    return np.array(list(values), dtype=object)
