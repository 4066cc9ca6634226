"""The ways into a gateway that sources of messages share with everybody."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from http import HTTPStatus
from queue import SimpleQueue
from typing import Protocol

from msgspec.json import encode
from msgspec.structs import replace

from tower.carriers.sequences import DriverSequences
from tower.domain.commands import CloseReturn, FileClaim, RecordSurvey, SettleClaim
from tower.domain.conditions import Conditions
from tower.domain.events import CarrierRegistered, Event, OutreachPolicySet
from tower.domain.messages import Message
from tower.domain.records import Actor, Carrier, Subject
from tower.domain.rulebook import ROOM, OutreachPolicy
from tower.domain.state import State
from tower.feed.clock import Clock
from tower.gateway.answers import ManifestReceipt, Receipt
from tower.gateway.deciding.conditions import reported
from tower.gateway.deciding.verdicts import new_event
from tower.gateway.desk import Asked, Desk
from tower.gateway.drivers import Drivers
from tower.gateway.imports import Imports
from tower.gateway.inlet import Inlet
from tower.gateway.reckoning.following import Past
from tower.gateway.signin import Grant, Role
from tower.journal.errors import JournalWriteFailed
from tower.outreach.port import Incoming

_log = logging.getLogger(__name__)

_PROBLEMS_LOGGED = 20
_AGAIN_S = 1.0

SYSTEM = Actor(kind="rule", id="gateway", name="Gateway")
"""Who registers what the settings or a source brings along."""


class Room:
    """What a source of messages may do: the same as any carrier or planning system.

    Args:
        desk: where events are recorded.
        inlet: where carriers' messages come in.
        imports: where manifests come in.
        drivers: where drivers' systems ask for the order to drive in.
        clock: the gateway's.
        caught_up: called when a source has told all of its past.
        reply: takes in what a customer wrote, by the name of the account it came over.
        kept: tells the messages to customers that were not sent but kept.

    Attributes:
        pasts: simulated pasts that wait to be put into the figures.
        catch_ups: how often a source has told all of its past.
    """

    def __init__(
        self,
        desk: Desk,
        inlet: Inlet,
        imports: Imports,
        drivers: Drivers,
        clock: Clock,
        caught_up: Callable[[], None] = lambda: None,
        reply: Callable[[str, Incoming], Awaitable[None]] | None = None,
        kept: Callable[[], Sequence[Message]] = tuple,
    ) -> None:
        self._desk = desk
        self._inlet = inlet
        self._imports = imports
        self._drivers = drivers
        self._clock = clock
        self._catching_up, self._caught_up = 0, caught_up
        self.catch_ups = 0
        self._reply = reply
        self._kept = kept
        self.pasts: SimpleQueue[Past] = SimpleQueue()

    @property
    def is_behind(self) -> bool:
        """True while a source still tells what happened before now."""
        return self._catching_up > 0

    @contextlib.contextmanager
    def catching_up(self) -> Iterator[None]:
        """While the block lasts nothing is predicted or watched: half a past misleads."""
        self._catching_up += 1
        try:
            yield
        finally:
            self._catching_up -= 1
            self.catch_ups += 1
            self._caught_up()

    async def register(self, carriers: Sequence[Carrier]) -> None:
        """Let carriers take part; those known in the same words change nothing."""

        def choose(state: State) -> list[Event]:
            return [self._registered(one) for one in carriers if not _is_known(state, one)]

        await self._desk.record(choose)

    async def start_with_policy(self, policy: OutreachPolicy) -> None:
        """Let customers be written to by this policy, as long as nobody has set one."""

        def choose(state: State) -> list[Event]:
            known = state.policies.get(ROOM)
            if known is not None and known.version:
                return []
            body = OutreachPolicySet(version=1, policy=policy)
            return [new_event(self._clock.now(), SYSTEM, Subject(), body)]

        await self._desk.record(choose)

    async def import_manifest(self, payload: bytes, name: str) -> ManifestReceipt:
        """Take in routes and stops; see `docs/manifest.md`. What is refused is logged."""
        receipt = await self._imports.take_in(payload, name)
        for problem in receipt.problems[:_PROBLEMS_LOGGED]:
            _log.warning("%s, line %d: %s", name, problem.line, problem.message)
        return receipt

    async def intake(
        self, carrier_id: str, adapter: str, payload: bytes, content_type: str
    ) -> Receipt:
        """Take in one message of a carrier, waiting for its turn.

        While the journal cannot write, the message is offered again and again, as carriers do
        that send over HTTP.
        """
        while True:
            try:
                return await self._inlet.intake(carrier_id, adapter, payload, content_type)
            except JournalWriteFailed:
                await asyncio.sleep(_AGAIN_S)

    async def incoming(self, account: str, incoming: Incoming) -> None:
        """Take in what a customer wrote, as if the provider of an account had told it.

        Raises:
            NoSuchAccount: the settings name no such account.
            JournalError: it could not be recorded.
        """
        if self._reply is not None:
            await self._reply(account, incoming)

    def recall(self, past: Past) -> None:
        """Have a simulated past put into the figures, in their own thread and their own time."""
        self.pasts.put(past)

    def kept_messages(self) -> Sequence[Message]:
        """The messages to customers that an account keeps and does not send."""
        return self._kept()

    async def sequences(self, carrier_id: str, after: int, wait_s: float) -> DriverSequences:
        """The sequences of a carrier's routes set after `after`; see `Drivers.sequences`."""
        actor = Actor(kind="carrier", id=carrier_id)
        return await self._drivers.sequences(carrier_id, actor, after, wait_s)

    async def record(self, heard: FileClaim | SettleClaim | RecordSurvey | CloseReturn) -> None:
        """Write down what another system heard of a delivery; the same twice is once.

        What cannot be is logged with its reason.

        Raises:
            JournalError: it could not be recorded.
        """
        body = encode(heard)
        asked = Asked(body=body, key="", grant=Grant(actor=SYSTEM, role=Role.SUPERVISOR))
        reply = await self._desk.command(replace(asked, key=asked.digest))
        if reply.status != HTTPStatus.OK:
            _log.warning("what was heard afterwards was not written down: %s", reply.body.decode())

    async def report_conditions(self, conditions: Conditions) -> None:
        """Take in what a provider says of the roads; what is known already changes nothing.

        Raises:
            msgspec.ValidationError: a figure cannot be.
            JournalError: it could not be recorded.
        """
        now = self._clock.now()
        await self._desk.record(lambda state: reported(state, conditions, now))

    def complain(self, carrier_id: str, adapter: str, reason: str) -> None:
        """Tell people, where they read what was refused, why nothing comes from a carrier."""
        self._inlet.complain(carrier_id, adapter, reason)

    def _registered(self, carrier: Carrier) -> Event:
        subject = Subject(carrier_id=carrier.id)
        return new_event(self._clock.now(), SYSTEM, subject, CarrierRegistered(carrier=carrier))


def _is_known(state: State, carrier: Carrier) -> bool:
    known = state.carriers.get(carrier.id)
    return known is not None and known.value == carrier


class Source(Protocol):
    """Somebody who brings messages by itself: a pull adapter, a recording, the simulated shift."""

    def run(self, room: Room) -> Awaitable[None]:
        """Bring messages until cancelled, or until there are no more."""
        ...
