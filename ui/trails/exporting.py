"""Writing a moment or a span to a `.tower` file, in the background."""

import threading
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from PySide6.QtCore import QObject, Signal

from tower.domain.moments import rfc3339
from tower.replay.errors import RecordingError
from tower.replay.file import SUFFIX, write_recording
from tower.replay.recording import Recording
from ui.exchange import Answer, Download
from ui.session import Session
from ui.trails.cutting import cut
from ui.trails.source import Travel

_PATH = "/v1/recording"
_OK = 200
_NOBODY = 0
"""The status where no gateway answered."""

_MB = 1_000_000


class Wish(NamedTuple):
    """What is to be written.

    Attributes:
        since: where the span begins; the same as `until` for a moment.
        path: the file.
    """

    since: datetime
    until: datetime
    masked: bool
    path: Path


class Written(NamedTuple):
    """A file that was written, and its size in bytes."""

    path: Path
    size: int


class Exporter(QObject):
    """Writes one file at a time.

    Args:
        session: the gateway is asked through it.
        travel: gives the recording where there is no gateway, or none answers.

    Attributes:
        progressed: what is being done, in words; bytes that came, and of how many (0: unknown).
        written: a `Written`.
        failed: why nothing was written, in words.
    """

    progressed = Signal(str, int, int)
    written = Signal(object)
    failed = Signal(str)

    def __init__(self, session: Session, travel: Travel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._travel = session, travel
        self._turn = 0
        self._download: Download | None = None

    def start(self, wish: Wish) -> None:
        """Begin; `written` or `failed` follows, unless it is cancelled."""
        self.cancel()
        recording = self._travel.recording
        if self._session.is_recording and recording is not None:
            self._cut(recording, wish)
        elif self._session.is_recording:
            self.failed.emit("There is no recording to export from.")
        else:
            self._fetch(wish)

    def cancel(self) -> None:
        """Nothing is wanted any more; no file is left behind."""
        self._turn += 1
        if self._download is not None:
            self._download.stop.set()
            self._download = None

    def _cut(self, recording: Recording, wish: Wish) -> None:
        self.progressed.emit("Writing the file…", 0, 0)
        turn = self._turn

        def work() -> Written | str:
            try:
                part = cut(recording, wish.since, wish.until)
                masked = wish.masked and not part.info.is_masked
                write_recording(part, wish.path, masked=masked)
            except RecordingError as error:
                return str(error)
            return Written(wish.path, wish.path.stat().st_size)

        self._session.compute(work, lambda done: self._on_done(turn, done))

    def _fetch(self, wish: Wish) -> None:
        query = {
            "since": rfc3339(wish.since),
            "until": rfc3339(wish.until),
            "masked": "true" if wish.masked else "false",
        }
        turn = self._turn
        self._download = Download(
            f"{_PATH}?{urlencode(query)}",
            lambda answer: self._on_answer(turn, wish, answer),
            lambda came, whole: self._on_progress(turn, came, whole),
            threading.Event(),
        )
        self.progressed.emit("The gateway makes the file…", 0, 0)
        self._session.download_wanted.emit(self._download)

    def _on_progress(self, turn: int, came: int, whole: int) -> None:
        if turn == self._turn:
            of = f" of {whole / _MB:.1f}" if whole else ""
            self.progressed.emit(f"Fetching the file · {came / _MB:.1f}{of} MB", came, whole)

    def _on_answer(self, turn: int, wish: Wish, answer: Answer) -> None:
        if turn != self._turn:
            return
        self._download = None
        if answer.status == _NOBODY and (recording := self._whole_of(wish)) is not None:
            self._cut(recording, wish)
            return
        if answer.status != _OK:
            self.failed.emit(answer.message or "The gateway does not answer.")
            return
        self._session.compute(
            lambda: _saved(wish.path, answer.body), lambda done: self._on_done(turn, done)
        )

    def _whole_of(self, wish: Wish) -> Recording | None:
        """The recording at hand, where it holds all that is wanted."""
        recording = self._travel.recording
        if recording is None:
            return None
        info = recording.info
        return recording if info.begins <= wish.since and wish.until <= info.ends else None

    def _on_done(self, turn: int, done: Written | str) -> None:
        if turn != self._turn:
            if isinstance(done, Written):
                done.path.unlink(missing_ok=True)
            return
        if isinstance(done, Written):
            self.written.emit(done)
        else:
            self.failed.emit(done)


def _saved(path: Path, body: bytes) -> Written | str:
    """Write a file whole or not at all; an older one of that name stays until then."""
    draft = path.with_name(f"{path.name}.part")
    try:
        draft.write_bytes(body)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        return f"{path} cannot be written: {error.strerror}."
    return Written(path, len(body))


def with_suffix(path: Path) -> Path:
    """A path that ends as recordings do."""
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
