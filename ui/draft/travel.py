"""Travel times for previews: asked of the gateway ahead of need, estimated until it answers."""

import logging
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from PySide6.QtCore import QObject, Signal

from tower.domain.geometry import LatLon
from tower.road.roads import Profile
from tower.routes.travel import TravelTable
from ui.exchange import Answer
from ui.session import Session

MOST_PAIRS = 10_000
"""Asked at a time, so that what is needed now never waits long behind what may be."""

KEPT_S = 900.0
"""Seconds of the gateway's clock after which travel times are asked for anew."""

LONGEST_SIDE = 2_500
"""Places the gateway takes on one side of a table."""

_OK = 200
_log = logging.getLogger(__name__)


class Wish(NamedTuple):
    """Travel from each of some places to each of others."""

    profile: Profile
    origins: tuple[LatLon, ...]
    destinations: tuple[LatLon, ...]


class _Question(msgspec.Struct):
    origins: tuple[LatLon, ...]
    destinations: tuple[LatLon, ...]
    profile: Profile


class _Table(msgspec.Struct):
    durations_s: list[list[float]]
    distances_m: list[list[float]]
    estimated: list[list[bool]]


_DECODER = msgspec.json.Decoder(_Table)


class Travels(QObject):
    """Travel tables, one a way of travelling.

    Asks one question at a time and takes its answer in off the GUI thread; the newest wish goes
    first. A gateway that does not answer leaves estimates, which say so themselves.

    Attributes:
        learnt: some estimate may be a known time now.
    """

    learnt = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tables = {profile: TravelTable(profile) for profile in Profile}
        self._wishes: deque[Wish] = deque()
        self._asked: set[tuple[Profile, LatLon, LatLon]] = set()
        self._is_asking = False
        self._renewed_at = session.clock.time()
        session.state_replaced.connect(self._asked.clear)

    def table(self, profile: Profile) -> TravelTable:
        """What is known for a way of travelling."""
        return self._tables[profile]

    def renew(self) -> None:
        """Forget what is older than a while: the hour changes the traffic. Best while idle."""
        now = self._session.clock.time()
        if now - self._renewed_at > KEPT_S and not self._is_asking:
            self._renewed_at = now
            self._asked.clear()
            self._tables = {profile: TravelTable(profile) for profile in Profile}

    def want(
        self, profile: Profile, origins: Iterable[LatLon], destinations: Iterable[LatLon]
    ) -> None:
        """Ask for travel from each origin to each destination, as far as it is not known."""
        ends = tuple(dict.fromkeys(destinations))
        starts = [one for one in dict.fromkeys(origins) if self._lacks(profile, one, ends)]
        pieces = [
            Wish(profile, some_starts, some_ends)
            for some_ends in _pieces(ends, LONGEST_SIDE)
            for some_starts in _pieces(starts, min(LONGEST_SIDE, MOST_PAIRS // len(some_ends) + 1))
        ]
        self._wishes.extendleft(reversed(pieces))
        self._ask()

    def _lacks(self, profile: Profile, origin: LatLon, ends: Sequence[LatLon]) -> bool:
        table = self._tables[profile]
        return any(
            not table.knows(origin, end) and (profile, origin, end) not in self._asked
            for end in ends
        )

    def _ask(self) -> None:
        if self._is_asking or not self._wishes:
            return
        self._is_asking = True
        wish = self._wishes.popleft()
        self._asked.update((wish.profile, a, b) for a in wish.origins for b in wish.destinations)
        body = msgspec.json.encode(_Question(wish.origins, wish.destinations, wish.profile))
        self._session.ask("/v1/travel", lambda answer: self._on_answer(wish, answer), body=body)

    def _on_answer(self, wish: Wish, answer: Answer) -> None:
        if answer.status != _OK:
            self._forget(wish)
            why = answer.message or answer.status
            _log.info("travel times are estimates until the gateway tells them: %s", why)
            self._wishes.clear()
            self._is_asking = False
            return
        table = self._tables[wish.profile]
        self._session.compute(
            lambda: _take(table, wish, answer.body), lambda problem: self._on_taken(wish, problem)
        )

    def _forget(self, wish: Wish) -> None:
        """It may be asked again."""
        self._asked.difference_update(
            (wish.profile, a, b) for a in wish.origins for b in wish.destinations
        )

    def _on_taken(self, wish: Wish, problem: str) -> None:
        if problem:
            self._forget(wish)
            _log.warning("travel times stay estimates: %s", problem)
        else:
            self.learnt.emit()
        self._is_asking = False
        self._ask()


def _pieces(places: Sequence[LatLon], most: int) -> Iterator[tuple[LatLon, ...]]:
    return (tuple(places[first : first + most]) for first in range(0, len(places), most))


def _take(table: TravelTable, wish: Wish, body: bytes) -> str:
    """Read an answer into a table; what is wrong with it, or ""."""
    try:
        answer = _DECODER.decode(body)
        table.learn(
            wish.origins,
            wish.destinations,
            np.array(answer.durations_s, np.float32),
            np.array(answer.distances_m, np.float32),
            np.array(answer.estimated, np.bool_),
        )
    except (msgspec.MsgspecError, ValueError, IndexError) as error:
        return f"the gateway's travel times cannot be read: {error}"
    return ""
