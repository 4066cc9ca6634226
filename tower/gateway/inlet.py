"""The one way in for carriers' messages: HTTP, pull adapters and the simulated shift alike."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial

import msgspec

from tower.carriers.intake import Intake
from tower.carriers.normaliser import UNKNOWN_CARRIER, Normaliser
from tower.carriers.port import Adapter
from tower.carriers.refusal import Refusal
from tower.domain.events import Event
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.feed.clock import Clock
from tower.feed.vehicles import VehicleTable
from tower.gateway.answers import Receipt
from tower.gateway.hearing import Hearing
from tower.gateway.lanes import LaneFull, Lanes
from tower.gateway.options import TowerError
from tower.journal.journal import Journal

_log = logging.getLogger(__name__)

_REASONS_TOLD = 10

_ROW_WEIGHT = 20
"""What an event or a refusal weighs on its way to the disk, against a position that is kept."""

_APPEND_WEIGHT = 1_000
"""What an append weighs at least, however little is in it: all that wait are written in one
transaction, so what a lane has on its way is what the next carrier waits for."""


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
        witness: Callable[[Sequence[Fix]], None] = lambda _: None,
    ) -> None:
        """Put it together.

        Args:
            state: what carriers' messages are about.
            journal: where events go.
            vehicles: where positions are shown.
            hearing: who was heard when.
            clock: the gateway's.
            adapters: the formats that are understood.
            lane_messages: messages of one carrier that may be on their way at once.
            witness: told of all positions, for the sake of their times.
        """
        self._witness = witness
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
        lane = carrier_id if carrier_id in self._state.carriers else UNKNOWN_CARRIER
        receipt: asyncio.Future[Receipt] = self._loop.create_future()
        message = _Message(carrier_id, adapter, payload, content_type, receipt)
        try:
            await self._lanes.enter(lane, message, wait=wait, size=len(payload))
        except LaneFull:
            self._hearing.turned_away(lane, self._clock.time())
            raise
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
        taking = _Taking(message.receipt)
        try:
            pieces = self._normaliser.pieces(
                message.carrier_id, message.adapter, message.payload, message.content_type
            )
            for piece in pieces:
                self._keep(lane, taking, piece)
                if taking.error is not None:
                    break
                await self._lanes.rest(lane)
        except Exception as error:  # noqa: BLE001 - the sender is told; the lane goes on
            taking.error = error
        self._hearing.heard(lane, self._clock.time(), taking.fix_times, taking.refused)
        self._on_part_settled(lane, taking)

    def _keep(self, lane: str, taking: "_Taking", piece: Intake) -> None:
        taking.count(piece)
        if piece.fixes:
            self._witness(piece.fixes)
            self._vehicles.update_fixes(piece.fixes)
            on_disk = partial(self._on_loop, self._lanes.relieve, lane)
            self._lanes.burden(lane, self._journal.breadcrumbs.add(piece.fixes, on_disk))
        if piece.refusals:
            weight = _ROW_WEIGHT * len(piece.refusals)
            self._journal.refused.add(piece.refusals, self._burden(lane, weight))
        if piece.events:
            appended = self._journal.append(piece.events)
            taking.open += 1
            weight = max(_APPEND_WEIGHT, _ROW_WEIGHT * len(piece.events))
            relieve = self._burden(lane, weight)
            appended.add_done_callback(lambda _: relieve())
            appended.add_done_callback(partial(self._on_append_done, lane, taking, piece))
        elif piece.fixes or piece.refusals:
            # Shown already, but not to be called safe: whoever sent it is to send it again.
            taking.error = self._journal.trouble

    def _burden(self, lane: str, weight: int) -> Callable[[], None]:
        """Note what is on its way to the disk; to be called when it is there, in any thread."""
        self._lanes.burden(lane, weight)
        return partial(self._on_loop, self._lanes.relieve, lane, weight)

    def _on_loop(self, call: Callable[..., None], *values: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *values)

    def _on_append_done(
        self, lane: str, taking: "_Taking", piece: Intake, appended: "Future[list[Event]]"
    ) -> None:
        """In the journal's thread."""
        self._on_loop(self._on_piece_appended, lane, taking, piece, appended.exception())

    def _on_piece_appended(
        self, lane: str, taking: "_Taking", piece: Intake, error: BaseException | None
    ) -> None:
        if error is not None:
            taking.error = error
            self._normaliser.forget(piece.events)
        self._on_part_settled(lane, taking)

    def _on_part_settled(self, lane: str, taking: "_Taking") -> None:
        taking.open -= 1
        if taking.open == 0:
            self._lanes.leave(lane)
            taking.settle()


class _Taking:
    """What became of the pieces of one message so far.

    Attributes:
        open: pieces on their way to the journal; the reading itself counts as one.
        fix_times: times of its fixes, seconds since 1970.
        error: why a piece was not recorded.
    """

    def __init__(self, receipt: "asyncio.Future[Receipt]") -> None:
        self.open = 1
        self.fix_times: list[float] = []
        self.refused = 0
        self.error: BaseException | None = None
        self._fixes = self._events = 0
        self._reasons: list[str] = []
        self._receipt = receipt

    def count(self, piece: Intake) -> None:
        """Count what a piece holds."""
        self._fixes += len(piece.fixes)
        self._events += len(piece.events)
        self.refused += len(piece.refusals)
        self.fix_times += [fix.at.timestamp() for fix in piece.fixes]
        room = _REASONS_TOLD - len(self._reasons)
        self._reasons += [refusal.reason for refusal in piece.refusals[:room]]

    def settle(self) -> None:
        """Tell the sender."""
        if self._receipt.done():
            return
        if self.error is not None:
            self._receipt.set_exception(self.error)
        else:
            self._receipt.set_result(
                Receipt(
                    fixes=self._fixes,
                    events=self._events,
                    refused=self.refused,
                    reasons=tuple(self._reasons),
                )
            )
