"""What some events change about the facts."""

from datetime import date, datetime

import msgspec

from tower.domain.events import Event
from tower.kpi.facts import Dimension, Fact


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """Facts as they are after some events.

    Attributes:
        facts: by the thing they are about, as `stop:s1`, all its facts; nothing where it has none
            any more. What the store has of that thing is replaced.
        floors: things of whose facts only those of this local day and later are told; earlier ones
            stay as they are.
        since: no earlier version of these facts is on a local day before; until: nor after.
        newest: the latest moment a fact was made for so far, UTC; None where that is not said.
        names: what keys of dimensions are called.
        registrations: shifts opened and vehicles registered, which are needed again when facts are
            made later.
    """

    facts: dict[str, tuple[Fact, ...]] = {}
    floors: dict[str, date] = {}
    since: date = date.max
    until: date = date.min
    newest: datetime | None = None
    names: dict[tuple[Dimension, str], str] = {}
    registrations: tuple[Event, ...] = ()
