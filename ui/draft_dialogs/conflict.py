"""The conflict view: their change, mine, and both together, side by side."""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.draft.draft import Draft
from ui.draft.outcome import Conflict
from ui.draft.words import route_words, stops_words
from ui.draft_dialogs.versions import Choice, version_rows, versions
from ui.draft_dialogs.versionview import Heading, VersionView
from ui.session import Session
from ui.theme import TITLE_PX
from ui.widgets.notice import Notice

_SIZE = (1160, 640)
_MARGIN_PX = 40
_NAMED = 3
_BUTTONS = {
    Choice.THEIRS: "1 · Take theirs",
    Choice.MINE: "2 · Keep mine",
    Choice.MERGED: "3 · Use merged",
}


class ConflictDialog(QDialog):
    """Lets the user decide what becomes of two changes of the same routes.

    Nothing is sent: what is chosen becomes the draft, and is committed by hand.

    Args:
        session: the shift.
        draft: what is resolved.
        parent: the window it lies over.

    Attributes:
        views: the three columns.
        chosen: what the user decided, a `Choice`.
    """

    chosen = Signal(object)

    def __init__(self, session: Session, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._draft = session, draft
        self._conflict: Conflict | None = None
        self._title, self.notice = QLabel(), Notice(session.theme)
        self.views = {
            choice: VersionView(session, Heading(choice.title(), "", _BUTTONS[choice]))
            for choice in Choice
        }
        self.later_button = QPushButton("Decide &later")
        self.setWindowTitle("Somebody else changed this")
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        self._title.setFont(self._session.theme.font(TITLE_PX, bold=True))
        self._title.setWordWrap(True)
        columns, below = QHBoxLayout(), QHBoxLayout()
        columns.setSpacing(14)
        for view in self.views.values():
            columns.addWidget(view, 1)
        self.later_button.setToolTip(
            "Close this (Esc). The draft stays; a commit asks you again before it is sent."
        )
        self.later_button.setAutoDefault(False)
        below.addWidget(QLabel("Nothing is sent: what you choose becomes your draft."))
        below.addStretch(1)
        below.addWidget(self.later_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(10)
        column.addWidget(self._title)
        column.addWidget(self.notice)
        column.addLayout(columns, 1)
        column.addLayout(below)
        over = self.parentWidget()
        room = over.size() if over is not None else None
        wide = min(_SIZE[0], room.width() - _MARGIN_PX) if room else _SIZE[0]
        tall = min(_SIZE[1], room.height() - _MARGIN_PX) if room else _SIZE[1]
        self.resize(wide, tall)

    def _listen(self) -> None:
        self.later_button.clicked.connect(self.reject)
        for key, (choice, view) in enumerate(self.views.items(), start=1):
            view.button.clicked.connect(lambda _checked=False, one=choice: self.choose(one))
            shortcut = QShortcut(QKeySequence(str(key)), self)
            shortcut.activated.connect(view.button.click)
            bar = view.list.verticalScrollBar()
            bar.valueChanged.connect(self._scroll_together)
        self.views[Choice.MERGED].button.setProperty("primary", True)

    def _scroll_together(self, value: int) -> None:
        for view in self.views.values():
            view.list.verticalScrollBar().setValue(value)

    # What is asked of it

    def show_conflict(self, conflict: Conflict) -> None:
        """Show a conflict, or what became of it since."""
        self._conflict = conflict
        names = [route_words(self._session, route_id) for route_id in conflict.routes]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        who = conflict.who or "Somebody"
        self._title.setText(f"{who} changed {', '.join(names[:_NAMED])}{more} while you did")
        for version in versions(conflict):
            view = self.views[version.choice]
            view.set_heading(self._heading(version.choice, conflict))
            rows = version_rows(self._session, conflict, version, self._draft.stop)
            view.show_version(rows, version.impact)
        self.notice.say("lost", "\n".join(self._lost(conflict)))
        self.views[Choice.MERGED].button.setFocus()

    def choose(self, choice: Choice) -> None:
        """Let a version become the draft."""
        conflict, self._conflict = self._conflict, None
        if conflict is None:
            return
        orders = {one.choice: one.orders for one in versions(conflict)}
        self._draft.resolve(orders[choice])
        self.chosen.emit(choice)
        self.accept()

    # Words

    def _heading(self, choice: Choice, conflict: Conflict) -> Heading:
        return Heading(choice.title(), self._says(choice, conflict), _BUTTONS[choice])

    @staticmethod
    def _says(choice: Choice, conflict: Conflict) -> str:
        if choice is Choice.THEIRS:
            why = f": {conflict.why}" if conflict.why else ""
            return f"As it stands now, by {conflict.who or 'somebody'}{why}. Drops your draft."
        if choice is Choice.MINE:
            return "Your draft as if they had changed nothing. Undoes what they did here."
        return "Your gestures done again on theirs."

    def _lost(self, conflict: Conflict) -> Iterator[str]:
        """What of the gestures can no longer be done as it was meant, and why."""
        for stop_id in sorted(conflict.dropped):
            yield self._draft.why_fixed(stop_id) or f"Stop {stop_id} is not on any route any more."
        astray = sorted(conflict.astray - conflict.dropped)
        if astray:
            what = stops_words(self._session, astray)
            yield (f"You put {what} before one that is no longer there: check the merged version.")
