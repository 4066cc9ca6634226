"""Large jobs in parts: routes that lie together are searched together."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tower.domain.geometry import LatLon
from tower.domain.records import Stop
from tower.road.roads import Profile
from tower.routes.case import RouteCase
from tower.routes.evaluate import place_of
from tower.routes.optimise_job import Job, Meeting

MOST_STOPS = 260
"""A part has so many open stops at most, unless one route alone has more."""

CUTS_DEG = (0.0, 45.0)
"""Directions of the first cut of each round: what one round kept apart the next brings together."""


class Block(NamedTuple):
    """Places between all of which travel is wanted, for one way of travelling."""

    profile: Profile
    places: tuple[LatLon, ...]


def places_wanted(
    cases: Sequence[RouteCase], loose: Iterable[Stop] = (), meeting: Meeting | None = None
) -> list[Block]:
    """The travel a job rests on, the blocks that are searched first in front.

    Args:
        cases: the routes of the job.
        loose: its loose stops.
        meeting: where parcels are taken over.
    """
    loose = tuple(loose)
    also = [place_of(stop) for stop in loose] + ([meeting.at] if meeting else [])
    blocks: dict[Block, None] = {}
    for degrees in CUTS_DEG:
        for part in cut(cases, degrees):
            for profile in dict.fromkeys(case.profile for case in part):
                places = dict.fromkeys(place for case in part for place in _places_of(case))
                places.update(dict.fromkeys(also))
                blocks[Block(profile, tuple(places))] = None
    return list(blocks)


def cut(cases: Sequence[RouteCase], degrees: float) -> list[tuple[RouteCase, ...]]:
    """Routes in parts of at most `MOST_STOPS` open stops, halved until they are small enough.

    Args:
        cases: the routes.
        degrees: direction in which they are first put in a row, by the middles of their stops;
            the halves are then cut across that.
    """
    stops = sum(len(case.open) for case in cases)
    if stops <= MOST_STOPS or len(cases) < 2:
        return [tuple(cases)] if cases else []
    row = sorted(cases, key=lambda case: _along(_middle(case), degrees))
    half = _half(row, stops)
    across = degrees + 90.0
    return [*cut(row[:half], across), *cut(row[half:], across)]


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


def _half(row: Sequence[RouteCase], stops: int) -> int:
    """How many routes of a row hold about half of the stops; at least one, never all."""
    seen = 0
    for index, case in enumerate(row[:-1], start=1):
        seen += len(case.open)
        if seen * 2 >= stops:
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
