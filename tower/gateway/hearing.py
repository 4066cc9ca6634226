"""How each carrier is heard: when last, how late, how often, and how much was refused."""

import statistics
from collections import deque
from collections.abc import Iterable, Mapping

from tower.feed.messages import CarrierHealth

_MESSAGES_OVER_S = 60.0
_LAGS_KEPT = 60


class _Ear:
    """What is remembered of one carrier."""

    def __init__(self) -> None:
        self.last_heard: float | None = None
        self.lags: deque[float] = deque(maxlen=_LAGS_KEPT)
        self.arrivals: deque[float] = deque(maxlen=10_000)
        self.refused = 0


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
            fix_times: the devices' times of its fixes.
            refused: how much of it was refused.
        """
        ear = self._ear(carrier_id)
        ear.last_heard = now
        ear.arrivals.append(now)
        ear.refused += refused
        # The newest fix alone: the others of a message are a carrier catching up.
        newest = max(fix_times, default=None)
        if newest is not None:
            ear.lags.append(max(0.0, now - newest))

    def refused(self, carrier_id: str) -> None:
        """Count a refusal that came with no message."""
        self._ear(carrier_id).refused += 1

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
