"""The bar of time travel: what is looked at, and everything that moves it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tower.replay.recording import Mark
from ui.exchange import Selection
from ui.replay.iconbutton import IconButton
from ui.replay.player import RATES
from ui.replay.scrubber import Scrubber
from ui.replay.travel import TimeTravel, Where
from ui.replay.typed import typed_time
from ui.replay.words import banner_words, moment_words
from ui.session import Session
from ui.theme import BODY_PX, SMALL_PX

_BUTTONS = {
    "time_play_back": "back",
    "time_play": "play",
    "time_event_before": "event_back",
    "time_event_next": "event_on",
    "time_exception_before": "mark_back",
    "time_exception_next": "mark_on",
}
"""Ids of actions and the signs of their buttons, from left to right."""

_TIME_PX = 108
_RATE_PX = 78


class TravelBar(QFrame):
    """Shown while the past is looked at, and while it is being fetched.

    Args:
        session: its moment, zone and theme.
        travel: what is moved.

    Attributes:
        banner: says what is looked at, so that nobody mistakes it for live.
        scrubber: the span of the shift.
        time: takes a typed time.
        rates: how fast it plays.
    """

    def __init__(self, session: Session, travel: TimeTravel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._travel = session, travel
        self._buttons: dict[str, IconButton] = {}
        self.setObjectName("travelBar")
        self.banner = QLabel()
        self.banner.setObjectName("pastBanner")
        self.banner.setTextFormat(Qt.TextFormat.PlainText)
        self.banner.setAccessibleName("What is looked at")
        self.live = self._word_button("Back to live  ⌫", travel.leave)
        self.cancel = self._word_button("Cancel", travel.cancel)
        self.again = self._word_button("Try again", travel.retry)
        self.scrubber = Scrubber(session, travel)
        self.time, self.rates = self._make_time(), self._make_rates()
        self.marked = QPushButton("Bookmarks ▾")
        self.marked.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._tools = QWidget()
        self._assemble()
        self._listen()
        self._restyle()
        self.refresh()

    # Assembling

    def _word_button(self, words: str, handler: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        button.setObjectName("pastButton")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked=False: handler())
        return button

    def _make_time(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText("Go to 13:42")
        field.setAccessibleName("Go to a time")
        field.setToolTip("A time such as 13:42 or 13:42:10, or a step such as -30 min or +90 s")
        field.setFixedWidth(_TIME_PX)
        field.returnPressed.connect(self._on_time_typed)
        return field

    def _make_rates(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName("Speed of playing")
        box.setToolTip("Speed of playing  (Ctrl+Up, Ctrl+Down)")
        box.setFixedWidth(_RATE_PX)
        for rate in RATES:
            box.addItem(f"×{rate}", rate)
        box.activated.connect(lambda place: self._travel.set_rate(RATES[place]))
        return box

    def _assemble(self) -> None:
        upper = QWidget()
        upper.setObjectName("pastStrip")
        strip = QHBoxLayout(upper)
        strip.setContentsMargins(14, 2, 8, 2)
        strip.addWidget(self.banner, 1)
        for button in (self.again, self.cancel, self.live):
            strip.addWidget(button)
        self._row = QHBoxLayout(self._tools)
        self._row.setContentsMargins(10, 2, 10, 2)
        self._row.setSpacing(4)
        self._row.addWidget(self.rates)
        self._row.addWidget(self.scrubber, 1)
        self._row.addWidget(self.marked)
        self._row.addWidget(self.time)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(upper)
        column.addWidget(self._tools)

    def show_actions(self, actions: Mapping[str, QAction]) -> None:
        """Let the buttons do what these actions do."""
        for place, (name, sign) in enumerate(_BUTTONS.items()):
            button = IconButton(self._session.theme, sign, actions[name])
            self._buttons[name] = button
            self._row.insertWidget(place, button)
        flag = IconButton(self._session.theme, "flag", actions["time_bookmark"])
        self._row.insertWidget(self._row.indexOf(self.marked), flag)

    def _listen(self) -> None:
        session, travel = self._session, self._travel
        travel.changed.connect(self.refresh)
        for signal in (session.past_changed, session.live_advanced, session.beat):
            signal.connect(self.refresh)
        session.theme.theme_changed.connect(self._restyle)
        self.scrubber.moved.connect(self._on_moved)
        self.scrubber.mark_chosen.connect(self._on_mark_chosen)
        self.scrubber.play_wanted.connect(lambda: travel.play(travel.direction or 1))
        self.marked.clicked.connect(self._open_bookmarks)

    # Showing

    def refresh(self) -> None:
        """Say and show how it stands."""
        session, travel = self._session, self._travel
        self.setVisible(travel.is_open)
        if not travel.is_open:
            return
        where = travel.where
        self.banner.setText(banner_words(session, travel))
        self._tools.setVisible(where is Where.PAST)
        self.live.setVisible(not session.is_recording)
        self.cancel.setVisible(bool(travel.step_words))
        self.again.setVisible(bool(travel.trouble) and not session.is_recording)
        self.rates.setCurrentIndex(RATES.index(travel.rate))
        count = len(travel.bookmarks.all)
        self.marked.setText(f"Bookmarks ({count}) ▾" if count else "Bookmarks ▾")
        self.marked.setEnabled(bool(count))
        self._light("time_play", travel.direction > 0)
        self._light("time_play_back", travel.direction < 0)
        self.scrubber.refresh()

    def _light(self, name: str, is_lit: bool) -> None:
        if name in self._buttons:
            self._buttons[name].light(is_lit=is_lit)

    def focus_time(self) -> None:
        """Put the cursor into the field for a typed time."""
        self.time.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.time.selectAll()

    def _restyle(self) -> None:
        theme = self._session.theme
        past, ink = theme.color("past").name(), theme.color("past_text").name()
        self.banner.setFont(theme.font(BODY_PX, bold=True))
        self.marked.setFont(theme.font(SMALL_PX))
        self.setStyleSheet(
            f"#travelBar {{ background: {theme.color('panel').name()};"
            f" border-bottom: 1px solid {theme.color('line').name()}; }}"
            f"#pastStrip {{ background: {past}; }}"
            f"#pastBanner {{ color: {ink}; background: {past}; }}"
            f"#pastButton {{ color: {ink}; background: transparent; border: 1px solid {ink};"
            " border-radius: 5px; padding: 2px 10px; font-weight: 600; }"
            f"#pastButton:hover, #pastButton:focus {{ color: {past}; background: {ink}; }}"
        )

    # Happenings

    def _on_moved(self, at: datetime) -> None:
        self._travel.go_to(at)

    def _on_time_typed(self) -> None:
        travel, session = self._travel, self._session
        at = typed_time(self.time.text(), travel.at, travel.span, session.zone)
        if at is None:
            begins, ends = (session.clock_text(one) for one in travel.span)
            self._say(f"{self.time.text()!r} is no time between {begins} and {ends}.")
            self.time.selectAll()
            return
        self.time.clear()
        self.scrubber.setFocus(Qt.FocusReason.OtherFocusReason)
        travel.go_to(at)

    def _say(self, words: str) -> None:
        self._travel.said.emit(words)

    def _on_mark_chosen(self, mark: Mark) -> None:
        self._travel.go_to(mark.at, Selection("exception", mark.exception_id))

    def _open_bookmarks(self) -> None:
        menu = self.bookmark_menu()
        menu.popup(self.marked.mapToGlobal(QPoint(0, self.marked.height() + 2)))

    def bookmark_menu(self) -> QMenu:
        """The bookmarks to go to, and to forget."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        removing = QMenu("Remove", menu)
        for one in self._travel.bookmarks.all:
            words = f"{moment_words(self._session, one.at)}  {one.words}".replace("&", "&&")
            menu.addAction(words).triggered.connect(
                lambda _checked=False, at=one.at: self._travel.go_to(at)
            )
            removing.addAction(words).triggered.connect(
                lambda _checked=False, gone=one: self._travel.bookmarks.remove(gone)
            )
        menu.addSeparator()
        menu.addMenu(removing)
        return menu
