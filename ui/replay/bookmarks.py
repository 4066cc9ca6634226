"""Moments somebody wants to find again, kept for each shift. Knows no widgets."""

import logging
from collections.abc import Iterable
from datetime import datetime

import msgspec
from PySide6.QtCore import QObject, QSettings, Signal

from tower.replay.recording import Bookmark

_KEPT = 200
_log = logging.getLogger(__name__)


class Bookmarks(QObject):
    """The bookmarks of one journal, oldest moment first.

    Attributes:
        changed: there are others.
    """

    changed = Signal()

    def __init__(self, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings, self._epoch = settings, ""
        self._own: tuple[Bookmark, ...] = ()
        self._given: tuple[Bookmark, ...] = ()

    @property
    def all(self) -> tuple[Bookmark, ...]:
        """Those kept here and those that came with the recording."""
        return tuple(sorted({*self._own, *self._given}, key=lambda one: (one.at, one.words)))

    def open(self, epoch: str, given: Iterable[Bookmark] = ()) -> None:
        """Read those of a journal.

        Args:
            epoch: the journal's identity.
            given: those that came with the recording.
        """
        if epoch != self._epoch:
            self._epoch, self._own = epoch, self._read(epoch)
        self._given = tuple(given)
        self.changed.emit()

    def add(self, at: datetime, words: str) -> None:
        """Keep a moment; an older word on the same moment gives way."""
        others = [one for one in self._own if one.at != at]
        self._keep((*others, Bookmark(at=at, words=words.strip()))[-_KEPT:])

    def remove(self, bookmark: Bookmark) -> None:
        """Forget one; those that came with a recording stay in it."""
        self._keep(tuple(one for one in self._own if one != bookmark))

    def _keep(self, own: tuple[Bookmark, ...]) -> None:
        self._own = own
        self._settings.setValue(_key(self._epoch), msgspec.json.encode(own).decode())
        self.changed.emit()

    def _read(self, epoch: str) -> tuple[Bookmark, ...]:
        kept = str(self._settings.value(_key(epoch), ""))
        if not kept:
            return ()
        try:
            return msgspec.json.decode(kept, type=tuple[Bookmark, ...])
        except msgspec.MsgspecError as error:
            _log.warning("the bookmarks of this shift cannot be read and are left out: %s", error)
            return ()


def _key(epoch: str) -> str:
    return f"replay/bookmarks/{epoch}"
