"""One message while it is being taken in, and what became of it."""

from datetime import datetime

import msgspec

from tower.carriers.fixes import Believable
from tower.carriers.refusal import EXCERPT_BYTES, Refusal
from tower.domain.events import Event
from tower.domain.telemetry import Fix

REFUSALS_PER_MESSAGE = 200
"""Refusals kept one by one; the rest of a wholly bad message is counted in words."""


class Intake(msgspec.Struct):
    """What became of one message, or of a piece of it.

    Attributes:
        fixes: positions, in the order they came.
        events: to be appended to the journal; repetitions have the ids they had before.
        refusals: what was not believed.
    """

    fixes: list[Fix] = []
    events: list[Event] = []
    refusals: list[Refusal] = []


class Message:
    """Collects what one message brings.

    Attributes:
        times: what is believable, as of its arrival.
    """

    def __init__(self, carrier_id: str, adapter: str, now: datetime) -> None:
        self.times = Believable.at(now)
        self.fixes: list[Fix] = []
        self.events: list[Event] = []
        self._carrier_id = carrier_id
        self._adapter = adapter
        self._refusals: list[Refusal] = []
        self._refused = 0

    @property
    def rows(self) -> int:
        """How many events and refusals wait to be collected."""
        return len(self.events) + len(self._refusals)

    def refuse(self, reason: str, excerpt: bytes) -> None:
        """Keep one refusal with the bytes, or their beginning, it is about."""
        self._refused += 1
        if self._refused <= REFUSALS_PER_MESSAGE:
            self._refusals.append(self._refusal(reason, excerpt))

    def collected(self) -> Intake:
        """Everything collected since this was asked last."""
        intake = Intake(self.fixes, self.events, self._refusals)
        self.fixes, self.events, self._refusals = [], [], []
        return intake

    def finished(self) -> Intake:
        """The last of it; to be asked once."""
        uncounted = self._refused - REFUSALS_PER_MESSAGE
        if uncounted > 0:
            reason = f"{uncounted:,} more parts of the same message were refused"
            self._refusals.append(self._refusal(reason, b""))
        return self.collected()

    def _refusal(self, reason: str, excerpt: bytes) -> Refusal:
        return Refusal(
            carrier_id=self._carrier_id,
            adapter=self._adapter,
            at=self.times.now,
            reason=reason,
            excerpt=bytes(excerpt[:EXCERPT_BYTES]),
        )
