"""Who belongs to whom stays right while records change."""

import random

import pytest

from tests.ui.example_shift import NOON, event, example_state
from tower.domain.events import (
    AnyBody,
    RouteFinished,
    RoutePlanned,
    RouteSequence,
    RoutesSequenced,
    RouteStarted,
    StopDelivered,
)
from tower.domain.fold import apply
from tower.domain.records import RoutePlan, Subject
from tower.domain.state import Changed, State
from ui.filter import keep_linked, links


def _happenings(state: State, chance: random.Random) -> list[tuple[AnyBody, Subject]]:
    """Stops delivered, moved between routes and taken off; routes begun, ended and new."""
    stops, found = list(state.stops), list[tuple[AnyBody, Subject]]()
    for turn in range(12):
        order = chance.sample(stops, k=min(6, len(stops)))
        cut = chance.randrange(len(order) + 1)
        routes = tuple(
            RouteSequence(route_id=route_id, version=turn + 10, stops=tuple(part))
            for route_id, part in (("r0", order[:cut]), ("r1", order[cut:]))
        )
        found += [
            (StopDelivered(), Subject(stop_id=chance.choice(stops))),
            (RoutesSequenced(routes=routes), Subject()),
            (RouteStarted(), Subject(route_id=chance.choice(("r0", "r1")))),
        ]
    plan = RoutePlan(id="r9", name="R-9", carrier_id="own", vehicle_id="own:v0", starts_at=NOON)
    found += [(RoutePlanned(plan=plan), Subject()), (RouteFinished(), Subject(route_id="r0"))]
    chance.shuffle(found)
    return found


@pytest.mark.parametrize("seed", range(20))
def test_links_kept_are_those_read_anew(seed: int) -> None:
    state = example_state()
    known = links(state)
    for number, (body, about) in enumerate(_happenings(state, random.Random(seed))):
        changed = frozenset[Changed](apply(state, event(body, about, at=NOON, seq=100 + number)))
        if not keep_linked(known, state, changed):
            known = links(state)
        assert known == links(state)
