"""Views of the queue under a name: some come with Tower, others people keep. Knows no widgets."""

import logging
from collections.abc import Iterable

import msgspec
from PySide6.QtCore import QObject, QSettings, Signal

from tower.domain.words import ExceptionKind
from ui.exceptions.rows import View
from ui.exceptions.sieve import Sieve
from ui.exceptions.sorting import Order

_KEY = "exceptions/views"
NAME_MOST = 40
"""Longest name of a view, in letters."""

_log = logging.getLogger(__name__)


class SavedView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A tab, an order and a sieve under one name."""

    name: str
    view: View = View.OPEN
    order: Order = Order.SEVERITY
    sieve: Sieve = Sieve()


BUILT_IN: tuple[SavedView, ...] = (
    SavedView(name="Everything"),
    SavedView(name="Mine", view=View.MINE),
    SavedView(name="Past SLA", order=Order.SLA, sieve=Sieve(past_sla=True)),
    SavedView(name="Cold chain", sieve=Sieve(kinds=frozenset({ExceptionKind.TEMPERATURE}))),
    SavedView(name="Unread replies", sieve=Sieve(unread=True)),
    SavedView(name="Escalated", sieve=Sieve(escalated=True)),
)
"""The views that come with Tower; they are neither changed nor deleted."""

_DECODER = msgspec.json.Decoder(tuple[SavedView, ...])


class ViewNameTaken(ValueError):
    """A view that comes with Tower has this name."""


class SavedViews(QObject):
    """The views by name, kept in the desktop's settings.

    Attributes:
        changed: there is another list of them.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings: QSettings | None = None
        self._own: dict[str, SavedView] = {}

    @property
    def all(self) -> tuple[SavedView, ...]:
        """Those that come with Tower, then people's own."""
        return (*BUILT_IN, *self._own.values())

    @property
    def own(self) -> tuple[SavedView, ...]:
        """People's own, in the order they were made."""
        return tuple(self._own.values())

    def keep_in(self, settings: QSettings) -> None:
        """Read what was kept, and keep from now on what changes."""
        self._settings = settings
        self._own = {one.name: one for one in _kept(str(settings.value(_KEY, "")))}
        self.changed.emit()

    def save(self, view: SavedView) -> None:
        """Keep a view under its name, in the place of the one that had the name.

        Raises:
            ViewNameTaken: one that comes with Tower has that name.
        """
        name = " ".join(view.name.split())[:NAME_MOST]
        if any(one.name.casefold() == name.casefold() for one in BUILT_IN):
            raise ViewNameTaken(f"“{name}” comes with Tower; choose another name.")
        self._own[name] = msgspec.structs.replace(view, name=name)
        self._store()

    def delete(self, name: str) -> None:
        """Forget one's own view."""
        if self._own.pop(name, None) is not None:
            self._store()

    def _store(self) -> None:
        if self._settings is not None:
            self._settings.setValue(_KEY, msgspec.json.encode(self.own).decode())
        self.changed.emit()


def _kept(text: str) -> Iterable[SavedView]:
    if not text:
        return ()
    try:
        return _DECODER.decode(text)
    except msgspec.MsgspecError as error:
        _log.warning("saved views of the queue cannot be read and are left out: %s", error)
        return ()
