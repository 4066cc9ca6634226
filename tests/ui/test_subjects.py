"""What a selection leads to, in words and on the map."""

import pytest

from tests.ui.example_shift import event, numbered
from tower.domain.events import ExceptionWorked, RoutePlanned
from tower.domain.records import RoutePlan, Subject
from tower.domain.words import ExceptionState
from ui.exchange import Selection
from ui.session import Session
from ui.subjects import place_of, words_of

pytestmark = pytest.mark.usefixtures("qtbot")


def test_the_map_shows_where_an_exception_was_once_it_is_over(session: Session) -> None:
    chosen = Selection("exception", "x1")
    assert place_of(session, chosen) == chosen
    resolved = ExceptionWorked(state=ExceptionState.RESOLVED, version=1)
    session.fold_events(numbered([event(resolved, Subject(exception_id="x1"))], start=100))
    assert place_of(session, chosen) == Selection("stop", "s0")


def test_a_route_that_calls_itself_one_is_not_called_so_twice(session: Session) -> None:
    assert words_of(session, Selection("route", "r0")) == "Route R-200 · Driver A0"
    plan = RoutePlan(id="r9", name="Route North", carrier_id="own", depot_id="depot-1")
    session.fold_events(numbered([event(RoutePlanned(plan=plan))], start=100))
    assert words_of(session, Selection("route", "r9")) == "Route North"
