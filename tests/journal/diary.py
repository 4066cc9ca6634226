"""Events and a clock for the journal's tests."""

from datetime import datetime, timedelta

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.identity import derived_event_id
from tower.domain.moments import utc
from tower.domain.records import Actor, Finding, Subject
from tower.domain.words import ExceptionKind, ExceptionState, Severity

NOON = utc(1_700_000_000)


class HandClock:
    """A clock that shows what it is set to."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def go(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def event(body: e.AnyBody, mark: str = "", at: datetime = NOON, **subject: str) -> Event:
    return Event(
        id=derived_event_id(at, mark, type(body).__name__, *subject.values()),
        at=at,
        recorded_at=at,
        actor=Actor(kind="carrier", id="own"),
        subject=Subject(**subject),
        body=body,
    )


def arrivals(count: int, first: int = 0) -> list[Event]:
    """Events with ids of their own: numbered vehicles arriving at numbered stops."""
    return [
        event(e.StopArrived(), str(number), stop_id=f"s{number}", route_id=f"r{number % 3}")
        for number in range(first, first + count)
    ]


def raised(exception_id: str = "x1") -> Event:
    finding = Finding(
        kind=ExceptionKind.LATE,
        severity=Severity.MAJOR,
        subject=Subject(stop_id="s1"),
        headline="6 min past its window",
    )
    return event(e.ExceptionRaised(finding=finding), exception_id=exception_id)


def claimed(version: int, owner: str) -> Event:
    body = e.ExceptionWorked(state=ExceptionState.CLAIMED, version=version, owner=owner)
    return event(body, f"{owner}{version}", exception_id="x1")


def cleared(version: int) -> Event:
    body = e.ExceptionWorked(state=ExceptionState.RESOLVED, version=version, by_rule=True)
    return event(body, f"rule{version}", exception_id="x1")
