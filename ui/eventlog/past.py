"""What happened before this desktop joined, asked of the gateway once. Knows no widgets."""

import logging
from collections.abc import Callable, Sequence

import msgspec

from tower.domain.events import Event
from tower.gateway.answers import EventPage
from ui.exchange import Answer
from ui.session import Session

EVENTS = 300
"""So many of the newest events are asked for."""

_OK = 200
_log = logging.getLogger(__name__)


class Past:
    """The newest events up to a place in the journal, followed by those that arrive meanwhile.

    Args:
        session: asked.
        until: place of the last event that is past; what arrives comes after it.
        then: called once with all of them in the journal's order.
    """

    def __init__(
        self, session: Session, until: int, then: Callable[[Sequence[Event]], None]
    ) -> None:
        self._until, self._then = until, then
        self._held, self._wanted = list[Event](), True
        path = f"/v1/events?after={max(0, until - EVENTS)}&limit={EVENTS}"
        session.ask(path, self._on_answer)

    def hold(self, events: Sequence[Event]) -> None:
        """Keep events that arrive before the answer."""
        self._held += events

    def dismiss(self) -> None:
        """The answer is not wanted any more, another state has come."""
        self._wanted = False

    def _on_answer(self, answer: Answer) -> None:
        if self._wanted:
            before = [event for event in _events(answer) if event.seq <= self._until]
            self._then([*before, *self._held])


def _events(answer: Answer) -> tuple[Event, ...]:
    """The events of an answer; none where it cannot be used, and the log begins with now."""
    if answer.status != _OK:
        _log.warning("the event log begins with now, the past is not told: %s", answer.message)
        return ()
    try:
        return msgspec.json.decode(answer.body, type=EventPage).events
    except msgspec.MsgspecError as error:
        _log.warning("the event log begins with now, the past cannot be read: %s", error)
        return ()
