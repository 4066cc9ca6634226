"""The small shift with customers who can be told something."""

import itertools
from collections.abc import Mapping
from datetime import timedelta

import httpx
from msgspec.structs import replace

from tests.gateway.running import RunningGateway
from tests.gateway.shift import MORNING, small_shift, stop_plan, told
from tower.domain.events import Event, StopPlanned
from tower.domain.messages import Message
from tower.domain.records import Subject
from tower.domain.words import Channel, MessageState

PHONES: Mapping[str, str] = {f"S{number}": f"+44770090000{number}" for number in range(1, 9)}
"""Numbers that are kept free for films, by stop."""

_keys = itertools.count(1)


def told_shift() -> list[Event]:
    """Stops S2 to S8 have a phone number and an e-mail address, and agreed to both."""
    return [*small_shift(), *(_reachable(number) for number in range(2, 9))]


def _reachable(number: int) -> Event:
    plan = replace(
        stop_plan(number),
        phone=PHONES[f"S{number}"],
        email=f"customer{number}@example.org",
        contact_by=(Channel.SMS, Channel.EMAIL),
        language="en",
    )
    later = MORNING + timedelta(minutes=1)
    return told(later, Subject(stop_id=plan.id), StopPlanned(plan=plan))


def wish(stop_id: str, words: str = "Your parcel comes later today.", **more: object) -> object:
    """A wish to say something to the customer of a stop."""
    return {"stop_id": stop_id, "words": words, **more}


def send(http: httpx.Client, *wishes: object) -> httpx.Response:
    """Ask for messages to be sent."""
    return command(http, type="send_messages", messages=list(wishes))


def command(http: httpx.Client, **body: object) -> httpx.Response:
    """Ask for anything, with a key of its own."""
    headers = {"Idempotency-Key": f"telling-{next(_keys)}"}
    return http.post("/v1/commands", json=body, headers=headers)


def messages_to(gateway: RunningGateway, stop_id: str) -> list[Message]:
    """The messages to the customer of a stop, the oldest first."""
    found = (one for one in gateway.state.messages.values() if one.plan)
    mine = [one for one in found if one.plan and one.plan.stop_id == stop_id]
    return sorted(mine, key=lambda one: (one.queued_at is None, one.queued_at, one.id))


def until_state(gateway: RunningGateway, stop_id: str, *states: MessageState) -> Message:
    """The newest message to the customer of a stop, once it is in one of these states."""

    def look() -> Message | None:
        found = messages_to(gateway, stop_id)
        return found[-1] if found and found[-1].state in states else None

    return gateway.until(look)
