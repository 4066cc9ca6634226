"""Travelling in time: which moment of the shift the window shows, and how it gets there."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from tower.domain.events import Event
from tower.replay.recording import Mark, Recording
from ui.eventlog.words import line_of
from ui.exchange import Selection
from ui.replay.answers import RecordedAnswers
from ui.replay.bookmarks import Bookmarks
from ui.replay.loader import Loaded, Loader
from ui.replay.player import Player, other_rate
from ui.replay.stepping import UNSEEN, Step, Stepper
from ui.replay.typed import Span
from ui.replay.worker import Worker, Works
from ui.session import Session

PLAY_MS = 100
"""While playing, a moment is due this often."""

APART_MS = 60
"""No moment is begun sooner after the one before."""

_FRESH_S = 10.0
"""A recording that ends no longer before the moment that is wanted need not be extended."""

_AT_THE_END = "This is the end of what is recorded."
_AT_THE_BEGIN = "This is the beginning of what is recorded."
_NO_MORE_EVENTS = "Nothing happened further on."
_NO_EVENT_BEFORE = "Nothing happened before."
_NO_MORE_MARKS = "No exception was raised further on."
_NO_MARK_BEFORE = "No exception was raised before."


class Where(Enum):
    """How time travel stands."""

    LIVE = "live"
    LOADING = "loading"
    PAST = "past"
    FAILED = "failed"


class _Wish(NamedTuple):
    """A moment that is to be shown, and what is to be selected then."""

    at: datetime
    select: Selection | None = None
    event: Event | None = None


class TimeTravel(QObject):
    """Owns the recording, the thread that makes its moments, and playing.

    Args:
        session: shows the moments.
        settings: keep the bookmarks.
        why_not: why the past cannot be entered now, in words; "" where it can.
        worker: makes moments; a thread of its own where none is given.
        monotonic: the wall's clock, in seconds.
        parent: its Qt parent.

    Attributes:
        bookmarks: moments to find again.
        changed: the moment, playing, the recording or how it stands is another.
        shown: a moment is on the screen, with everything that belongs to it.
        said: something for the status bar.
    """

    changed = Signal()
    shown = Signal()
    said = Signal(str)

    def __init__(
        self,
        session: Session,
        settings: QSettings,
        *,
        why_not: Callable[[], str] = lambda: "",
        worker: Works | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._why_not, self._monotonic = session, why_not, monotonic
        self._worker: Works = worker or Worker(self)
        self._loader = Loader(session, self._worker, self)
        self.bookmarks = Bookmarks(settings, self)
        self._player = Player()
        self._loaded: Loaded | None = None
        self._stepper: Stepper | None = None
        self._wish: _Wish | None = None
        self._showing: _Wish | None = None
        self._is_open, self._is_making, self._file = False, False, ""
        self._turn = 0
        self._apart = QTimer(self)
        self._apart.setSingleShot(True)
        self._apart.setInterval(APART_MS)
        self._apart.timeout.connect(self._go_on)
        self._beat = QTimer(self)
        self._beat.setInterval(PLAY_MS)
        self._beat.timeout.connect(self.advance)
        self._loader.loaded.connect(self._on_loaded)
        self._loader.changed.connect(self._on_loader_changed)
        self.bookmarks.changed.connect(self.changed)
        session.moment_shown.connect(self._on_moment_shown)
        session.live_replaced.connect(self._on_live_replaced)

    # Reading

    @property
    def recording(self) -> Recording | None:
        """What is travelled in; None before any was fetched."""
        return self._loaded.recording if self._loaded else None

    @property
    def is_open(self) -> bool:
        """True from the wish to see the past until live is shown again."""
        return self._is_open

    @property
    def where(self) -> Where:
        """How it stands."""
        if self._session.past is not None:
            return Where.PAST
        if not self._is_open:
            return Where.LIVE
        return Where.FAILED if self._loader.trouble else Where.LOADING

    @property
    def at(self) -> datetime:
        """The moment that is shown or on its way; now where that is live."""
        if self._wish is not None:
            return self._wish.at
        return self._session.past or self._session.live_clock.now()

    @property
    def is_on_the_way(self) -> bool:
        """True until the moment that is wanted is on every panel."""
        return self._wish is not None or self._is_making

    @property
    def span(self) -> Span:
        """What can be looked at: from the begin of the recording to now, or to its end."""
        recording = self.recording
        now = self._session.live_clock.now()
        if recording is None:
            return Span(now - timedelta(hours=1), now)
        info = recording.info
        return Span(info.begins, info.ends if self._session.is_recording else max(now, info.ends))

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The exceptions of the span that is recorded."""
        recording, span = self.recording, self.span
        found = recording.marks() if recording is not None else ()
        return tuple(one for one in found if span.begins <= one.at <= span.ends)

    @property
    def rate(self) -> int:
        """Seconds of the shift in one of the wall while playing."""
        return self._player.rate

    @property
    def direction(self) -> int:
        """1 while playing forwards, -1 backwards, 0 while it stands."""
        return self._player.direction

    @property
    def step_words(self) -> str:
        """What is being fetched or read, in words; "" for nothing."""
        return self._loader.words

    @property
    def trouble(self) -> str:
        """Why there is no recording, in words; "" while all is well."""
        return self._loader.trouble

    # Going there and back

    def toggle(self) -> None:
        """Look at the past, or return to live."""
        if self._is_open:
            self.leave()
        else:
            self.enter()

    def enter(self) -> None:
        """Look at the past, beginning with this moment."""
        self.go_to(self._session.live_clock.now())

    def leave(self) -> None:
        """Return to live; a recording opened from a file stays."""
        if self._session.is_recording:
            self.said.emit("This is a recording: there is no live to return to.")
            return
        self.pause()
        self._wish, self._showing, self._is_open = None, None, False
        self._turn += 1
        self._is_making = False
        self._apart.stop()
        self._loader.cancel()
        self._session.return_to_live()
        self.changed.emit()

    def go_to(self, at: datetime, select: Selection | None = None) -> None:
        """Show a moment of the past.

        Args:
            at: the moment, aware.
            select: what is to be selected once it is shown.
        """
        self.pause()
        self._go(_Wish(at, select))

    def retry(self) -> None:
        """Fetch the recording once more."""
        if self._wish is None and self._session.past is None:
            self._wish = _Wish(self._session.live_clock.now())
        self._loader.fetch(self.recording if self._is_of_this_journal else None)

    def cancel(self) -> None:
        """Give up fetching; without any recording that is the way back to live."""
        if self._session.past is None:
            self.leave()
            return
        self._loader.cancel()
        self._wish = None
        self.changed.emit()

    def open_file(self, file: Path) -> None:
        """Show a recording from a file, as it ended; there is no live then.

        Args:
            file: a `.tower` file.
        """
        self._is_open, self._file = True, file.name
        self._session.is_recording = True
        self._loader.open(file)

    def shut_down(self) -> None:
        """The window closes."""
        self._beat.stop()
        self._apart.stop()
        self._loader.cancel()
        self._worker.stop()

    # Playing and stepping

    def play(self, direction: int) -> None:
        """Play forwards (1) or backwards (-1); what plays that way already stands still.

        A recording that stands at its end plays from its beginning.
        """
        if self._player.direction == direction:
            self.pause()
            return
        if self._session.past is None and not self._is_open:
            self.enter()
        if self._is_open:
            span = self.span
            is_over = self._session.is_recording and direction > 0 and self.at >= span.ends
            at = span.begins if is_over else self.at
            self._player.start(at, self._monotonic(), direction)
            self._beat.start()
            self.changed.emit()

    def pause(self) -> None:
        """Stand still."""
        self._beat.stop()
        if self._player.direction:
            self._player.pause()
            self.changed.emit()

    def set_rate(self, rate: int) -> None:
        """Play so many seconds of the shift in one of the wall."""
        self._player.set_rate(rate, self._monotonic())
        self.changed.emit()

    def faster(self, step: int) -> None:
        """The next faster (1) or slower (-1) rate."""
        self.set_rate(other_rate(self.rate, step))

    def advance(self) -> None:
        """While playing: show what is due now."""
        at = self._player.at(self._monotonic())
        if at is None or self.recording is None:
            return
        span = self.span
        within = span.clamp(at)
        if within != at:
            self.pause()
            self.said.emit(_AT_THE_END if at > span.ends else _AT_THE_BEGIN)
        self._go(_Wish(within))

    def step_event(self, step: int) -> None:
        """Go to the next event (1) or the one before (-1), and say which it is."""
        if not self._begin_step():
            return
        recording = self.recording
        if recording is None:
            return
        find = recording.event_after if step > 0 else recording.event_before
        event = find(self.at, skip=UNSEEN)
        if event is None or not self.span.begins <= event.recorded_at:
            self.said.emit(_NO_MORE_EVENTS if step > 0 else _NO_EVENT_BEFORE)
        else:
            self._go(_Wish(event.recorded_at, event=event))

    def jump(self, step: int) -> None:
        """Go to where the next exception (1) or the one before (-1) was raised, and select it."""
        if not self._begin_step():
            return
        at = self.at
        found = [one for one in self.marks if (one.at > at if step > 0 else one.at < at)]
        if not found:
            self.said.emit(_NO_MORE_MARKS if step > 0 else _NO_MARK_BEFORE)
            return
        mark = found[0] if step > 0 else found[-1]
        self._go(_Wish(mark.at, Selection("exception", mark.exception_id)))

    def _begin_step(self) -> bool:
        """Stand still to step; False where the past has to be entered first, which begins."""
        self.pause()
        if self._is_open:
            return self.recording is not None
        self.enter()
        return False

    # On the way

    def _go(self, wish: _Wish) -> None:
        if not self._is_open:
            if why := self._why_not():
                self.said.emit(why)
                return
            self._is_open = True
        self._wish = wish
        self._load_for(wish.at)
        self.changed.emit()
        self._go_on()

    def _load_for(self, at: datetime) -> None:
        """Fetch what is missing for a moment."""
        if self._loader.is_busy or self._session.is_recording:
            return
        recording = self.recording
        if recording is None or not self._is_of_this_journal:
            self._loader.fetch(None)
        elif (at - recording.info.ends).total_seconds() > _FRESH_S:
            self._loader.fetch(recording)

    @property
    def _is_of_this_journal(self) -> bool:
        recording = self.recording
        return recording is not None and recording.info.epoch == self._session.epoch

    def _go_on(self) -> None:
        """Begin to make the moment that is wanted, unless one is being made or too soon."""
        wish, stepper = self._wish, self._stepper
        if wish is None or stepper is None or self._is_making or self._apart.isActive():
            return
        recording = self.recording
        if recording is None or (wish.at > recording.info.ends and self._loader.is_busy):
            return
        self._is_making = True
        self._apart.start()
        turn, at = self._turn, Span(recording.info.begins, recording.info.ends).clamp(wish.at)
        self._worker.do(
            lambda: stepper.step(at),
            lambda step: self._on_made(turn, wish, step),
            lambda error: self._on_broken(turn, error),
        )

    def _on_made(self, turn: int, wish: _Wish, step: Step) -> None:
        if turn != self._turn or self._loaded is None:
            return
        if self._wish is wish:
            self._wish = None
        self._showing = wish
        self._show(step)

    def _on_moment_shown(self) -> None:
        wish, self._showing = self._showing, None
        self._is_making = False
        if wish is not None:
            self._after(wish)
        self._go_on()

    def _show(self, step: Step) -> None:
        loaded, session = self._loaded, self._session
        if loaded is None:
            return
        answers = RecordedAnswers(
            loaded.recording,
            loaded.found_by,
            step.moment.at,
            has_gateway=not session.is_recording,
        )
        session.show_moment(
            step.moment,
            answers,
            events=step.events,
            arrivals=step.arrivals,
            shapes=loaded.shapes(step.moment.state),
        )

    def _after(self, wish: _Wish) -> None:
        session = self._session
        if wish.select is not None:
            session.select(*wish.select)
        if wish.event is not None:
            self.said.emit(line_of(wish.event, session.state, session.links).text)
        self.changed.emit()
        self.shown.emit()

    def _on_broken(self, turn: int, error: Exception) -> None:
        if turn == self._turn:
            self._is_making, self._wish = False, None
            self.pause()
            self.said.emit(f"This moment cannot be shown: {error}")
            self.changed.emit()

    # Recordings

    def _on_loaded(self, loaded: Loaded) -> None:
        recording = loaded.recording
        self._loaded, self._stepper = loaded, Stepper(recording)
        self._turn += 1
        self._is_making = False
        self.bookmarks.open(recording.info.epoch, recording.info.bookmarks)
        if self._session.is_recording:
            self._session.epoch = recording.info.epoch
            self._wish = self._wish or _Wish(recording.info.ends)
        self.changed.emit()
        self._go_on()

    def _on_loader_changed(self) -> None:
        if self._loader.trouble and self.recording is not None:
            # What is at hand ends earlier: its end is shown instead.
            self.said.emit(f"The recording ends here: {self._loader.trouble}")
            self._go_on()
        self.changed.emit()

    def _on_live_replaced(self) -> None:
        """Another journal: what is recorded of the one before cannot be gone on with."""
        if self.recording is not None and not self._is_of_this_journal:
            self.leave()
            self._loaded = self._stepper = None
            self.changed.emit()
