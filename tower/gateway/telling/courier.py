"""The courier: empties the outbox, message by message, as `steps` says."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from tower.domain.events import Event
from tower.domain.moments import Now
from tower.domain.state import Changed, State
from tower.domain.words import MessageState
from tower.gateway.desk import Desk
from tower.gateway.live_state import LiveState
from tower.gateway.telling.accounts import Account, Accounts
from tower.gateway.telling.attempts import back_off, begun, came_to, given_up, not_begun
from tower.gateway.telling.capacity import Capacity, Place
from tower.gateway.telling.handover import Handover
from tower.gateway.telling.lapsing import Lapsing
from tower.gateway.telling.steps import (
    Begin,
    Doubt,
    Gate,
    GiveUp,
    Inquire,
    PassOver,
    Repeat,
    Wait,
    is_settled,
    next_step,
)
from tower.journal.errors import JournalError
from tower.outreach.history import History
from tower.outreach.port import Assurance

_log = logging.getLogger(__name__)

_IDLE_S = 1.0
_BUSY_S = 0.05
_ASIDE_S = 60.0
_GRACE_S = 3.0
_AT_A_TIME = 50
_MOST_WAITING = 10
"""Messages in a row that find no place before nobody else is asked."""

_MOST_INQUIRIES = 8
"""Questions to a provider whose no cannot be relied on; a person decides after."""

ENDED = "The gateway ended while it was being sent; nobody knows whether it was."


class _Beginning(NamedTuple):
    """An attempt that is sent once its beginning is recorded."""

    id: str
    account: Account
    place: Place


class Courier:
    """Sends what is queued, finds out what is unknown, and says what cannot be sent."""

    def __init__(
        self,
        live: LiveState,
        desk: Desk,
        clock: Now,
        accounts: Accounts,
        gate: Gate,
        handover: Handover,
    ) -> None:
        self._live = live
        self._desk = desk
        self._clock = clock
        self._accounts = accounts
        self._gate = gate
        self._handover = handover
        self._capacity = Capacity()
        self._lapsing = Lapsing(accounts, clock)
        self._open = {one.id: None for one in live.state.messages.values() if not is_settled(one)}
        self._waits: dict[str, datetime] = {}
        self._backs_off: dict[str, datetime] = {}
        self._failures: dict[str, int] = {}
        self._flying: dict[str, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()
        live.listen(self._on_events_folded)

    async def run(self) -> None:
        """Work until cancelled; what is on its way then is given a moment to arrive."""
        try:
            while True:
                is_busy = await self._undisturbed(self._look())
                # Everything that happens in a moment is looked at together.
                await asyncio.sleep(_BUSY_S)
                if not is_busy:
                    await self._pause(_IDLE_S)
        finally:
            await self._land()

    async def landed(self, account: str, timeout_s: float) -> None:
        """Wait until what is under way over an account now has been answered, or time is over."""
        flying = [task for task in self._flying.values() if task.get_name() == account]
        if flying:
            await asyncio.wait(flying, timeout=timeout_s)

    async def _undisturbed(self, looking: Coroutine[None, None, bool]) -> bool:
        """Finish looking even when cancelled: what is recorded as begun is also sent."""
        task = asyncio.get_running_loop().create_task(looking)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task], timeout=_GRACE_S)
            raise

    async def _look(self) -> bool:
        """Do what is due; True where more may be due in a moment."""
        if self._lapsing.has_work:
            self._lapsing.look(self._wanted())
        due = self._due()
        if not due:
            return False
        begins: list[_Beginning] = []
        try:
            await self._desk.record(lambda state: self._chosen(due, state, begins))
        except JournalError as error:
            for one in begins:
                self._capacity.give_back(one.place)
            _log.warning("nothing is sent for the moment: %s", error)
            await asyncio.sleep(_IDLE_S)
            return True
        for one in begins:
            self._fly(one.id, one.account, self._handover.send(one.id, one.account), one.place)
        return True

    def _chosen(self, due: list[str], state: State, begins: list[_Beginning]) -> list[Event]:
        """The events of the next steps, until nobody finds a place any more."""
        gate = partial(self._gate, history=History(state))
        events: list[Event] = []
        waiting = 0
        for id_ in due:
            found = self._safely_decided(id_, state, gate, begins)
            waiting = 0 if found is not None else waiting + 1
            events += found or []
            if waiting == _MOST_WAITING:
                break
        return events

    def _safely_decided(
        self, id_: str, state: State, gate: Gate, begins: list[_Beginning]
    ) -> list[Event] | None:
        """As `_decided`; a message that cannot be decided about keeps nobody else waiting."""
        try:
            return self._decided(id_, state, gate, begins)
        except Exception:  # noqa: BLE001 - one message must not keep all the others
            _log.exception("message %s is put aside for %.0f s", id_, _ASIDE_S)
            self._backs_off[id_] = self._clock.now() + timedelta(seconds=_ASIDE_S)
            return []

    def _wanted(self) -> set[str]:
        """Names of the accounts something waits to be sent over; questions do not count."""
        messages = self._live.state.messages
        tried = [last for id_ in self._open if (last := messages[id_].last) is not None]
        return {one.provider for one in tried if one.state is not MessageState.UNKNOWN}

    def _due(self) -> list[str]:
        now = self._clock.now()
        later = [
            {id_ for id_, until in times.items() if until > now}
            for times in (self._waits, self._backs_off)
        ]
        busy = set(self._flying).union(*later)
        return [id_ for id_ in self._open if id_ not in busy][:_AT_A_TIME]

    def _decided(
        self, id_: str, state: State, gate: Gate, begins: list[_Beginning]
    ) -> list[Event] | None:
        """The events of the next step of a message, None where it finds no place.

        What needs no event is begun here.
        """
        now, message = self._clock.now(), state.messages[id_]
        match next_step(message, state, self._accounts, gate, now):
            case Begin(reach, account):
                place = self._capacity.take(account, reach.address, _stop_of(state, id_))
                if place is None:
                    self._to_the_end(id_)
                    return None
                begins.append(_Beginning(id_, account, place))
                return [begun(state, message, reach, account.name, now)]
            case PassOver(reach, why):
                return [not_begun(state, message, reach, why, now)]
            case GiveUp(why):
                return [given_up(state, message, why, now)]
            case Doubt(attempt):
                return [came_to(state, message, attempt, MessageState.UNKNOWN, now, why=ENDED)]
            case Repeat(_, account) as step:
                self._try(id_, step, self._handover.repeat(id_, account))
            case Inquire(_, account) as step:
                self._try(id_, step, self._handover.inquire(id_, account))
            case Wait(until):
                self._put_off(id_, until)
        return []

    def _to_the_end(self, id_: str) -> None:
        """Let others have their turn, who may go another way."""
        self._open[id_] = self._open.pop(id_, None)

    def _put_off(self, id_: str, until: datetime | None) -> None:
        if until is None:
            self._open.pop(id_, None)
        else:
            self._waits[id_] = until

    def _try(self, id_: str, step: Repeat | Inquire, work: Coroutine[None, None, bool]) -> None:
        """Find out about what is unknown, again and again, ever later."""
        stop_id = _stop_of(self._live.state, id_)
        place = self._capacity.take(step.account, step.attempt.address, stop_id)
        if place is None:
            work.close()
            self._to_the_end(id_)
            return

        async def tried() -> None:
            if await work:
                self._failures.pop(id_, None)
            elif not self._is_in_vain(id_, step):
                self._try_later(id_, step.account)

        self._fly(id_, step.account, tried(), place)

    def _is_in_vain(self, id_: str, step: Repeat | Inquire) -> bool:
        """True once a provider whose no proves nothing was asked often enough."""
        proves = step.account.assurance is Assurance.STATUS or isinstance(step, Repeat)
        if proves or self._failures.get(id_, 0) < _MOST_INQUIRIES:
            return False
        self._open.pop(id_, None)
        return True

    def _try_later(self, id_: str, account: Account) -> None:
        failures = self._failures.get(id_, 0) + 1
        self._failures[id_] = failures
        wait = back_off(account.settings.retry_s, failures)
        self._backs_off[id_] = self._clock.now() + wait

    def _fly(
        self, id_: str, account: Account, work: Coroutine[None, None, None], place: Place
    ) -> None:
        task = asyncio.get_running_loop().create_task(work, name=account.name)
        self._flying[id_] = task

        def landed(done: asyncio.Task[None]) -> None:
            self._capacity.give_back(place)
            del self._flying[id_]
            if not done.cancelled() and done.exception() is not None:
                _log.error("sending %s failed", id_, exc_info=done.exception())
                self._try_later(id_, account)
            self._wake.set()

        task.add_done_callback(landed)

    async def _land(self) -> None:
        flying = list(self._flying.values())
        if not flying:
            return
        _, late = await asyncio.wait(flying, timeout=_GRACE_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        self._wake.clear()

    def _on_events_folded(self, _: list[Event], changed: frozenset[Changed]) -> None:
        for table, id_ in changed:
            if table == "messages":
                self._on_message_changed(id_)
            elif table in ("policies", "consents"):
                # What waits for an hour or a consent may go now; a provider in trouble still rests.
                self._waits.clear()
                self._wake.set()

    def _on_message_changed(self, id_: str) -> None:
        if is_settled(self._live.state.messages[id_]):
            self._open.pop(id_, None)
            self._forget_times(id_)
            self._failures.pop(id_, None)
        else:
            self._open.setdefault(id_)
            self._forget_times(id_)
            if id_ not in self._flying:
                self._wake.set()

    def _forget_times(self, id_: str) -> None:
        self._waits.pop(id_, None)
        self._backs_off.pop(id_, None)


def _stop_of(state: State, message_id: str) -> str:
    plan = state.messages[message_id].plan
    return plan.stop_id if plan else ""
