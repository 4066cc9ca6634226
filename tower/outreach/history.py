"""What was said to customers so far, as the policy counts it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from tower.domain.messages import Attempt, Message, Reply
from tower.domain.state import State
from tower.domain.words import Channel, MessageState

ANSWER_WITHIN = timedelta(minutes=30)
"""So long after a customer's word a message to them is an answer to it."""


def counted(message: Message) -> tuple[Attempt, ...]:
    """The attempts that may have reached the customer: all but those that failed for certain."""
    sure = (MessageState.FAILED, MessageState.CANCELLED, MessageState.QUEUED)
    return tuple(one for one in message.attempts if one.state not in sure)


def is_waiting(message: Message) -> bool:
    """True while a message is still to be sent for the first time."""
    return message.state.is_pending


def _concerns(message: Message, stop_id: str, address: str) -> bool:
    plan = message.plan
    if plan is not None and plan.stop_id == stop_id:
        return True
    return any(attempt.address == address for attempt in message.attempts)


class History:
    """Messages and customers' words, found by stop and by address.

    Made from a state as it is; make another when the state has changed.
    """

    def __init__(self, state: State, only: tuple[str, str] | None = None) -> None:
        """Read what was said.

        Args:
            state: the shift.
            only: a stop's id and an address nothing else matters but which; all where None.
        """
        self._of_stop: dict[str, list[Message]] = defaultdict(list)
        self._to_address: dict[str, list[tuple[str, Attempt]]] = defaultdict(list)
        self._heard: dict[str, list[datetime]] = defaultdict(list)
        self._written: dict[tuple[Channel, str], datetime] = {}
        stop_id, address = only or ("", "")
        for message in state.messages.values():
            if only is None or _concerns(message, stop_id, address):
                self._take(message)
        for reply in state.replies.values():
            if only is None or stop_id == reply.stop_id or address == reply.address:
                self._hear(reply)
        for contact in state.contacts.values():
            if contact.inbound and (only is None or stop_id == contact.stop_id):
                self._heard[contact.stop_id].append(contact.at)

    def _take(self, message: Message) -> None:
        if message.plan is None:
            return
        self._of_stop[message.plan.stop_id].append(message)
        for attempt in counted(message):
            self._to_address[attempt.address].append((message.id, attempt))

    def _hear(self, reply: Reply) -> None:
        if reply.stop_id:
            self._heard[reply.stop_id].append(reply.at)
        key = reply.channel, reply.address
        self._written[key] = max(reply.at, self._written.get(key, reply.at))

    def of_cause(self, stop_id: str, exception_id: str, topic: str) -> list[Message]:
        """The messages to the customer of a stop for one exception, or about one topic."""
        return [
            message
            for message in self._of_stop.get(stop_id, ())
            if message.plan is not None
            and (
                (exception_id and message.plan.exception_id == exception_id)
                or message.plan.topic == topic
            )
        ]

    def told(self, stop_id: str) -> datetime | None:
        """The arrival the customer of a stop was told last, UTC; None where they were told none.

        What is still to be sent counts too, what failed or was cancelled does not.
        """
        told = [
            (message.queued_at, message.plan.told_at)
            for message in self._of_stop.get(stop_id, ())
            if message.plan is not None
            and message.plan.told_at is not None
            and message.queued_at is not None
            and (counted(message) or is_waiting(message))
        ]
        return max(told)[1] if told else None

    def episodes(self, stop_id: str, template: str, exception_id: str) -> int:
        """How often a template was used for one cause, whatever became of it."""
        return max(
            (
                message.plan.episode
                for message in self._of_stop.get(stop_id, ())
                if message.plan is not None
                and (message.plan.template, message.plan.exception_id) == (template, exception_id)
            ),
            default=0,
        )

    def attempts_to(self, address: str, since: datetime) -> Iterable[tuple[str, Attempt]]:
        """Message id and attempt of everything that may have reached an address since."""
        return [one for one in self._to_address.get(address, ()) if one[1].at > since]

    def was_written_to(self, address: str) -> bool:
        """True where something may have reached an address before."""
        return bool(self._to_address.get(address))

    def answers(self, stop_id: str, at: datetime, after: datetime | None) -> bool:
        """True where a message said at a moment answers the customer.

        Args:
            stop_id: the customer's stop.
            at: when it was decided to say it, UTC.
            after: their word must be newer, None for any.
        """
        words = self._heard.get(stop_id, ())
        return any(
            at - ANSWER_WITHIN <= word <= at and (after is None or word > after) for word in words
        )

    def wrote(self, channel: Channel, address: str) -> datetime | None:
        """When somebody last wrote to us from an address over a channel, UTC."""
        return self._written.get((channel, address))
