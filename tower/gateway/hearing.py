"""How each carrier is heard: when last, how late, how often, and how much was refused."""

import statistics
from collections import deque
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

from tower.feed.messages import CarrierHealth

_MESSAGES_OVER_S = 60.0
_LAGS_KEPT = 60

CROWDED_S = 5.0
"""Seconds a carrier counts as sending too much after a message of its was turned away."""


class Heard(NamedTuple):
    """What came from one carrier since the gateway began.

    Attributes:
        messages: how many; refused: those in which something was not believed.
        fixes: positions in them; lag_s: seconds from taking to receiving them, all added up.
    """

    messages: int = 0
    refused: int = 0
    fixes: int = 0
    lag_s: float = 0.0

    def plus(self, fix_times: Iterable[float], now: float, *, refused: bool) -> Self:
        """With one more message."""
        lags = [max(0.0, now - at) for at in fix_times]
        return self._replace(
            messages=self.messages + 1,
            refused=self.refused + refused,
            fixes=self.fixes + len(lags),
            lag_s=self.lag_s + sum(lags),
        )

    def since(self, before: "Heard | None") -> "Heard":
        """What came after an earlier count."""
        if before is None:
            return self
        return Heard(
            messages=self.messages - before.messages,
            refused=self.refused - before.refused,
            fixes=self.fixes - before.fixes,
            lag_s=self.lag_s - before.lag_s,
        )


class _Ear:
    """What is remembered of one carrier."""

    def __init__(self) -> None:
        self.last_heard: float | None = None
        self.lags: deque[float] = deque(maxlen=_LAGS_KEPT)
        self.arrivals: deque[float] = deque(maxlen=10_000)
        self.refused = 0
        self.turned_away_at: float | None = None
        self.count = Heard()


class Hearing:
    """Listens to all carriers; times are the gateway's, in seconds since 1970."""

    def __init__(self, refused: Mapping[str, int], now: float) -> None:
        """Begin.

        Args:
            refused: what was refused before, by carrier.
            now: the time.
        """
        self._since = now
        self._ears: dict[str, _Ear] = {}
        for carrier_id, count in refused.items():
            self._ear(carrier_id).refused = count

    def heard(self, carrier_id: str, now: float, fix_times: Iterable[float], refused: int) -> None:
        """Take note of one message.

        Args:
            carrier_id: who sent it.
            now: when it arrived.
            fix_times: the devices' times of all its fixes, seconds since 1970.
            refused: how much of it was refused.
        """
        ear = self._ear(carrier_id)
        ear.last_heard = now
        ear.arrivals.append(now)
        ear.refused += refused
        times = list(fix_times)
        ear.count = ear.count.plus(times, now, refused=refused > 0)
        # The newest fix alone: the others of a message are a carrier catching up.
        newest = max(times, default=None)
        if newest is not None:
            ear.lags.append(max(0.0, now - newest))

    def counts(self) -> dict[str, Heard]:
        """What came from each carrier since the gateway began."""
        return {carrier_id: ear.count for carrier_id, ear in self._ears.items()}

    def refused(self, carrier_id: str) -> None:
        """Count a refusal that came with no message."""
        self._ear(carrier_id).refused += 1

    def turned_away(self, carrier_id: str, now: float) -> None:
        """Take note that a message came which there was no room for; it will come again."""
        self._ear(carrier_id).turned_away_at = now

    def crowding(self, now: float) -> str:
        """Who sends more than can be taken in, in words; "" where nobody does."""
        for carrier_id, ear in self._ears.items():
            if ear.turned_away_at is not None and ear.turned_away_at > now - CROWDED_S:
                return (
                    f"Carrier {carrier_id} sends more than can be taken in. What there is no room "
                    "for is to come again later; the others are served as before."
                )
        return ""

    def last_heard(self) -> dict[str, float]:
        """When each carrier was heard last."""
        return {i: ear.last_heard for i, ear in self._ears.items() if ear.last_heard is not None}

    def health(self, carrier_id: str, now: float, *, silent: bool) -> CarrierHealth:
        """How a carrier is heard now."""
        ear = self._ear(carrier_id)
        while ear.arrivals and ear.arrivals[0] < now - _MESSAGES_OVER_S:
            ear.arrivals.popleft()
        lag = statistics.median(ear.lags) if ear.lags else None
        rate = len(ear.arrivals) / min(_MESSAGES_OVER_S, max(1.0, now - self._since))
        return CarrierHealth(carrier_id, ear.last_heard, lag, rate, ear.refused, silent)

    def _ear(self, carrier_id: str) -> _Ear:
        return self._ears.setdefault(carrier_id, _Ear())
