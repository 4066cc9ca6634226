"""The routes' lines are fetched, and looked at again when their legs are needed."""

import logging

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON
from tower.feed.clock import FollowingClock
from ui.exchange import Answer, Question
from ui.routelines import STALE_S, RouteLines
from ui.session import Session

_LINE = {
    "version": 1,
    "shape": "_p~iF~ps|U_ulLnnqC",
    "stop_offsets": [0, 1],
    "durations_s": [60.0, 30.0],
    "distances_m": [900.0, 400.0],
    "home_s": 90.0,
    "home_m": 1300.0,
}


@pytest.fixture
def asked(session: Session) -> list[Question]:
    """What the gateway is asked."""
    found: list[Question] = []
    session.question_asked.connect(found.append)
    return found


def _give(question: Question, etag: str = '"1"') -> None:
    body = msgspec.json.encode({f"r{number}": _LINE for number in range(3)})
    question.on_answer(Answer(status=200, body=body, etag=etag))


def test_lines_come_with_the_seconds_of_every_leg(
    session: Session, asked: list[Question], qtbot: QtBot
) -> None:
    lines = RouteLines(session, session)
    session.replace_state(session.state, "other")
    with qtbot.waitSignal(session.shapes_changed):
        _give(asked.pop())
    assert list(session.shapes["r1"].durations_s) == [60.0, 30.0]
    assert session.shapes["r1"].home_m == 1300.0
    lines.renew()
    assert asked == [], "they were just asked for"


def test_old_legs_are_asked_for_again(session: Session, asked: list[Question]) -> None:
    clock = session.clock
    assert isinstance(clock, FollowingClock)
    lines = RouteLines(session, session)
    lines.renew()
    _give(asked.pop())
    clock.follow(NOON.timestamp() + STALE_S + 1, 1.0)
    lines.renew()
    (question,) = asked
    assert question.headers == {"If-None-Match": '"1"'}


def test_lines_nobody_can_read_are_said(
    session: Session, asked: list[Question], caplog: pytest.LogCaptureFixture
) -> None:
    lines = RouteLines(session, session)
    lines.renew()
    with caplog.at_level(logging.WARNING):
        asked.pop().on_answer(Answer(status=200, body=b'{"r1": 7}'))
    assert "the map shows no route lines" in caplog.text
