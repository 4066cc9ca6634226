"""Predicted arrivals as people read them, read off the columns many at a time."""

from datetime import tzinfo
from functools import lru_cache

import msgspec

from tower.domain.words import Punctuality
from tower.feed.arrivals import NO_PREDICTION
from ui.clocktext import KEPT, minute_text
from ui.session import Session

_CODES, _MINUTES = 2**8, 2**16
"""More than there are codes of punctuality, and more minutes than two 16 bit numbers of seconds."""


class Eta(msgspec.Struct, frozen=True, gc=False):
    """A prediction as people read it: `14:51 ±6`."""

    words: str
    punctuality: Punctuality


class Etas:
    """Reads many predictions off the session's columns; good until the next frame."""

    def __init__(self, session: Session) -> None:
        columns = session.arrivals.columns
        self._zone, self._handles = session.zone, session.arrivals.handles
        # One number is read off the bare memory in half the time it takes off an array.
        self._p50, self._early = columns["p50"].data, columns["early"].data
        self._late, self._codes = columns["late"].data, columns["punctuality"].data

    def of(self, stop_id: str) -> Eta | None:
        """The prediction of a stop, None where there is none."""
        return self.worded(self.number(stop_id))

    def number(self, stop_id: str) -> int:
        """What `worded` makes a prediction of, which is smaller to keep; 0 where there is none."""
        handle = self._handles.get(stop_id)
        if handle is None or (p50 := self._p50[handle]) == NO_PREDICTION:
            return 0
        plus_minus: int = max(1, round((self._early[handle] + self._late[handle]) / 120))
        return (p50 // 60 * _MINUTES + plus_minus) * _CODES + self._codes[handle]

    def worded(self, number: int) -> Eta | None:
        """A prediction as people read it; None of 0."""
        if not number:
            return None
        rest, code = divmod(number, _CODES)
        minute, plus_minus = divmod(rest, _MINUTES)
        return Eta(_words(minute, plus_minus, self._zone), Punctuality.of_code(code))


@lru_cache(KEPT)
def _words(minute: int, plus_minus: int, zone: tzinfo) -> str:
    """One text for all stops that are expected at the same time."""
    return f"{minute_text(minute, zone)} ±{plus_minus}"
