"""Claims are leases: they hold while their holder shows signs of life, and lapse after."""

from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from tower.domain.events import Event
from tower.domain.records import Actor, ExceptionRecord
from tower.domain.state import State
from tower.domain.words import ExceptionState
from tower.gateway.deciding.claiming import held_by, lapse, renewal

_A_MOMENT = timedelta(seconds=1)

LEASE_RULE = Actor(kind="rule", id="lease", name="Claim lease")
"""Who ends a claim whose holder fell silent."""


def sweep(state: State, now: datetime, lease: timedelta, present: AbstractSet[str]) -> list[Event]:
    """Renew the claims of people who are there, end those of people who are not.

    A claim is renewed once half its lease has passed, so that a day's work leaves one line a
    minute in the journal.

    Args:
        state: the newest state.
        now: the gateway's time.
        lease: how long a claim holds.
        present: ids of people with a live connection or a fresh heartbeat.
    """
    found = (_next_of(record, now, lease, present) for record in state.exceptions.values())
    return [event for event in found if event is not None]


def claims_of(state: State, actor_id: str, now: datetime) -> list[ExceptionRecord]:
    """The exceptions a person holds now."""
    return [record for record in state.exceptions.values() if held_by(record, now) == actor_id]


def _next_of(
    record: ExceptionRecord, now: datetime, lease: timedelta, present: AbstractSet[str]
) -> Event | None:
    work = record.work
    if work.state is not ExceptionState.CLAIMED or work.lease_until is None:
        return None
    left = work.lease_until - now
    # No lease is longer than a lease: more is left where the clock was put back.
    set_back = left > lease + _A_MOMENT
    is_there = work.owner in present
    if left <= timedelta(0) or (set_back and not is_there):
        return lapse(record, now, LEASE_RULE)
    if is_there and (set_back or left < lease / 2):
        holder = Actor(kind="person", id=work.owner, name=work.owner_name)
        return renewal(record, now, lease, holder)
    return None
