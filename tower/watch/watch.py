"""All rules together, looked at every few seconds."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from tower.domain.events import Event
from tower.domain.state import State
from tower.domain.words import ExceptionKind
from tower.watch.found import Expected, Found, Known, open_findings
from tower.watch.late import late
from tower.watch.reconcile import reconcile
from tower.watch.silence import carrier_silent, no_signal

SETTLING = timedelta(seconds=60)
"""Conditions found this soon after watching began were most likely there before: they need only
be found twice."""

_Key = tuple[ExceptionKind, str]


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules see besides the state.

    Attributes:
        arrivals: stop id to its predicted arrival.
        last_fix: vehicle id to the time of its newest fix, UTC.
        last_heard: carrier id to when its last message came, UTC.
    """

    arrivals: Mapping[str, Expected]
    last_fix: Mapping[str, datetime]
    last_heard: Mapping[str, datetime]


class Watch:
    """Remembers since when conditions have been found; everything else is in the state.

    Args:
        since: when watching began, UTC; carriers never heard count from then.
    """

    def __init__(self, since: datetime) -> None:
        self._since = since
        self._first_found: dict[_Key, datetime] = {}

    def look(self, state: State, sight: Sight, now: datetime) -> list[Event]:
        """Run every rule and say what is new, for the journal.

        The events are to be committed and folded before the next look.
        """
        known = open_findings(state)
        silent = carrier_silent(
            state, known[ExceptionKind.CARRIER_SILENT], sight.last_heard, self._since, now
        )
        silent_ids = {item.about for item in silent}
        found = [
            *silent,
            *no_signal(state, known[ExceptionKind.NO_SIGNAL], sight.last_fix, silent_ids, now),
            *late(state, known[ExceptionKind.LATE], sight.arrivals, now),
        ]
        return reconcile(self._ripe(found, known, now), known, state, now)

    def _ripe(
        self, found: Sequence[Found], known: Mapping[ExceptionKind, Known], now: datetime
    ) -> list[Found]:
        """Those found for long enough, and those already raised."""
        keys = {item.key for item in found}
        self._first_found = {key: at for key, at in self._first_found.items() if key in keys}
        ripe = []
        for item in found:
            first = self._first_found.setdefault(item.key, now)
            if item.about in known[item.kind] or self._has_lasted(item, first, now):
                ripe.append(item)
        return ripe

    def _has_lasted(self, item: Found, first: datetime, now: datetime) -> bool:
        if first - self._since <= SETTLING:
            return item.ripe_after == timedelta(0) or now > first
        return now - first >= item.ripe_after
