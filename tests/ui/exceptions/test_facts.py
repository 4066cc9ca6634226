"""What the card says of an exception's work and of what was agreed about its stop."""

from datetime import timedelta

import msgspec
import pytest

from tests.ui.example_shift import NOON, event
from tower.domain import events as e
from tower.domain.records import StopChanges, Subject
from tower.domain.words import Awaited, Disposition, ExceptionState
from ui.exceptions.facts import facts_of
from ui.session import Session

_LATER = NOON + timedelta(minutes=45)


def standing(session: Session, **work: object) -> str:
    """What the card says after some work."""
    body = msgspec.convert({"version": 1, **work}, e.ExceptionWorked)
    session.fold_events([event(body, Subject(exception_id="x1"))])
    return facts_of(session, session.state.exceptions["x1"]).standing


@pytest.mark.parametrize(
    ("work", "says"),
    [
        (
            {"state": ExceptionState.SNOOZED, "snoozed_until": _LATER, "cause": "He asks his boss"},
            "Critical · snoozed until 13:45: He asks his boss",
        ),
        (
            {
                "state": ExceptionState.SNOOZED,
                "snoozed_until": _LATER,
                "awaits": Awaited.REPLY,
                "assigned_to": "operator",
            },
            "Critical · snoozed until 13:45 or the customer's reply · for you",
        ),
        (
            {
                "state": ExceptionState.ESCALATED,
                "escalated_at": NOON,
                "escalated_because": "Nobody claimed it for 10 min.",
            },
            "Critical · waits for a supervisor since 13:00: Nobody claimed it for 10 min",
        ),
        (
            {
                "state": ExceptionState.CLAIMED,
                "owner": "b",
                "owner_name": "Person B",
                "escalated_at": NOON,
            },
            "Critical · claimed by Person B · escalated 13:00",
        ),
        (
            {"state": ExceptionState.OPEN, "assigned_to": "b", "assigned_name": "Person B"},
            "Critical · open since 13:00, nobody works on it yet · for Person B",
        ),
        (
            {
                "state": ExceptionState.RESOLVED,
                "owner": "operator",
                "disposition": Disposition.FALSE_ALARM,
                "cause": "The gate was open",
            },
            "Critical · false alarm, resolved by you at 13:00: The gate was open",
        ),
        (
            {
                "state": ExceptionState.RESOLVED,
                "owner": "b",
                "owner_name": "Person B",
                "disposition": Disposition.DUPLICATE,
                "merged_into": "x2",
            },
            "Critical · merged into another by Person B at 13:00",
        ),
    ],
    ids=["snoozed", "awaited", "escalated", "claimed", "assigned", "false alarm", "merged"],
)
def test_the_card_says_where_the_work_stands(
    session: Session, work: dict[str, object], says: str
) -> None:
    assert standing(session, **work) == says


def test_what_the_driver_has_to_know_at_the_door_stands_on_the_card(session: Session) -> None:
    changes = StopChanges(access_code="4417#", safe_place="behind the bench")
    session.fold_events([event(e.StopAmended(changes=changes), Subject(stop_id="s0"))])
    agreed = facts_of(session, session.state.exceptions["x1"]).agreed
    assert agreed == "Gate code 4417# · Leave it: behind the bench"


def test_another_place_and_window_are_said(session: Session) -> None:
    changes = StopChanges(
        address="Demo Locker", lat=47.1, lon=9.5, window_start=NOON, window_end=_LATER
    )
    session.fold_events([event(e.StopAmended(changes=changes), Subject(stop_id="s0"))])
    facts = facts_of(session, session.state.exceptions["x1"])
    assert facts.agreed == "To Demo Locker · window newly agreed"
    assert "window 13:00–13:45" in facts.measures.casefold()
