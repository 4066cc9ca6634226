"""The present order beside the proposed one, stop by stop. Knows no widgets."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from tower.domain.records import Stop
from tower.domain.words import Punctuality, StopKind
from tower.eta.schedule import Arrival
from tower.routes.evaluate import Prospect
from tower.routes.impact import Impact, StopImpact
from ui.proposals.scope import name_of
from ui.session import Session

_MINUTE_S = 60.0


class Cell(NamedTuple):
    """A stop in one of the two orders.

    Attributes:
        number: its number on the route in this order.
        was: its number now, where that is another one on the same route; else 0.
        moved: it is served at another place among the others, or by another route.
        time: when it is reached, as people read it.
        shift: by how much that moves, such as `+6 min`; "" for not so much.
        is_worse: it is reached later.
        note: where it comes from or goes to, or what is done there.
    """

    stop_id: str
    number: int
    was: int
    customer: str
    moved: bool
    time: str
    punctuality: Punctuality
    shift: str = ""
    is_worse: bool = False
    note: str = ""


class Pair(NamedTuple):
    """A row of the comparison: the n-th stop of the present order and of the proposed one."""

    id: str
    present: Cell | None
    proposed: Cell | None

    @property
    def is_moved(self) -> bool:
        """A stop of it moves."""
        return any(cell is not None and cell.moved for cell in (self.present, self.proposed))

    @property
    def stop_id(self) -> str:
        """The stop the row leads to: the proposed one, else the present one."""
        cell = self.proposed or self.present
        return cell.stop_id if cell else ""


class Beside(NamedTuple):
    """The two orders of one route.

    Attributes:
        before: what the present order comes to; `after` the proposed one.
        moved: ids of the stops that are served at another place, come or go.
        ends: when the vehicle is back, before and after, as people read it.
    """

    route_id: str
    name: str
    before: Prospect
    after: Prospect
    moved: frozenset[str]
    ends: tuple[str, str]

    @property
    def late_s(self) -> float:
        """Seconds of lateness more, negative for less."""
        return self.after.lateness_s - self.before.lateness_s

    @property
    def distance_m(self) -> float:
        """Metres more, negative for less."""
        return self.after.distance_m - self.before.distance_m


def beside(session: Session, impact: Impact) -> tuple[Beside, ...]:
    """Both orders of every route a proposal changes, the most changed ones first."""
    found = [
        Beside(
            route_id=one.route_id,
            name=one.after.case.name,
            before=one.before,
            after=one.after,
            moved=moved_stops(one.before.order, one.after.order),
            ends=(
                session.clock_text(one.before.ends_at),
                session.clock_text(one.after.ends_at),
            ),
        )
        for one in impact.routes
        if one.before.order != one.after.order
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.moved), one.name)))


def pairs_of(session: Session, shown: Beside, stops: Mapping[str, StopImpact]) -> tuple[Pair, ...]:
    """A route's two orders, row by row.

    Args:
        session: gives names and times.
        shown: the route.
        stops: what happens to each of its stops.
    """
    lines = _Lines(session, stops, shown.moved)
    return tuple(
        Pair(str(row), present, proposed)
        for row, (present, proposed) in enumerate(
            zip_longest(lines.present(shown.before), lines.proposed(shown.after))
        )
    )


class _Lines:
    """Writes the stops of one route's two orders as cells."""

    def __init__(
        self, session: Session, stops: Mapping[str, StopImpact], moved: frozenset[str]
    ) -> None:
        self._session, self._stops, self._moved = session, stops, moved

    def present(self, prospect: Prospect) -> list[Cell]:
        return [
            self._cell(prospect, place)._replace(note=self._goes(stop, prospect.case.id))
            for place, stop in enumerate(prospect.remaining)
        ]

    def proposed(self, prospect: Prospect) -> list[Cell]:
        return [
            self._compared(self._cell(prospect, place), stop, prospect)
            for place, stop in enumerate(prospect.remaining)
        ]

    def _cell(self, prospect: Prospect, place: int) -> Cell:
        stop, arrival = prospect.remaining[place], prospect.arrivals[place]
        first = sum(one.is_done for one in prospect.case.settled) + 1
        return Cell(
            stop_id=stop.id,
            number=first + place,
            was=0,
            customer=customer_of(stop),
            moved=stop.id in self._moved,
            time=_time_words(self._session, arrival),
            punctuality=arrival.punctuality,
        )

    def _compared(self, cell: Cell, stop: Stop, prospect: Prospect) -> Cell:
        impact = self._stops[stop.id]
        stays = impact.route_before == prospect.case.id
        first = cell.number - impact.place_after
        was = first + impact.place_before if stays else 0
        minutes = round(impact.shift_s / _MINUTE_S)
        return cell._replace(
            was=was if was != cell.number else 0,
            shift=f"{minutes:+} min".replace("-", "−") if minutes else "",
            is_worse=minutes > 0,
            note=self._comes(stop, impact, prospect.case.id),
        )

    def _goes(self, stop: Stop, route_id: str) -> str:
        goes_to = self._stops[stop.id].route_after
        if goes_to == route_id:
            return ""
        return f"→ {name_of(self._session, goes_to)}" if goes_to else "→ no route"

    def _comes(self, stop: Stop, impact: StopImpact, route_id: str) -> str:
        plan = stop.plan
        if plan is not None and plan.kind is StopKind.PICKUP and plan.collects:
            count = len(plan.collects)
            return f"takes over the parcels of {count} stop{'' if count == 1 else 's'}"
        if impact.route_before == route_id:
            return ""
        comes_from = name_of(self._session, impact.route_before)
        return f"from {comes_from}" if impact.route_before else "had no route"


def moved_stops(before: Sequence[str], after: Sequence[str]) -> frozenset[str]:
    """The fewest stops one has to take out of an order and put elsewhere to get the other one.

    Those that come or go are among them. What stays is a longest increasing subsequence of the
    old places (C. Schensted, "Longest increasing and decreasing subsequences", 1961).
    """
    place_of = {stop_id: place for place, stop_id in enumerate(before)}
    common = [stop_id for stop_id in after if stop_id in place_of]
    stays = _longest_rising([place_of[stop_id] for stop_id in common])
    kept = {common[index] for index in stays}
    return frozenset(set(before) | set(after)) - kept


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """Indices of a longest rising subsequence."""
    ends: list[int] = []
    last: list[int] = []
    came_from: list[int] = []
    for index, number in enumerate(numbers):
        at = bisect_left(ends, number)
        came_from.append(last[at - 1] if at else -1)
        ends[at : at + 1] = [number]
        last[at : at + 1] = [index]
    found = []
    index = last[-1] if last else -1
    while index >= 0:
        found.append(index)
        index = came_from[index]
    return found[::-1]


def customer_of(stop: Stop) -> str:
    """Whom a stop is for, in a few words."""
    plan = stop.plan
    if plan is None:
        return stop.id
    if plan.kind is StopKind.PICKUP and plan.collects:
        return plan.customer or plan.address or "Meet the other driver"
    return plan.customer or plan.reference or plan.address or stop.id


def _time_words(session: Session, arrival: Arrival) -> str:
    return session.clock_text(arrival.p50)
