"""The one way in for carriers' messages: HTTP, pull adapters and the simulated shift alike."""

import asyncio
import logging
from collections.abc import Mapping
from concurrent.futures import Future
from functools import partial

import msgspec

from tower.carriers.intake import Intake
from tower.carriers.normaliser import Normaliser
from tower.carriers.port import Adapter
from tower.carriers.refusal import Refusal
from tower.domain.events import Event
from tower.domain.state import State
from tower.feed.clock import Clock
from tower.feed.vehicles import VehicleTable
from tower.gateway.answers import Receipt
from tower.gateway.hearing import Hearing
from tower.gateway.lanes import Lanes
from tower.gateway.options import TowerError
from tower.journal.journal import Journal

_log = logging.getLogger(__name__)

_REASONS_TOLD = 10
_UNKNOWN = "(unknown carrier)"


class NoSuchAdapter(TowerError):
    """No adapter of this name is installed."""


class _Message(msgspec.Struct, frozen=True):
    carrier_id: str
    adapter: Adapter
    payload: bytes
    content_type: str
    receipt: "asyncio.Future[Receipt]"


class Inlet:
    """Takes messages in, in turn by carrier, and tells when they are safe."""

    def __init__(
        self,
        *,
        state: State,
        journal: Journal,
        vehicles: VehicleTable,
        hearing: Hearing,
        clock: Clock,
        adapters: Mapping[str, Adapter],
        lane_messages: int,
    ) -> None:
        self._state = state
        self._journal = journal
        self._vehicles = vehicles
        self._hearing = hearing
        self._clock = clock
        self._adapters = adapters
        self._normaliser = Normaliser(state, clock)
        self._lanes: Lanes[_Message] = Lanes(lane_messages)
        self._loop = asyncio.get_running_loop()

    async def intake(
        self,
        carrier_id: str,
        adapter_name: str,
        payload: bytes,
        content_type: str,
        *,
        wait: bool = True,
    ) -> Receipt:
        """Take in one message; returns once the journal has committed what it holds.

        Args:
            carrier_id: who sent it.
            adapter_name: the format it is in.
            payload: the message as it came.
            content_type: its media type.
            wait: whether to wait where the carrier's lane is full.

        Raises:
            NoSuchAdapter: nobody here understands the format.
            LaneFull: the lane is full and `wait` is False.
            JournalError: the journal cannot write; the message was not taken in.
        """
        adapter = self._adapters.get(adapter_name)
        if adapter is None:
            known = ", ".join(sorted(self._adapters)) or "none is installed"
            raise NoSuchAdapter(f"There is no adapter {adapter_name!r}; known are: {known}.")
        lane = carrier_id if carrier_id in self._state.carriers else _UNKNOWN
        receipt: asyncio.Future[Receipt] = self._loop.create_future()
        message = _Message(carrier_id, adapter, payload, content_type, receipt)
        await self._lanes.enter(lane, message, wait=wait)
        return await asyncio.shield(receipt)

    def complain(self, carrier_id: str, adapter_name: str, reason: str) -> None:
        """Keep what is wrong with a carrier itself among what was refused of it."""
        _log.error("carrier %s: %s", carrier_id, reason)
        now = self._clock.now()
        refusal = Refusal(carrier_id=carrier_id, adapter=adapter_name, at=now, reason=reason)
        self._hearing.refused(carrier_id)
        self._journal.refused.add([refusal])

    async def serve(self) -> None:
        """Take messages off the lanes until cancelled."""
        await self._lanes.serve(self._accept)

    async def _accept(self, lane: str, message: _Message) -> None:
        try:
            intake = self._normaliser.accept(
                message.carrier_id, message.adapter, message.payload, message.content_type
            )
            appended = self._keep(lane, intake)
        except Exception as error:  # noqa: BLE001 - the sender is told; the lane goes on
            self._settle(lane, message, error)
            return
        receipt = _receipt(intake)
        if appended is None:
            self._settle(lane, message, receipt)
            return
        appended.add_done_callback(partial(self._on_append_done, lane, message, receipt))

    def _keep(self, lane: str, intake: Intake) -> "Future[list[Event]] | None":
        times = [fix.at.timestamp() for fix in intake.fixes]
        self._hearing.heard(lane, self._clock.time(), times, len(intake.refusals))
        if intake.fixes:
            self._vehicles.update_fixes(intake.fixes)
            self._journal.breadcrumbs.add(intake.fixes)
        if intake.refusals:
            self._journal.refused.add(intake.refusals)
        return self._journal.append(intake.events) if intake.events else None

    def _on_append_done(
        self, lane: str, message: _Message, receipt: Receipt, appended: "Future[list[Event]]"
    ) -> None:
        """In the journal's thread."""
        outcome: Receipt | BaseException = appended.exception() or receipt
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._settle, lane, message, outcome)

    def _settle(self, lane: str, message: _Message, outcome: Receipt | BaseException) -> None:
        self._lanes.leave(lane)
        if message.receipt.done():
            return
        if isinstance(outcome, BaseException):
            message.receipt.set_exception(outcome)
        else:
            message.receipt.set_result(outcome)


def _receipt(intake: Intake) -> Receipt:
    return Receipt(
        fixes=len(intake.fixes),
        events=len(intake.events),
        refused=len(intake.refusals),
        reasons=tuple(refusal.reason for refusal in intake.refusals[:_REASONS_TOLD]),
    )
