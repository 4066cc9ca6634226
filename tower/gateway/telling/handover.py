"""One attempt on its way to a provider, and what is recorded of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from tower.domain.events import Event
from tower.domain.messages import Attempt, Message
from tower.domain.moments import Now
from tower.domain.words import MessageState
from tower.gateway.live_state import LiveState
from tower.gateway.telling.accounts import Account
from tower.gateway.telling.attempts import came_to, given_up
from tower.gateway.telling.steps import Gate
from tower.journal.errors import EventUnfit, JournalClosed, JournalError, VersionConflict
from tower.journal.port import Appender
from tower.outreach.outgoing import attempt_key
from tower.outreach.policy import Bar, Clear, Hold
from tower.outreach.port import Assurance, NotTaken, Outgoing, Receipt, Taken, Unsure

_log = logging.getLogger(__name__)

_AGAIN_S = 1.0
_PATIENCE = 3
"""A provider may take so many times its time-out before the gateway itself lets go."""

_Told = TypeVar("_Told")

Pack = Callable[[Message, Attempt, Account], Outgoing]
"""Makes of a message what a channel is to send."""


class Handover:
    """Hands attempts to providers and records what became of them."""

    def __init__(
        self, live: LiveState, journal: Appender, clock: Now, gate: Gate, pack: Pack
    ) -> None:
        self._live = live
        self._journal = journal
        self._clock = clock
        self._gate = gate
        self._pack = pack

    async def send(self, message_id: str, account: Account) -> None:
        """Hand over the attempt that was just begun."""
        message, attempt = self._newest(message_id)
        verdict = self._asked_again(message, attempt)
        if not isinstance(verdict, Clear):
            # Somebody opted out, or cancelled it, while its beginning was being recorded.
            is_held = isinstance(verdict, Hold)
            failed = self._outcome(
                message, attempt, MessageState.FAILED, why=verdict.why, again=is_held
            )
            await self._keep(failed)
            return
        await self._hand_over(message, attempt, account, is_repeated=False)

    async def repeat(self, message_id: str, account: Account) -> bool:
        """Hand the same attempt over again, with its own key; True once that settled it."""
        message, attempt = self._newest(message_id)
        if not isinstance(self._asked_again(message, attempt), Clear):
            return False
        return await self._hand_over(message, attempt, account, is_repeated=True)

    async def inquire(self, message_id: str, account: Account) -> bool:
        """Ask what became of an attempt; True once that settled it."""
        message, attempt = self._newest(message_id)
        try:
            receipt = await self._ask(attempt, message, account)
        except Unsure as error:
            account.failed(str(error))
            return False
        if receipt is None:
            return await self._on_not_there(message, attempt, account)
        account.succeeded()
        if receipt.state.rank <= MessageState.UNKNOWN.rank:
            return False
        await self._keep(
            self._outcome(message, attempt, receipt.state, why=receipt.why, ref=receipt.ref)
        )
        if receipt.state is not MessageState.FAILED:
            await self._not_again(message, attempt, account)
        return True

    def _asked_again(self, message: Message, attempt: Attempt) -> Clear | Hold | Bar:
        """What the policy says at the very moment before a provider is given something."""
        state, now = self._live.state, self._clock.now()
        return self._gate(state, message, attempt.reach, now, attempt.number)

    async def _on_not_there(self, message: Message, attempt: Attempt, account: Account) -> bool:
        """The provider does not know it, which is believed where it can be relied on, in time."""
        if account.assurance is not Assurance.STATUS or not self._has_settled(attempt, account):
            return False
        why = f"{account.plugin.title} has not got it."
        event = self._outcome(message, attempt, MessageState.FAILED, why=why, again=True)
        await self._keep(event)
        return True

    async def _hand_over(
        self, message: Message, attempt: Attempt, account: Account, *, is_repeated: bool
    ) -> bool:
        try:
            taken = await self._sent(message, attempt, account)
        except NotTaken as error:
            return await self._on_not_taken(message, attempt, account, error, is_repeated)
        except Unsure as error:
            account.failed(str(error))
            if not is_repeated:
                await self._keep(
                    self._outcome(message, attempt, MessageState.UNKNOWN, why=str(error))
                )
            return False
        account.succeeded()
        await self._keep(self._outcome(message, attempt, taken.state, ref=taken.ref))
        await self._not_again(message, attempt, account)
        return True

    async def _not_again(self, message: Message, attempt: Attempt, account: Account) -> None:
        """Leave it at this attempt where a person had decided meanwhile to make another."""
        newest, last = self._newest(message.id)
        is_decided = last.state is MessageState.FAILED and last.again and not newest.cancelled
        if last.number != attempt.number or not is_decided:
            return
        why = f"{account.plugin.title} has it after all; it is not sent again."
        try:
            await self._keep(given_up(self._live.state, newest, why, self._clock.now()))
        except VersionConflict:
            _log.warning("message %s was decided about again: %s", message.id, why)

    async def _on_not_taken(
        self,
        message: Message,
        attempt: Attempt,
        account: Account,
        error: NotTaken,
        is_repeated: bool,
    ) -> bool:
        if error.again:
            account.failed(str(error))
        if is_repeated and (error.again or not self._has_settled(attempt, account)):
            # This time it was not taken; the provider may still be at the time before.
            return False
        event = self._outcome(
            message, attempt, MessageState.FAILED, why=str(error), again=error.again
        )
        await self._keep(event)
        return True

    async def _sent(self, message: Message, attempt: Attempt, account: Account) -> Taken:
        """Ask the channel to send; whatever it does becomes one of the port's three outcomes."""
        try:
            outgoing = self._pack(message, attempt, account)
        except Exception as error:
            _log.exception("message %s cannot be put into words", message.id)
            raise NotTaken(f"It cannot be put into the form it is sent in: {error}") from error
        channel = account.channel
        if channel is None:
            raise NotTaken(account.trouble)
        return await answered(account, lambda: channel.send(outgoing), NotTaken, Unsure)

    async def _ask(self, attempt: Attempt, message: Message, account: Account) -> Receipt | None:
        channel = account.channel
        if channel is None:
            raise Unsure(account.trouble)
        key = attempt_key(message.id, attempt.number)
        return await answered(
            account, lambda: channel.ask(key, attempt.provider_ref, attempt.address), Unsure
        )

    def _has_settled(self, attempt: Attempt, account: Account) -> bool:
        """True once the provider is through with whatever it was given before."""
        settled_at = attempt.at + timedelta(seconds=account.settings.settle_s)
        return self._clock.now() >= settled_at

    def _newest(self, message_id: str) -> tuple[Message, Attempt]:
        message = self._live.state.messages[message_id]
        return message, message.attempts[-1]

    def _outcome(
        self,
        message: Message,
        attempt: Attempt,
        outcome: MessageState,
        *,
        why: str = "",
        ref: str = "",
        again: bool = False,
    ) -> Event:
        newest = self._live.state.messages[message.id]
        known = next(one for one in newest.attempts if one.number == attempt.number)
        if known.state.rank > outcome.rank:
            # A receipt was quicker than the answer; only the provider's id is news.
            outcome, why, again = known.state, known.why, known.again
        return came_to(
            self._live.state,
            newest,
            known,
            outcome,
            self._clock.now(),
            why=why,
            ref=ref,
            again=again,
        )

    async def _keep(self, event: Event) -> None:
        """Record what was learnt, however long the journal takes to write again.

        Raises:
            JournalClosed: the gateway ends.
            EventUnfit: no journal could keep it.
            VersionConflict: it decides something, and somebody else did first.
        """
        while True:
            try:
                await self._live.after_commit(self._journal.append([event]))
            except (JournalClosed, EventUnfit, VersionConflict):
                raise
            except JournalError as error:
                _log.warning("what became of a message is not recorded yet: %s", error)
                await asyncio.sleep(_AGAIN_S)
            else:
                return


async def answered(
    account: Account, asked: Callable[[], Awaitable[_Told]], *told: type[Exception]
) -> _Told:
    """What a channel answers; whatever else it does leaves everybody unsure.

    Args:
        account: whose channel it is.
        asked: asks it.
        told: what it may raise by the port; handed on.
    """
    try:
        async with asyncio.timeout(_PATIENCE * account.settings.timeout_s):
            return await asked()
    except told:
        raise
    except TimeoutError as error:
        raise Unsure(f"{account.plugin.title} did not answer in time.") from error
    except Exception as error:
        _log.exception("channel %s failed", account.name)
        raise Unsure(f"The plugin of {account.name} failed: {error}") from error
