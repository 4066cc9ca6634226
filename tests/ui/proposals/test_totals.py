"""A proposal's figures say what gets better, what it costs, and which stops are behind that."""

from datetime import timedelta

from msgspec.structs import replace

from tests.ui.example_shift import NOON, event, numbered
from tower.domain import events as e
from tower.domain.records import Subject
from tower.routes.impact import Impact, impact
from ui.draft.draft import Draft
from ui.proposals.compare import beside
from ui.proposals.totals import Figure, change_words, figures, signed
from ui.session import Session

_LAST_FIRST = ("s4", "s0", "s1", "s2", "s3")


def _due(session: Session, stop_id: str, minutes: float, *, is_hard: bool = False) -> None:
    """Let a stop's window end so many minutes after noon."""
    plan = session.state.stops[stop_id].plan
    assert plan is not None
    due = replace(plan, window_end=NOON + timedelta(minutes=minutes), window_is_hard=is_hard)
    planned = event(
        e.StopPlanned(plan=due), Subject(stop_id=stop_id), at=NOON + timedelta(seconds=1)
    )
    session.fold_events(numbered([planned], 700))


def _impact(session: Session, draft: Draft) -> Impact:
    """The last stop of the first route is served first."""
    now = draft.cases.present("r0")
    then = draft.cases.prospect("r0", [session.state.stops[one] for one in _LAST_FIRST])
    assert now is not None
    assert then is not None
    return impact({"r0": now}, {"r0": then})


def _figures(session: Session, draft: Draft) -> dict[str, Figure]:
    found = _impact(session, draft)
    return {one.title: one for one in figures(session, found, beside(session, found))}


def _arrival_min(session: Session, draft: Draft, stop_id: str) -> tuple[float, float]:
    """Minutes after noon at which a stop is reached, before and after."""
    (one,) = [stop for stop in _impact(session, draft).stops if stop.stop_id == stop_id]
    assert one.before is not None
    assert one.after is not None
    before, after = (at.p50 - NOON for at in (one.before, one.after))
    return before.total_seconds() / 60, after.total_seconds() / 60


def test_a_window_that_would_be_missed_is_named_and_its_lateness_counted(
    session: Session, draft: Draft
) -> None:
    before, after = _arrival_min(session, draft, "s3")
    assert after > before + 1
    _due(session, "s3", after - 1, is_hard=True)
    found = _figures(session, draft)
    assert found["Windows"].then == "1 broken"
    assert found["Windows"].tone == "worse"
    assert [one.words for one in found["Windows"].why] == [
        "stop 4 · Customer 0003: misses its window"
    ]
    assert (found["Late, all stops"].then, found["Late, all stops"].tone) == ("1 min", "worse")
    assert found["Constraints"].then == "1 for a supervisor"
    assert found["Constraints"].why[0].stop_id == "s3"


def test_a_window_that_would_be_kept_again_is_a_gain(session: Session, draft: Draft) -> None:
    before, after = _arrival_min(session, draft, "s4")
    _due(session, "s4", (before + after) / 2)
    found = _figures(session, draft)
    assert (found["Windows"].then, found["Windows"].tone) == ("1 saved", "better")
    assert found["Late, all stops"].now != "0 min"
    assert found["Constraints"].tone == "better"


def test_what_stays_the_same_has_no_difference(session: Session, draft: Draft) -> None:
    found = _figures(session, draft)
    assert (found["Late, all stops"].change, found["Late, all stops"].tone) == ("", "same")
    assert found["Windows"].then == "as before"
    assert found["Constraints"].then == "all as before"


def test_differences_have_their_sign_and_unit() -> None:
    assert signed(-3.44, "km", decimals=1) == "−3.4 km"
    assert signed(12.0, "min") == "+12 min"
    assert signed(0.4, "min") == ""
    assert change_words(-720.0, 1240.0) == "−12 min late · +1.2 km"
    assert change_words(10.0, 20.0) == ""
