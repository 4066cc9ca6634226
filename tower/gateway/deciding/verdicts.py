"""What a command may become, and what that rests on."""

import secrets
from collections.abc import Callable, Container
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tower.domain.commands import Command
from tower.domain.events import AnyBody, Event
from tower.domain.identity import event_id
from tower.domain.messages import Message
from tower.domain.records import Actor, ExceptionRecord, Route, Subject
from tower.domain.reporting import ReportingEntry
from tower.domain.rulebook import Playbooks, PolicyEntry, Thresholds
from tower.domain.state import State
from tower.gateway.judging import Sight
from tower.gateway.signin import Grant
from tower.gateway.telling.drafts import NOTHING_TOLD, Telling
from tower.routes.violations import Violation

_ENTROPY_BYTES = 10


class Accepted(msgspec.Struct, frozen=True):
    """The command is carried out by these events."""

    events: tuple[Event, ...]


Versioned = (
    ExceptionRecord | Route | Message | Thresholds | Playbooks | PolicyEntry | ReportingEntry
)
"""What decisions give versions to."""


class Outdated(msgspec.Struct, frozen=True):
    """Somebody was faster; `fresh` is what there is now.

    Attributes:
        routes: all routes the command named, as they are now.
    """

    message: str
    fresh: Versioned
    routes: tuple[Route, ...] = ()


class Refused(msgspec.Struct, frozen=True):
    """The command makes no sense, whatever version it was made against."""

    message: str


class Objected(msgspec.Struct, frozen=True):
    """The command would break hard constraints, and nobody took that upon themselves.

    Attributes:
        violations: what would newly be broken.
        estimated: some travel time it rests on is an estimate.
    """

    message: str
    violations: tuple[Violation, ...]
    estimated: bool


Verdict = Accepted | Outdated | Refused | Objected


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision rests on besides the state.

    Attributes:
        grant: who asks.
        now: the gateway's time.
        lease: how long a claim holds.
        sight: where vehicles are and how long legs take, as far as the command needs it.
        templates: names of the templates messages can be made of.
        telling: drafts messages to customers.
    """

    grant: Grant
    now: datetime
    lease: timedelta
    sight: Sight = Sight()
    templates: Container[str] = frozenset()
    telling: Telling = NOTHING_TOLD


Rules = dict[type[Command], Callable[[Any, State, Terms], Verdict]]
"""What decides a command of each type."""


def new_event(now: datetime, actor: Actor, subject: Subject, body: AnyBody) -> Event:
    """An event that happens now, by somebody's decision."""
    return Event(
        id=event_id(now, secrets.token_bytes(_ENTROPY_BYTES)),
        at=now,
        recorded_at=now,
        actor=actor,
        subject=subject,
        body=body,
    )
