"""A vehicle breaks down: others meet it, take its parcels over and serve its stops.

What comes out is a job for the optimiser, and its proposal is one like any other.
"""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from tower.domain.geometry import LatLon, distance_m
from tower.domain.records import Stop
from tower.domain.words import StopKind
from tower.routes.case import RouteCase
from tower.routes.evaluate import place_of
from tower.routes.optimiser.job import Job, Meeting
from tower.routes.weights import Weights

MOST_RESCUERS = 8
"""So many routes take part at most, those whose own way leads nearest past the stops."""

TAKING_OVER_S = 300.0
"""Seconds it takes to find each other and to move the parcels: an assumption."""

_NO_CHARGE = "its vehicle drives no further and need not charge"
_ABOARD_ANOTHER = "its parcels are aboard another vehicle still"
_COLLECTED_ELSEWHERE = "its parcels are collected at another stop first: place both by hand"


class NoMeetingPlace(ValueError):
    """Nobody knows where the vehicle is that broke down."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Nobody knows where the vehicle of {name} is, so nobody can meet it. "
            "Say where it is, or move its stops by hand."
        )


def rescue(
    broken: RouteCase,
    others: Sequence[RouteCase],
    new_id: Callable[[], str],
    *,
    weights: Weights | None = None,
    address: str = "",
) -> Job:
    """What is to be optimised when a vehicle drives no further.

    The deliveries are aboard it, or still at the depot where it has not left: each rescuing
    route that needs to meets it there before it delivers them. Returns need no meeting. Locks
    hold the customer to the window, not to the vehicle: a locked stop is moved, and whoever
    commits that is asked for a reason.

    Args:
        broken: the route whose vehicle it is.
        others: all other routes.
        new_id: makes ids for the visits to be added.
        weights: what matters how much.
        address: where the vehicle stands, in words.

    Returns:
        The job without its roads: see `tower.routes.optimiser.parts.blocks_wanted`.

    Raises:
        NoMeetingPlace: the vehicle never said where it is.
    """
    at = broken.start if broken.has_left else broken.depot or broken.start
    if at is None:
        raise NoMeetingPlace(broken.name)
    stranded = _stranded(broken)
    loose = tuple(_released(stop) for stop in broken.open if stop.id not in stranded)
    cases = rescuers(broken, others)
    meeting = Meeting(
        stops=frozenset(stop.id for stop in loose if _is_delivery(stop)),
        at=at,
        address=address or f"Vehicle of {broken.name}",
        service_s=TAKING_OVER_S,
        ids={case.id: new_id() for case in cases},
        is_on_the_road=broken.has_left,
    )
    return Job(
        cases=cases,
        loose=loose,
        meeting=meeting,
        out_of_service=broken.id,
        stranded=stranded,
        weights=weights or Weights(),
    )


def rescuers(broken: RouteCase, others: Sequence[RouteCase]) -> tuple[RouteCase, ...]:
    """The routes whose way leads nearest past the stops of the broken one, and past itself."""
    wanted = [place_of(stop) for stop in broken.open]
    wanted += [broken.start] if broken.start else []
    running = [
        case
        for case in others
        if case.id != broken.id and case.route.finished_at is None and _places(case)
    ]

    def away_m(case: RouteCase) -> float:
        places = _places(case)
        return sum(min(distance_m(there, here) for here in places) for there in wanted)

    return tuple(sorted(running, key=away_m)[:MOST_RESCUERS])


def _places(case: RouteCase) -> list[LatLon]:
    places = [place_of(stop) for stop in (*case.at_door, *case.open)]
    return [*places, case.start] if case.start else places


def _stranded(broken: RouteCase) -> dict[str, str]:
    """Why some stops of the broken route are left to people."""
    collected = {wanted for stop in broken.open if stop.plan for wanted in stop.plan.collects}
    reasons = {stop.id: _reason(stop, broken, collected) for stop in broken.open}
    return {stop_id: reason for stop_id, reason in reasons.items() if reason}


def _reason(stop: Stop, broken: RouteCase, collected: set[str]) -> str:
    """Why nobody can simply take a stop over; "" where others can."""
    kind = stop.plan.kind if stop.plan else StopKind.DELIVERY
    holder = broken.collected.get(stop.id) or stop.parcels_on or broken.id
    if kind is StopKind.CHARGE:
        return _NO_CHARGE
    if kind is StopKind.PICKUP or stop.id in collected:
        return _COLLECTED_ELSEWHERE
    return _ABOARD_ANOTHER if kind is StopKind.DELIVERY and holder != broken.id else ""


def _released(stop: Stop) -> Stop:
    """The stop as others may take it: nobody is on the way, and its window binds whom it did."""
    plan = stop.plan
    if stop.lock is not None and plan is not None:
        plan = replace(plan, window_is_hard=True)
    return replace(stop, plan=plan, lock=None, underway=None)


def _is_delivery(stop: Stop) -> bool:
    return stop.plan is not None and stop.plan.kind is StopKind.DELIVERY
