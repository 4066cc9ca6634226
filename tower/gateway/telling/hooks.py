"""What providers send by themselves: checked by their plugin, then receipts and replies."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from tower.gateway.options import TowerError
from tower.gateway.telling.accounts import Account, Accounts
from tower.gateway.telling.receipts import Receipts
from tower.gateway.telling.refusing import Refusals
from tower.gateway.telling.replies import Replies
from tower.outreach.port import Forged, Heard, Incoming, Receipt, Request, Unreadable

_log = logging.getLogger(__name__)

_ANSWER_S = 5.0
"""How long a receipt waits for the answer to the message it is about."""

Landed = Callable[[str, float], Awaitable[None]]
"""Waits until what is under way over an account was answered; see `Courier.landed`."""


class NoSuchAccount(TowerError):
    """The settings name no such account, or it could not be opened."""


class Hooks:
    """Where providers' requests come in."""

    def __init__(
        self,
        accounts: Accounts,
        receipts: Receipts,
        replies: Replies,
        refusals: Refusals,
        landed: Landed,
    ) -> None:
        self._accounts = accounts
        self._receipts = receipts
        self._replies = replies
        self._refusals = refusals
        self._landed = landed

    async def take(self, name: str, request: Request, *, is_near: bool) -> Heard:
        """Take a provider's request in; returns once what it says is in the journal.

        Args:
            name: the account's.
            request: as the provider sent it.
            is_near: it comes from this machine itself. An account that sends nothing has no
                provider, and nobody signs for it: it hears this machine only.

        Returns:
            What it said, and how to answer it.

        Raises:
            NoSuchAccount: there is no such account.
            Forged: it does not come from the provider; counted.
            JournalError: it could not be recorded; the provider is to tell it again.
        """
        account = self._account(name)
        if not (is_near or account.plugin.sends):
            account.forged += 1
            raise Forged(f"{account.plugin.title} has no provider that could speak.")
        heard = await self._hear(account, request)
        for refusal in heard.refusals:
            self._refusals.keep(account, refusal, request.body)
        for receipt in heard.receipts:
            await self._on_receipt(account, receipt, request.body)
        for incoming in heard.incoming:
            await self._replies.take(account, incoming)
        return heard

    async def incoming(self, name: str, incoming: Incoming) -> None:
        """Take one reply in that came another way than over HTTP.

        Raises:
            NoSuchAccount: there is no such account.
            JournalError: it could not be recorded.
        """
        await self._replies.take(self._account(name), incoming)

    def _account(self, name: str) -> Account:
        account = self._accounts.named(name)
        if account is None:
            raise NoSuchAccount(f"There is no channel {name!r}.")
        return account

    async def _hear(self, account: Account, request: Request) -> Heard:
        if account.channel is None:
            raise NoSuchAccount(account.trouble)
        try:
            # A plugin may need a while for a long message; vehicles are not to wait for it.
            return await asyncio.to_thread(account.channel.hear, request)
        except Forged:
            account.forged += 1
            raise
        except Unreadable as error:
            return Heard(refusals=(str(error),))
        except Exception as error:  # noqa: BLE001 - a plugin may fail in any way at all
            _log.exception("channel %s failed on a request", account.name)
            return Heard(refusals=(f"The plugin failed on it: {error}",))

    async def _on_receipt(self, account: Account, receipt: Receipt, body: bytes) -> None:
        if not self._receipts.is_known(account, receipt):
            # It may be about a message whose provider was quicker to tell than to answer.
            await self._landed(account.name, _ANSWER_S)
        why = await self._receipts.take(account, receipt)
        if why:
            self._refusals.keep(account, why, body)
