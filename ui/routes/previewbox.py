"""The box below the stops: what the draft would do, live while stops are dragged."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QVBoxLayout, QWidget

from ui.draft.consequences import Line, as_text, brief, consequences
from ui.draft.draft import Draft
from ui.draft.words import stop_words
from ui.routes.phraseflow import PhraseFlow
from ui.session import Session
from ui.theme import Theme
from ui.widgets.text import draw_text

HEADLINE_PX = 18
"""Height of the first line."""

_MOST_LISTED = 40
_PAD_PX, _EDGE_PX, _GAP_PX = 10, 6, 2


class PreviewBox(QFrame):
    """Hidden while there is nothing to say.

    Attributes:
        most_px: its greatest height.
        is_brief: leave out what stays as it is.
        stop_chosen: id of a stop picked from those a figure speaks of.
    """

    stop_chosen = Signal(str)

    def __init__(self, session: Session, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._draft = session, draft
        self._lines: tuple[Line, ...] = ()
        self._menu = QMenu(self)
        self.most_px, self.is_brief, self._yields = 140, False, False
        self.setObjectName("preview")
        self.setAccessibleName("What the change does")
        self._head, self._room = Headline(session.theme), QScrollArea()
        self.flow = PhraseFlow(session.theme)
        self.flow.picked.connect(self._on_picked)
        self._room.setWidget(self.flow)
        self._room.setWidgetResizable(True)
        self._room.setFrameShape(QFrame.Shape.NoFrame)
        self._room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(_PAD_PX, _EDGE_PX, _PAD_PX, _EDGE_PX)
        column.setSpacing(_GAP_PX)
        column.addWidget(self._head)
        column.addWidget(self._room, 1)
        column.addStretch(0)
        self.hide()
        session.theme.theme_changed.connect(self._dress)
        draft.changed.connect(self.refresh)
        session.selection_changed.connect(self.refresh)
        self._dress()

    @property
    def words(self) -> str:
        """Everything it says, as plain text."""
        return f"{self._head.words}\n{as_text(self._lines)}".strip() if self.isVisible() else ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """What it says below its headline."""
        return self._lines

    def refresh(self) -> None:
        """Say what the draft does now."""
        draft = self._draft
        headline = "Sending…" if draft.is_sending else draft.headline
        lines = consequences(self._session, draft.impact) if draft.impact else ()
        self._lines = brief(lines) if self.is_brief else lines
        self._head.say(headline)
        self.flow.show_lines(self._lines)
        self._room.setVisible(bool(self._lines))
        self.setVisible(bool(headline) and not (self._yields and draft.lifted))
        self._fit()

    def set_yielding(self, *, yielding: bool) -> None:
        """While stops are dragged, leave its place to them: somebody else says what that does."""
        if yielding != self._yields:
            self._yields = yielding
            self.refresh()

    def _fit(self) -> None:
        """As tall as its words, up to a limit; while stops are dragged it does not shrink."""
        inner = max(60, self.width() - 2 * _PAD_PX - 2)
        body = self.flow.heightForWidth(inner)
        self.flow.setMinimumHeight(body)
        wanted = HEADLINE_PX + 2 * _EDGE_PX + 2 + (body + _GAP_PX if self._lines else 0)
        if self._draft.lifted and self.isVisible():
            wanted = max(wanted, self.maximumHeight())
        if (height := min(wanted, self.most_px)) != self.maximumHeight():
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        """As tall as it was fitted."""
        return QSize(200, self.maximumHeight())

    def _on_picked(self, stops: Sequence[str]) -> None:
        """Which stops: the only one is selected, of several a menu lets one be picked."""
        if len(stops) == 1:
            self.stop_chosen.emit(stops[0])
            return
        self._menu.clear()
        for stop_id in stops[:_MOST_LISTED]:
            action = self._menu.addAction(self._name(stop_id).replace("&", "&&"))
            action.triggered.connect(
                lambda _checked=False, chosen=stop_id: self.stop_chosen.emit(chosen)
            )
        if len(stops) > _MOST_LISTED:
            self._menu.addAction(f"and {len(stops) - _MOST_LISTED} more").setEnabled(False)
        self._menu.popup(QCursor.pos() + QPoint(0, 8))

    def _name(self, stop_id: str) -> str:
        stop = self._draft.stop(stop_id)
        plan = stop.plan if stop else None
        name = stop_words(self._session, stop_id)
        return " · ".join(filter(None, (name, plan.customer if plan else "")))

    def _dress(self) -> None:
        theme = self._session.theme
        ground, edge = theme.color("selection").name(), theme.color("selection_line").name()
        self.setStyleSheet(
            f"#preview {{ background: {ground}; border: 1px solid {edge}; border-radius: 6px; }}"
            "#preview QScrollArea, #preview QScrollArea > QWidget > QWidget"
            " { background: transparent; }"
        )
        self.refresh()


class Headline(QWidget):
    """One line in the accent colour."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self.words = theme, ""
        self.setFixedHeight(HEADLINE_PX)

    def say(self, words: str) -> None:
        """Say something else."""
        if words != self.words:
            self.words = words
            self.setAccessibleName(words)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the words, cut where there is no room."""
        accent = self._theme.color("accent")
        draw_text(QPainter(self), QRectF(self.rect()), self.words, accent, bold=True)
