"""A fault of ours in what is said of one stop hides nothing about the others."""

from datetime import timedelta

import pytest

from tests.watch.day import Day, Room, at
from tower.domain.words import ExceptionKind
from tower.watch import watch
from tower.watch.again import SELDOM
from tower.watch.case import StopCase
from tower.watch.found import Found
from tower.watch.rules import STOP_RULES

LATE = ExceptionKind.LATE


def look(room: Room, clock: str) -> None:
    """Both stops are expected an hour after their windows."""
    room.skies.heard["own"] = at(clock)
    room.skies.seen("own:R-1", at(clock))
    for stop_id in ("s1", "s2"):
        room.skies.expect(stop_id, at("13:00"))
    room.look(clock)


def late_stops(room: Room) -> set[str]:
    """The stops that are said to be late."""
    found = (one.finding for one in room.exceptions if one.is_open)
    return {one.subject.stop_id for one in found if one is not None and one.kind is LATE}


def test_one_faulty_stop_hides_no_other_and_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    faulty = {"s1"}
    sound = next(rule for rule in STOP_RULES if rule.kind is LATE)

    def find(case: StopCase) -> Found | None:
        if case.about in faulty:
            raise RuntimeError("a fault of ours")
        return sound.find(case)

    rules = tuple(rule._replace(find=find) if rule is sound else rule for rule in STOP_RULES)
    monkeypatch.setattr(watch, "STOP_RULES", rules)
    windows = {"s1": "10:00-12:00", "s2": "10:00-12:00"}
    room = Room(Day().opened().route("R-1", "s1 s2", windows=windows))
    look(room, "12:10")
    look(room, "12:12")
    assert late_stops(room) == {"s2"}
    assert "stop s1 is looked at again" in caplog.text
    faulty.clear()
    now = at("12:12") + SELDOM + timedelta(seconds=1)
    room.day.add(room.watch.look(room.day.state, room.skies.sight, now, changed=()))
    now += timedelta(minutes=2)
    room.day.add(room.watch.look(room.day.state, room.skies.sight, now, changed=()))
    assert late_stops(room) == {"s1", "s2"}
