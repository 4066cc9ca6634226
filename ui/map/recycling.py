"""Replaces the map's page by a fresh one while nobody looks closely: renderers grow.

The fresh page is loaded behind the one in front, with the same view, selection, layers and draft.
Once it shows all that the other shows it comes to the front in one paint. Where anything is in the
way - a hand on the map, a page that does not get ready - nothing happens, and it is tried later.
"""

import logging
import time
from collections.abc import Callable
from typing import Final

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from ui.map.channel import PageView
from ui.map.growth import Growth, memory_mb
from ui.map.sheet import MapSheet

log = logging.getLogger(__name__)

_LOOK_MS: Final = 60_000
_AGAIN_MS: Final = 5_000
_COMPARE_MS: Final = 300
_ALIKE: Final = 8
"""So many times in a row the two pages show the same before one takes the other's place."""
_PATIENCE_S: Final = 30.0
_QUIET_MS: Final = 4_000.0
_SAME_DEGREES: Final = 1e-6
_SAME_ZOOM: Final = 1e-3


class Kept(msgspec.Struct):
    """What a page shows and how it stands, as it says itself (``window.tower.keep()``).

    Attributes:
        view: Where it looks.
        quiet_ms: How long ago somebody pressed, wheeled or typed on it, milliseconds.
        is_busy: A gesture, a movement or a card under the pointer is not over.
        is_whole: Everything it was told is drawn.
        shows: How many vehicles, stops, routes and exceptions it knows.
        follows: The vehicle it keeps in the middle, or empty.
        own: What the next page is to be given, which only pages understand.
    """

    view: PageView
    quiet_ms: float
    is_busy: bool
    is_whole: bool
    shows: tuple[int, ...]
    follows: str = ""
    own: str = ""

    def shows_as(self, other: "Kept") -> bool:
        """Whether a user would see the same on both."""
        here, there = self.view, other.view
        if self.shows != other.shows or self.follows != other.follows:
            return False
        if abs(here.zoom - there.zoom) > _SAME_ZOOM:
            return False
        # Two pages that follow a vehicle are at different moments of its way.
        return bool(self.follows) or (
            abs(here.lat - there.lat) < _SAME_DEGREES and abs(here.lon - there.lon) < _SAME_DEGREES
        )


class Recycler(QObject):
    """Decides when the page in front is to be replaced, and prepares the other.

    Args:
        make: Makes and loads a sheet behind the one in front, which goes on as the page says.
        is_free: Whether the map's owner can do with a replacement now.
        parent: Its Qt parent.

    Attributes:
        prepared: The `MapSheet` behind is as the one in front; bring it there.
    """

    prepared = Signal(object)

    def __init__(
        self,
        make: Callable[[Kept], MapSheet],
        is_free: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._make, self._is_free = make, is_free
        self._front: MapSheet | None = None
        self._behind: MapSheet | None = None
        self._growth = Growth(0.0)
        self._why = ""
        self._began_s, self._alike, self._round = 0.0, 0, 0
        self._seen: dict[str, Kept] = {}
        self._looking = QTimer(self)
        self._looking.setInterval(_LOOK_MS)
        self._looking.timeout.connect(self._look)
        self._comparing = QTimer(self)
        self._comparing.setInterval(_COMPARE_MS)
        self._comparing.timeout.connect(self._compare)

    @property
    def behind(self) -> MapSheet | None:
        """The sheet that is being prepared, if any."""
        return self._behind

    def watch(self, front: MapSheet) -> None:
        """Look after a sheet that has just been loaded, and after no other."""
        self.abandon()
        self._front, self._why = front, ""
        self._growth = Growth(time.monotonic())
        self._looking.start(_LOOK_MS)

    def stop(self) -> None:
        """Look after none."""
        self.abandon()
        self._looking.stop()
        self._front = None

    def recycle(self, why: str) -> None:
        """Replace the page as soon as nobody is at the map."""
        self._why = why
        self._looking.start(_AGAIN_MS)
        self._try()

    def abandon(self) -> None:
        """Let the page behind go; the one in front stays."""
        self._comparing.stop()
        behind, self._behind = self._behind, None
        if behind is not None:
            behind.discard()

    def _look(self) -> None:
        if self._front is None or self._behind is not None:
            return
        if self._why:
            self._try()
            return
        now_mb = memory_mb(self._front.renderer_pid)
        why = self._growth.why_renew(time.monotonic(), now_mb)
        if why:
            self.recycle(why)

    def _try(self) -> None:
        front = self._front
        if front is not None and self._behind is None and front.is_ready and self._is_free():
            front.ask("window.tower.keep()", lambda answer: self._begin(front, answer))

    def _begin(self, front: MapSheet, answer: object) -> None:
        """The page in front said how it stands: if nobody is at it, load the other."""
        kept = _kept(answer)
        if kept is None or front is not self._front or self._behind is not None:
            return
        if kept.is_busy or kept.quiet_ms < _QUIET_MS or not self._is_free():
            return
        log.info("the map's page is replaced by a fresh one: %s", self._why)
        self._began_s, self._alike, self._seen = time.monotonic(), 0, {}
        self._behind = behind = self._make(kept)
        behind.renderer_gone.connect(lambda how: self._fail(f"its renderer ended ({how})"))
        self._comparing.start()

    def _compare(self) -> None:
        """Ask both how they stand, and judge what they said to the question before."""
        front, behind = self._front, self._behind
        if front is None or behind is None:
            return
        if time.monotonic() - self._began_s > _PATIENCE_S:
            self._fail("it did not come to show the same")
            return
        self._judge()
        if self._behind is behind:
            self._round += 1
            asked = self._round
            front.ask("window.tower.keep()", lambda said: self._hear(asked, "front", said))
            if behind.is_ready:
                behind.ask("window.tower.keep()", lambda said: self._hear(asked, "behind", said))

    def _hear(self, asked: int, which: str, answer: object) -> None:
        kept = _kept(answer)
        if kept is not None and asked == self._round:
            self._seen[which] = kept

    def _judge(self) -> None:
        seen, self._seen = self._seen, {}
        front, behind = seen.get("front"), seen.get("behind")
        if front is None:
            return
        if front.quiet_ms < (time.monotonic() - self._began_s) * 1000.0:
            self._fail("somebody is at the map")
        elif not self._is_free():
            self._fail("the map is in use")
        elif behind is not None and _are_alike(front, behind):
            self._alike += 1
            if self._alike >= _ALIKE:
                self._finish()
        else:
            self._alike = 0

    def _finish(self) -> None:
        self._comparing.stop()
        behind, self._behind = self._behind, None
        if behind is not None:
            took_s = time.monotonic() - self._began_s
            log.info("the map's page was replaced %.1f s after its loading began", took_s)
            self.prepared.emit(behind)

    def _fail(self, why: str) -> None:
        log.info("the map's page is not replaced now, and will be tried again: %s", why)
        self.abandon()


def _are_alike(front: Kept, behind: Kept) -> bool:
    at_rest = not front.is_busy and behind.is_whole
    return at_rest and behind.shows_as(front)


def _kept(answer: object) -> Kept | None:
    try:
        return msgspec.convert(answer, Kept)
    except msgspec.ValidationError as error:
        log.warning("the map's page did not say how it stands: %s", error)
        return None
