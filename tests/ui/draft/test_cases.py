"""What a route has to know of the others follows what happens to them."""

import pytest

from tests.ui.example_shift import NOON, event, example_state, numbered, opening
from tower.domain.events import RoutePlanned, RouteStarted
from tower.domain.fold import fold
from tower.domain.records import RoutePlan, Subject
from tower.feed.clock import FollowingClock
from ui.draft.draft import Draft
from ui.session import Session
from ui.theme import Theme

pytestmark = pytest.mark.usefixtures("qapp")

LATE_ROUTE = RoutePlanned(plan=RoutePlan(id="late", name="R-LATE", carrier_id="own"))


def _draft() -> tuple[Session, Draft]:
    session = Session(FollowingClock(NOON.timestamp(), monotonic=lambda: 0.0), Theme("dark"), "me")
    session.replace_state(example_state(), "epoch")
    return session, Draft(session)


def _departed(draft: Draft) -> frozenset[str]:
    draft.cases.renew()
    case = draft.cases.case("r0")
    assert case is not None
    return case.departed


def test_a_route_that_starts_has_departed_for_the_others() -> None:
    session, draft = _draft()
    session.fold_events([event(LATE_ROUTE)])
    assert _departed(draft) == {"r0", "r1", "r2"}

    session.fold_events([event(RouteStarted(), Subject(route_id="late"), at=NOON)])

    assert _departed(draft) == {"r0", "r1", "r2", "late"}


def test_another_shift_has_departures_of_its_own() -> None:
    session, draft = _draft()
    assert "late" not in _departed(draft)
    started = event(RouteStarted(), Subject(route_id="late"), at=NOON)

    session.replace_state(fold(numbered([*opening(), event(LATE_ROUTE), started])), "later")

    assert "late" in _departed(draft)
