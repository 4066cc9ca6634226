"""How much may be under way at once: by account, by address, by stop, and in a second."""

import time
from collections import Counter
from collections.abc import Callable

import msgspec

from tower.gateway.telling.accounts import Account

_BURST_S = 0.2
"""Of what an account may begin in a second, this share may be begun at once."""


class Place(msgspec.Struct, frozen=True):
    """What one message takes up while it is under way.

    One message at a time goes to an address, and for a stop: the policy looks at what was sent
    before, so the one before has to be recorded first.
    """

    account: str
    address: str
    stop_id: str


class Capacity:
    """The places taken, and how soon an account may begin another message."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Nothing is under way yet; times are of `monotonic`, seconds."""
        self._monotonic = monotonic
        self._taken: set[Place] = set()
        self._at_once: Counter[str] = Counter()
        self._allowance: dict[str, tuple[float, float]] = {}

    def take(self, account: Account, address: str, stop_id: str) -> Place | None:
        """A place for one more message, None where it has to wait."""
        place = Place(account.name, address, stop_id)
        is_met = any(one.address == address or one.stop_id == stop_id for one in self._taken)
        if is_met or self._at_once[account.name] >= account.settings.at_once:
            return None
        if not self._spend(account):
            return None
        self._taken.add(place)
        self._at_once[account.name] += 1
        return place

    def give_back(self, place: Place) -> None:
        """What was under way is not any more."""
        self._taken.discard(place)
        self._at_once[place.account] -= 1

    def _spend(self, account: Account) -> bool:
        rate, now = account.settings.per_second, self._monotonic()
        most = max(1.0, rate * _BURST_S)
        left, since = self._allowance.get(account.name, (most, now))
        left = min(most, left + (now - since) * rate)
        spent = left >= 1.0
        self._allowance[account.name] = (left - 1.0 if spent else left, now)
        return spent
