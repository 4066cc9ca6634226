"""What customers write to us: into the conversation it belongs to, once, with what it asks for.

Nothing is done about it by itself, with one exception: whoever says stop is not written to any
more from that moment on, and is not sent a confirmation either, since that would be a message.
Whoever says start is, and gets one, if the policy allows it.
"""

import asyncio
from datetime import datetime

from msgspec.structs import replace

from tower.domain.commands import MessageWish
from tower.domain.events import ConsentSet, Event, MessageQueued, ReplyReceived
from tower.domain.identity import subject_id
from tower.domain.messages import Recognised
from tower.domain.moments import Now
from tower.domain.records import Actor, Subject
from tower.domain.state import State
from tower.domain.words import Channel, Intent
from tower.gateway.deciding.verdicts import new_event
from tower.gateway.desk import Desk
from tower.gateway.telling.accounts import Account
from tower.gateway.telling.attempts import COURIER
from tower.gateway.telling.drafts import Telling
from tower.gateway.telling.receipts import Receipts, believed
from tower.gateway.telling.sound import MOST_REF, sound
from tower.outreach.addresses import NoAddress, sender_of
from tower.outreach.conversation import whose
from tower.outreach.drafting import Drafted
from tower.outreach.intents import prepare, recognise
from tower.outreach.offers import understood
from tower.outreach.port import Incoming

START_CONFIRMED = "start_confirmed"
"""The template that tells somebody they get messages again."""

LONGEST_WORDS = 4_000
"""Letters of a reply that are kept."""

_LONGEST_ADDRESS = 320
_SAYS = {Intent.STOP: False, Intent.START: True}


class Replies:
    """Takes in what customers wrote."""

    def __init__(self, desk: Desk, receipts: Receipts, clock: Now, telling: Telling) -> None:
        self._desk = desk
        self._receipts = receipts
        self._clock = clock
        self._telling = telling

    async def take(self, account: Account, incoming: Incoming) -> None:
        """Take one reply in; a repetition changes nothing.

        Raises:
            JournalError: it could not be recorded; the provider is to tell it again.
        """

        def choose(state: State) -> list[Event]:
            id_ = reply_id(account.name, incoming.ref)
            if id_ in state.replies:
                return []
            return self._events(id_, account, incoming, state)

        await asyncio.to_thread(prepare)
        new = await self._desk.record(choose)
        if any(isinstance(event.body, ConsentSet) and event.body.allowed for event in new):
            await self._confirm(new[0].subject.stop_id, incoming.medium)

    async def _confirm(self, stop_id: str, medium: Channel) -> None:
        """Tell somebody who wants messages again that they get them; like any other message."""
        wish = MessageWish(stop_id=stop_id, template=START_CONFIRMED, channel=medium)

        def choose(state: State) -> list[Event]:
            now = self._clock.now()
            [drafted] = self._telling.drafts([wish], state, now)
            if not isinstance(drafted, Drafted):
                return []
            subject = replace(_subject(state, stop_id, "", ""), message_id=drafted.message_id)
            return [new_event(now, COURIER, subject, MessageQueued(plan=drafted.plan))]

        if START_CONFIRMED in self._telling.names:
            await self._desk.record(choose)

    def _events(self, id_: str, account: Account, incoming: Incoming, state: State) -> list[Event]:
        now = self._clock.now()
        at = believed(incoming.at, now)
        address = _address(incoming, self._telling.region(state))
        answers = self._receipts.named(account, incoming.answers) if incoming.answers else ""
        stop_id, exception_id, message_id = whose(state, incoming.medium, address, answers)
        words = sound(incoming.text, LONGEST_WORDS)
        intents = self._understood(state, message_id, words)
        body = ReplyReceived(
            reply_id=id_,
            channel=incoming.medium,
            address=address,
            words=words,
            provider=account.name,
            provider_ref=sound(incoming.ref, MOST_REF),
            answers=message_id,
            intents=intents,
        )
        subject = _subject(state, stop_id, exception_id, message_id)
        who = Actor(kind="customer", id=address, name=_customer(state, stop_id))
        events = [_at(at, new_event(now, who, subject, body))]
        consent = _consent(intents, address, words)
        if consent is not None:
            events.append(_at(at, new_event(now, who, subject, consent)))
        return events

    def _understood(self, state: State, message_id: str, words: str) -> tuple[Recognised, ...]:
        message, templates = state.messages.get(message_id), self._telling.templates
        if message is None or templates is None:
            return recognise(words)
        return understood(words, message.plan, templates)


def reply_id(account: str, ref: str) -> str:
    """The id of a reply: the same for every repetition by the provider."""
    return subject_id("reply", account, ref.encode("utf-8", "replace").decode("utf-8"))


def _address(incoming: Incoming, region: str) -> str:
    """As consents and conversations name it; as the provider wrote it where it is none."""
    try:
        return sender_of(incoming.sender, region)
    except NoAddress:
        return sound(" ".join(incoming.sender.split()), _LONGEST_ADDRESS)


def _consent(intents: tuple[Recognised, ...], address: str, words: str) -> ConsentSet | None:
    said = next((_SAYS[one.intent] for one in intents if one.intent in _SAYS), None)
    if said is None:
        return None
    return ConsentSet(address=address, allowed=said, words=words)


def _subject(state: State, stop_id: str, exception_id: str, message_id: str) -> Subject:
    stop = state.stops.get(stop_id)
    return Subject(
        stop_id=stop_id,
        exception_id=exception_id,
        message_id=message_id,
        route_id=stop.route_id if stop else "",
    )


def _customer(state: State, stop_id: str) -> str:
    stop = state.stops.get(stop_id)
    return stop.plan.customer if stop and stop.plan else ""


def _at(at: datetime, event: Event) -> Event:
    return replace(event, at=at)
