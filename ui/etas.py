"""Predicted arrivals as people read them, read off the columns many at a time."""

from datetime import datetime
from typing import NamedTuple

from tower.domain.words import Punctuality
from tower.feed.arrivals import NO_PREDICTION
from ui.session import Session


class Eta(NamedTuple):
    """A prediction as people read it: `14:51 ±6`."""

    words: str
    punctuality: Punctuality


class Etas:
    """Reads many predictions off the session's columns; good until the next frame."""

    def __init__(self, session: Session) -> None:
        self._arrivals, self._zone = session.arrivals, session.zone
        self._columns = session.arrivals.columns

    def of(self, stop_id: str) -> Eta | None:
        """The prediction of a stop, None where there is none."""
        handle = self._arrivals.handle_of(stop_id)
        if handle is None:
            return None
        p50 = int(self._columns["p50"][handle])
        if p50 == NO_PREDICTION:
            return None
        spread = int(self._columns["early"][handle]) + int(self._columns["late"][handle])
        at = datetime.fromtimestamp(p50, self._zone)
        words = f"{at.hour:02}:{at.minute:02} ±{max(1, round(spread / 120))}"
        return Eta(words, Punctuality.of_code(int(self._columns["punctuality"][handle])))
