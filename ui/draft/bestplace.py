"""The best place for some stops on one route. Knows no widgets; touches nothing that changes."""

from collections.abc import Sequence

from tower.domain.records import Stop
from tower.routes.case import RouteCase
from tower.routes.evaluate import Prospect, evaluate, present
from tower.routes.impact import impact
from tower.routes.seats import seats
from tower.routes.travel import TravelTable
from tower.routes.weights import KM_A_LATE_MINUTE, KM_A_VIOLATION

MOST_TRIED = 40
"""The places that look cheapest for the first stop are judged in full, no more than these."""

_KM_A_HARD = 1000.0
_M_A_KM, _S_A_MINUTE = 1000.0, 60.0


def best_place(
    case: RouteCase,
    rest: Sequence[Stop],
    moving: Sequence[Stop],
    travel: TravelTable,
    latest: int | None = None,
) -> int:
    """Where stops that stay together fit best: before which of `rest`, its length for the end.

    Lateness, kilometres and constraints broken are weighed against each other.

    Args:
        case: the route as it stands.
        rest: its open stops without those to be placed.
        moving: the stops to be placed, in their order; at least one.
        travel: travel times for the route's way of travelling.
        latest: no place after this one is looked at; None for all.
    """
    now = present(case, travel)
    promising = seats(moving[0], evaluate(case, rest, travel), travel)[
        : None if latest is None else latest + 1
    ]
    tried = sorted(promising, key=lambda seat: seat.cost)[:MOST_TRIED]
    return min(
        (seat.place for seat in tried),
        key=lambda place: _cost(
            now, evaluate(case, [*rest[:place], *moving, *rest[place:]], travel)
        ),
    )


def _cost(now: Prospect, after: Prospect) -> float:
    """In kilometres."""
    raised = impact({now.case.id: now}, {after.case.id: after}).raised
    hard = sum(1 for one in raised if one.hard)
    late = after.lateness_s / _S_A_MINUTE * KM_A_LATE_MINUTE
    broken = _KM_A_HARD * hard + KM_A_VIOLATION * (len(raised) - hard)
    return broken + late + after.distance_m / _M_A_KM
