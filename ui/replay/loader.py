"""Fetches the recording of the shift from the gateway, and later what came since."""

import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from tower.domain.state import State
from tower.replay.file import read_recording
from tower.replay.recording import Recording
from ui.exchange import Answer, Download
from ui.replay.answers import Index, index_of
from ui.replay.worker import Works
from ui.session import Session
from ui.shapes import RouteShape, unpacked

_PATH = "/v1/recording"
_OK = 200
_MB = 1_000_000
_log = logging.getLogger(__name__)


class Loaded(NamedTuple):
    """A recording ready to travel in.

    Attributes:
        found_by: its events by what they are about.
        lines: every line of each route, by the version of its sequence, rising.
    """

    recording: Recording
    found_by: Index
    lines: Mapping[str, Mapping[int, RouteShape]]

    def shapes(self, state: State) -> Mapping[str, RouteShape]:
        """The line of each route as it was sequenced then, else the newest known."""
        found = {}
        for route_id, known in self.lines.items():
            route = state.routes.get(route_id)
            version = route.version if route is not None else 0
            found[route_id] = known.get(version) or tuple(known.values())[-1]
        return found


class Loader(QObject):
    """Gets recordings ready in the background, one at a time.

    Args:
        session: asked for the recording; of another journal than its own none is extended.
        worker: reads them.
        parent: its Qt parent.

    Attributes:
        trouble: why there is none, in words; "" while all is well.
        loaded: a `Loaded` is ready.
        changed: how it stands is another.
    """

    loaded = Signal(object)
    changed = Signal()

    def __init__(self, session: Session, worker: Works, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._worker = session, worker
        self._known: Recording | None = None
        self._download: Download | None = None
        self._turn, self._step = 0, ""
        self.trouble = ""

    @property
    def is_busy(self) -> bool:
        """True while a recording is being fetched or read."""
        return bool(self._step)

    @property
    def words(self) -> str:
        """What is being done, `Fetching the recording of the shift · 3.1 of 8.2 MB`, or ""."""
        return self._step

    def fetch(self, known: Recording | None) -> None:
        """Fetch the recording of the shift.

        Args:
            known: one that is at hand: only what came since is fetched, and put to it.
        """
        self.cancel()
        self._known, self.trouble = known, ""
        path = f"{_PATH}?after_seq={known.seq}" if known is not None else _PATH
        turn = self._turn
        self._download = Download(
            path,
            lambda answer: self._on_answer(turn, answer),
            lambda came, whole: self._on_progress(turn, came, whole),
            threading.Event(),
        )
        self._say("Fetching the recording of the shift")
        self._session.download_wanted.emit(self._download)

    def open(self, file: Path) -> None:
        """Read a recording from a file."""
        self.cancel()
        self._known, self.trouble = None, ""
        self._say(f"Opening {file.name}")
        self._read(self._turn, file)

    def cancel(self) -> None:
        """Nothing is wanted any more."""
        self._turn += 1
        if self._download is not None:
            self._download.stop.set()
            self._download = None
        self._say("")

    def _on_progress(self, turn: int, came: int, whole: int) -> None:
        if turn != self._turn:
            return
        of = f" of {whole / _MB:.1f}" if whole else ""
        self._say(f"Fetching the recording of the shift · {came / _MB:.1f}{of} MB")

    def _on_answer(self, turn: int, answer: Answer) -> None:
        if turn != self._turn:
            return
        self._download = None
        if answer.status == _OK:
            self._say("Reading the recording of the shift")
            self._read(turn, answer.body)
        else:
            self._fail(turn, answer.message or f"the gateway said {answer.status}")

    def _read(self, turn: int, source: Path | bytes) -> None:
        known = self._known
        self._worker.do(
            lambda: _ready(source, known),
            lambda found: self._on_ready(turn, found),
            lambda error: self._fail(turn, str(error)),
        )

    def _on_ready(self, turn: int, found: Loaded) -> None:
        if turn == self._turn:
            self._say("")
            self.loaded.emit(found)

    def _fail(self, turn: int, why: str) -> None:
        if turn == self._turn:
            _log.warning("there is no recording to travel in: %s", why)
            self.trouble = why
            self._say("")

    def _say(self, step: str) -> None:
        self._step = step
        self.changed.emit()


def _ready(source: Path | bytes, known: Recording | None) -> Loaded:
    """Read a recording and work out what travelling needs.

    Raises:
        RecordingError: it cannot be used, and why.
        ShapeError: a route's line in it cannot be.
    """
    found = read_recording(source)
    recording = known.extended(found) if known is not None else found
    recording.prepare()
    lines = {
        route_id: {shape.version: unpacked(shape) for shape in shapes}
        for route_id, shapes in recording.lines.items()
    }
    return Loaded(recording, index_of(recording.events), lines)
