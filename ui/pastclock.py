"""The clock of a moment of the past: it stands where it is put."""

from datetime import datetime

from tower.domain.moments import utc


class PastClock:
    """Shows the moment that is looked at; moves only from moment to moment."""

    rate = 1.0

    def __init__(self) -> None:
        self._time = 0.0

    def stand_at(self, at: datetime) -> None:
        """Show another moment."""
        self._time = at.timestamp()

    def time(self) -> float:
        """The moment in seconds since 1970."""
        return self._time

    def now(self) -> datetime:
        """The moment, aware, UTC."""
        return utc(self._time)
