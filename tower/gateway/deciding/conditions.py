"""What is recorded of what providers say of the roads."""

from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from tower.carriers.tidy import tidied
from tower.domain.conditions import Conditions
from tower.domain.events import ConditionsReported, Event
from tower.domain.records import Actor, Subject
from tower.domain.state import State
from tower.gateway.deciding.verdicts import new_event

SAID_AGAIN = timedelta(hours=1)
"""What did not change is recorded again this often, as a sign that it still holds."""

EXPIRES = timedelta(hours=3)
"""What nobody said again for so long holds no longer."""


def reported(state: State, conditions: Conditions, now: datetime) -> list[Event]:
    """Records what a provider says, where that is news.

    Raises:
        msgspec.ValidationError: a figure cannot be.
    """
    checked = tidied(msgspec.convert(msgspec.to_builtins(conditions), Conditions))
    entry = state.conditions.get(checked.id)
    if entry is not None and _is_known(entry.value, checked):
        return []
    return [_event(checked, now)]


def expired(state: State, now: datetime) -> list[Event]:
    """Records that what a provider said long ago holds no longer."""
    return [
        _event(Conditions(id=entry.value.id, as_of=now), now)
        for entry in state.conditions.values()
        if _says_something(entry.value) and entry.value.as_of < now - EXPIRES
    ]


def _is_known(known: Conditions, fresh: Conditions) -> bool:
    return replace(known, as_of=fresh.as_of) == fresh and fresh.as_of < known.as_of + SAID_AGAIN


def _says_something(conditions: Conditions) -> bool:
    return conditions.weather is not None or bool(conditions.disturbances)


def _event(conditions: Conditions, now: datetime) -> Event:
    provider = Actor(kind="rule", id=conditions.id, name=conditions.id)
    return new_event(now, provider, Subject(), ConditionsReported(conditions=conditions))
