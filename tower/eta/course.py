"""What is known of a route at one look: what its arrivals are projected from."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from tower.domain.geometry import LatLon
from tower.domain.records import Route, Stop
from tower.domain.words import VehicleKind

UNKNOWN = float("nan")


class Course(NamedTuple):
    """One route, as it stands.

    Records and the sequence of legs are compared by identity to see what changed since the last
    look: hand over the same objects while nothing did.

    Attributes:
        route: the route; nothing is projected of one that is finished.
        stops: all its stops in the order of its sequence, done ones included.
        legs_s: driving seconds to each of them from the place before, as the roads expect them.
        depot: where the route begins, None where it has no depot.
        position: where the vehicle is, None where it never said.
        fix_at: when it was there, UTC.
        vehicle: what drives.
        live_factor: expected driving over free flow, for what is left of the route.
        left_s: what is left of the first leg now, seconds by the roads, from somebody who knew it
            (a prediction kept in the journal); then no position is asked for.
    """

    route: Route
    stops: Sequence[Stop]
    legs_s: Sequence[float]
    depot: LatLon | None = None
    position: LatLon | None = None
    fix_at: datetime | None = None
    vehicle: VehicleKind = VehicleKind.VAN
    live_factor: float = UNKNOWN
    left_s: float | None = None
