"""What a route has to know of the others follows what happens to them."""

import pytest

from tests.ui.example_shift import NOON, event, example_state, numbered, opening
from tower.domain.events import RoutePlanned, RouteStarted
from tower.domain.fold import fold
from tower.domain.records import RoutePlan, Subject
from tower.feed.clock import FollowingClock
from ui.draft.cases import Cases
from ui.draft.draft import Draft
from ui.session import Session
from ui.theme import Theme

pytestmark = pytest.mark.usefixtures("qapp")

LATE_ROUTE = RoutePlanned(plan=RoutePlan(id="late", name="R-LATE", carrier_id="own"))


def _cases() -> tuple[Session, Cases]:
    session = Session(FollowingClock(NOON.timestamp(), monotonic=lambda: 0.0), Theme("dark"), "me")
    session.replace_state(example_state(), "epoch")
    return session, Draft(session).cases


def _departed(cases: Cases) -> frozenset[str]:
    cases.renew()
    case = cases.case("r0")
    assert case is not None
    return case.departed


def test_a_route_that_starts_has_departed_for_the_others() -> None:
    session, cases = _cases()
    session.fold_events([event(LATE_ROUTE)])
    assert _departed(cases) == {"r0", "r1", "r2"}

    session.fold_events([event(RouteStarted(), Subject(route_id="late"), at=NOON)])

    assert _departed(cases) == {"r0", "r1", "r2", "late"}


def test_another_shift_has_departures_of_its_own() -> None:
    session, cases = _cases()
    assert "late" not in _departed(cases)
    started = event(RouteStarted(), Subject(route_id="late"), at=NOON)

    session.replace_state(fold(numbered([*opening(), event(LATE_ROUTE), started])), "later")

    assert "late" in _departed(cases)
