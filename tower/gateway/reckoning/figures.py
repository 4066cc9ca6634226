"""The figures, for whoever asks: any thread may, and waits at most until they are open."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TypeVar

from tower.domain.records import Shift
from tower.domain.timezones import zone_named
from tower.feed.clock import Clock
from tower.kpi.facts import Dimension
from tower.kpi.finished import BEFORE_SHIFT
from tower.kpi.measures.catalogue import DEFINITIONS_VERSION, MEASURES
from tower.kpi.query import Answer, Ask, Behind, BehindAnswer, PlacesAnswer, PlacesAsk
from tower.kpi.store.errors import StoreFailed
from tower.kpi.store.store import Store, Value

_PATIENCE_S = 15.0

_Found = TypeVar("_Found")


class FiguresUnavailable(Exception):
    """The figures cannot be had now; the words say why."""


class Figures:
    """Answers from the store of figures, once there is one.

    Attributes:
        wanted: set when somebody asked; cleared by whoever keeps the figures up.
        trouble: why the figures stand still, in words; "" while all is well.
        has_simulated_past: days of them were made up, for a demonstration.
    """

    def __init__(self, clock: Clock) -> None:
        """There are none yet.

        Args:
            clock: says which day is today.
        """
        self.wanted = threading.Event()
        self.trouble = ""
        self.has_simulated_past = False
        self._clock = clock
        self._shift: Shift | None = None
        self._store: Store | None = None
        self._opened = threading.Event()

    @property
    def seq(self) -> int:
        """The journal's last event that is in them."""
        store = self._store
        return store.seq if store else 0

    @property
    def today(self) -> date:
        """The local day it is: that of the shift while it lasts, however late at night."""
        return local_day(self._clock.now(), self._shift)

    def use(self, shift: Shift | None) -> None:
        """Have days counted as those of a shift, from now on."""
        self._shift = shift

    def query(self, ask: Ask) -> Answer:
        """Measures, taken apart by dimensions.

        Raises:
            AskUnfit: a measure or a day asked for does not exist.
            FiguresUnavailable: they cannot be had now.
        """
        return self._asked(
            lambda store: store.query(ask, MEASURES, self.today, DEFINITIONS_VERSION)
        )

    def behind(self, behind: Behind) -> BehindAnswer:
        """The facts behind one number.

        Raises:
            AskUnfit: a measure, a row or a day asked for does not exist.
            FiguresUnavailable: they cannot be had now.
        """
        return self._asked(lambda store: store.behind(behind, MEASURES, self.today))

    def places(self, ask: PlacesAsk) -> PlacesAnswer:
        """A measure by place.

        Raises:
            AskUnfit: the measure or a day does not exist, or it cannot be told by place.
            FiguresUnavailable: they cannot be had now.
        """
        return self._asked(lambda store: store.places(ask, MEASURES, self.today))

    def known(self, dimension: Dimension, prefix: str, limit: int) -> list[Value]:
        """Keys of a dimension there are facts of, whose key or name begins so, by name.

        Raises:
            FiguresUnavailable: they cannot be had now.
        """
        return self._asked(lambda store: store.known(dimension, prefix, limit))

    @contextmanager
    def answering_from(self, store: Store) -> Iterator[None]:
        """Answer from a store while the block lasts."""
        self._store = store
        self._opened.set()
        try:
            yield
        finally:
            self._opened.clear()
            self._store = None

    def _asked(self, ask: Callable[[Store], _Found]) -> _Found:
        self.wanted.set()
        self._opened.wait(0.0 if self.trouble else _PATIENCE_S)
        store = self._store
        if store is None:
            raise FiguresUnavailable(self.trouble or "The figures are still being opened.")
        try:
            return ask(store)
        except StoreFailed as error:
            raise FiguresUnavailable(str(error)) from error


def local_day(now: datetime, shift: Shift | None) -> date:
    """The day something counts for: that of the shift it falls into, else that of the clock."""
    if shift is None:
        return now.astimezone(UTC).date()
    if shift.starts_at - BEFORE_SHIFT <= now <= shift.ends_at + BEFORE_SHIFT:
        return date.fromisoformat(shift.date)
    return now.astimezone(zone_named(shift.timezone) or UTC).date()
