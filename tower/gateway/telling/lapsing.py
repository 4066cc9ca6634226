"""What was said of a provider in trouble lapses once nothing waits for it any more.

A provider that failed shows that it works again with the next message. Where none is left, because
a person has to decide about the last ones, nobody would ever learn.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from tower.domain.moments import Now
from tower.gateway.telling.accounts import Accounts

STAYS = timedelta(seconds=15)
"""Trouble is told for so long after the last message that waited."""


class Lapsing:
    """Takes back what was said of providers nobody asks any more."""

    def __init__(self, accounts: Accounts, clock: Now) -> None:
        self._accounts, self._clock = accounts, clock
        self._unasked_since: dict[str, datetime] = {}

    @property
    def has_work(self) -> bool:
        """True while a provider is in trouble."""
        return any(one.is_failing for one in self._accounts)

    def look(self, wanted: Collection[str]) -> None:
        """Take back what has lapsed by now.

        Args:
            wanted: names of the accounts something waits for.
        """
        now = self._clock.now()
        for account in self._accounts:
            if not account.is_failing or account.name in wanted:
                self._unasked_since.pop(account.name, None)
            elif now - self._unasked_since.setdefault(account.name, now) >= STAYS:
                account.succeeded()
                del self._unasked_since[account.name]
