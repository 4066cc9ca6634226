"""Large jobs in parts: routes that lie together are searched together."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tower.domain.geometry import LatLon
from tower.domain.records import Stop
from tower.domain.words import StopKind
from tower.road.roads import Profile
from tower.routes.case import RouteCase
from tower.routes.evaluate import place_of
from tower.routes.optimiser.job import Job

MOST_STOPS = 260
"""A part has so many open stops at most, unless one route alone has more."""


class Cut(NamedTuple):
    """How the first cut through all routes is made; what comes of it is halved.

    Attributes:
        degrees: direction in which the routes are put in a row, by the middles of their stops;
            0 is east. The next cut goes across.
        share: of the stops that come before the cut.
    """

    degrees: float
    share: float


CUTS = (Cut(0.0, 1 / 2), Cut(45.0, 1 / 3))
"""What one keeps apart the other brings together."""

_HALVES = 1 / 2


class Block(NamedTuple):
    """Places between all of which travel is wanted, for one way of travelling."""

    profile: Profile
    places: tuple[LatLon, ...]


class Blocks(NamedTuple):
    """The travel a job rests on.

    Attributes:
        first: wanted before the search begins.
        later: may come while it goes on, in this order; what is not there yet is searched last.
    """

    first: tuple[Block, ...]
    later: tuple[Block, ...]


def blocks_wanted(job: Job) -> Blocks:
    """What travel a job rests on; its own roads are not looked at.

    A job of one part wants everything first. Of a larger one nothing is waited for: each route
    is searched alone as its roads come, and then, where stops may change routes, parts of several.
    """
    if not is_large(job.cases):
        return Blocks(first=tuple(_blocks(job.cases, job)), later=())
    later = [block for case in job.cases for block in _blocks((case,), None)]
    if may_change_routes(job):
        parts = [part for how in CUTS for part in cut(job.cases, how)]
        later += [block for part in parts for block in _blocks(part, job)]
    return Blocks(first=(), later=tuple(dict.fromkeys(later)))


def blocks_of(cases: Sequence[RouteCase], job: Job) -> list[Block]:
    """The blocks that some routes of a job rest on when they are searched together."""
    return _blocks(cases, job if len(cases) > 1 or not is_large(job.cases) else None)


def is_large(cases: Sequence[RouteCase]) -> bool:
    """True where routes have to be searched in parts."""
    return len(cases) > 1 and sum(len(case.open) for case in cases) > MOST_STOPS


def may_change_routes(job: Job) -> bool:
    """True where some stop may be given to another route: it is loose, a return, or not loaded."""
    if job.loose:
        return True
    return any(
        not case.has_left or (stop.plan is not None and stop.plan.kind is StopKind.RETURN)
        for case in job.cases
        for stop in case.open
        if stop.lock is None and (job.free is None or stop.id in job.free)
    )


def _blocks(cases: Sequence[RouteCase], job: Job | None) -> list[Block]:
    """All places of some routes, and of what is loose in a job, by way of travelling."""
    places = dict.fromkeys(place for case in cases for place in _places_of(case))
    if job is not None:
        places.update(dict.fromkeys(place_of(stop) for stop in job.loose))
        places.update({job.meeting.at: None} if job.meeting else {})
    profiles = dict.fromkeys(case.profile for case in cases)
    return [Block(profile, tuple(places)) for profile in profiles]


def cut(cases: Sequence[RouteCase], how: Cut) -> list[tuple[RouteCase, ...]]:
    """Routes in parts of at most `MOST_STOPS` open stops, cut until they are small enough."""
    if not is_large(cases):
        return [tuple(cases)] if cases else []
    row = sorted(cases, key=lambda case: _along(_middle(case), how.degrees))
    before = _before(row, how.share)
    across = Cut(how.degrees + 90.0, _HALVES)
    return [*cut(row[:before], across), *cut(row[before:], across)]


def nearest_part(stop: Stop, parts: Sequence[Sequence[RouteCase]]) -> int:
    """Which part a loose stop belongs to: the one with the open stop nearest to it."""
    here = place_of(stop)

    def away(part: Sequence[RouteCase]) -> float:
        places = (place_of(one) for case in part for one in case.open)
        return min((_squared(here, place) for place in places), default=math.inf)

    return min(range(len(parts)), key=lambda index: away(parts[index]))


def stops_of(job: Job) -> dict[str, Stop]:
    """Every stop of a job whose order is open, by id."""
    stops = {stop.id: stop for case in job.cases for stop in case.open}
    stops.update({stop.id: stop for stop in job.loose})
    return stops


def _before(row: Sequence[RouteCase], share: float) -> int:
    """How many routes of a row hold about a share of the stops; at least one, never all."""
    stops, seen = sum(len(case.open) for case in row), 0
    for index, case in enumerate(row[:-1], start=1):
        seen += len(case.open)
        if seen >= share * stops:
            return index
    return len(row) - 1


def _places_of(case: RouteCase) -> Iterator[LatLon]:
    yield from (place_of(stop) for stop in (*case.at_door, *case.open))
    yield from (place for place in (case.depot, case.start, case.whereabouts.origin) if place)


def _middle(case: RouteCase) -> LatLon:
    places = [place_of(stop) for stop in case.open] or [case.start or case.depot or LatLon(0, 0)]
    lat = sum(place.lat for place in places) / len(places)
    return LatLon(lat, sum(place.lon for place in places) / len(places))


def _along(place: LatLon, degrees: float) -> float:
    """How far along a direction a place lies; 0 degrees is east."""
    turned = math.radians(degrees)
    east = place.lon * math.cos(math.radians(place.lat))
    return east * math.cos(turned) + place.lat * math.sin(turned)


def _squared(a: LatLon, b: LatLon) -> float:
    east = (a.lon - b.lon) * math.cos(math.radians(a.lat))
    return east * east + (a.lat - b.lat) ** 2
