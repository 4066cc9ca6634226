"""Trails of chosen vehicles as the map page is told them: values, no Qt."""

import msgspec


class TrailStay(msgspec.Struct, frozen=True):
    """Where a vehicle stood.

    Attributes:
        lat, lon: degrees.
        label: how long, such as `12 min`.
        words: from when until when, and where, for the hover card.
    """

    lat: float
    lon: float
    label: str
    words: str


class TrailTick(msgspec.Struct, frozen=True):
    """A time written beside the trail.

    Attributes:
        place: number of the position it stands at.
        words: such as `14:20`.
    """

    place: int
    words: str


class TrailStretch(msgspec.Struct, frozen=True):
    """A stretch that is marked, such as where the vehicle left its route's line.

    Attributes:
        first: number of its first position; `last` of its last.
        words: why, for the hover card.
    """

    first: int
    last: int
    words: str


class TrailMoment(msgspec.Struct, frozen=True):
    """A place on the trail that is marked, such as that of an exception."""

    lat: float
    lon: float
    words: str


class MapTrail(msgspec.Struct, frozen=True):
    """One vehicle's trail.

    Attributes:
        id: the vehicle's.
        label: what people call it.
        points: n positions from ``shape_bytes``.
        steps: ``uint8`` (n - 1,) the speed class of each step, ``MapTrails.gap`` for no signal.
        stays: where it stood.
        ticks: times, the most important first.
        strays: where it was away from the line.
        moment: a marked place, if any.
        planned: its route's line from ``shape_bytes``, to be drawn beside it; may be empty.
    """

    id: str
    label: str
    points: bytes
    steps: bytes
    stays: tuple[TrailStay, ...] = ()
    ticks: tuple[TrailTick, ...] = ()
    strays: tuple[TrailStretch, ...] = ()
    moment: TrailMoment | None = None
    planned: bytes = b""


class MapTrails(msgspec.Struct, frozen=True):
    """Every trail on the map.

    Attributes:
        title: what is shown, for the legend, such as `Trails · last hour`.
        bounds_kmh: the speeds at which one class ends and the next begins.
        gap: the class of a step without signal.
        trails: the vehicles'.
    """

    title: str = ""
    bounds_kmh: tuple[int, ...] = ()
    gap: int = 255
    trails: tuple[MapTrail, ...] = ()
