"""The box below the stops: what the draft would do, live while stops are dragged."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.draft.consequences import Line, Phrase, as_text, consequences
from ui.draft.draft import Draft
from ui.draft.words import stop_words
from ui.session import Session
from ui.theme import BODY_PX, SMALL_PX

_TONES = {
    "plain": "text_secondary",
    "muted": "muted",
    "after": "accent",
    "good": "on_time",
    "risk": "at_risk",
    "bad": "late",
}
_MOST_LISTED = 40
_PAD_PX = 10


class PreviewBox(QFrame):
    """Hidden while there is nothing to say.

    Attributes:
        stop_chosen: id of a stop picked from those a figure speaks of.
    """

    stop_chosen = Signal(str)

    def __init__(self, session: Session, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._draft = session, draft
        self._lines: tuple[Line, ...] = ()
        self._menu = QMenu(self)
        self.most_px = 140
        self.setObjectName("preview")
        self.setAccessibleName("What the change does")
        self._head, self._body = QLabel(), QLabel()
        self._head.setTextFormat(Qt.TextFormat.PlainText)
        self._head.setWordWrap(True)
        self._head.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._body.setTextFormat(Qt.TextFormat.RichText)
        self._body.setWordWrap(True)
        self._body.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._body.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self._body.linkActivated.connect(self._on_link)
        self._room = QScrollArea()
        self._room.setWidget(self._body)
        self._room.setWidgetResizable(True)
        self._room.setFrameShape(QFrame.Shape.NoFrame)
        self._room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(_PAD_PX, 7, _PAD_PX, 7)
        column.setSpacing(3)
        column.addWidget(self._head)
        column.addWidget(self._room)
        self.hide()
        session.theme.theme_changed.connect(self._dress)
        draft.changed.connect(self.refresh)
        self._dress()

    @property
    def words(self) -> str:
        """Everything it says, as plain text."""
        return f"{self._head.text()}\n{as_text(self._lines)}".strip() if self.isVisible() else ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """What it says below its headline."""
        return self._lines

    def refresh(self) -> None:
        """Say what the draft does now."""
        draft = self._draft
        headline = "Sending…" if draft.is_sending else draft.headline
        self._lines = consequences(self._session, draft.impact) if draft.impact else ()
        self._head.setText(headline)
        self._body.setText(self._html())
        self._room.setVisible(bool(self._lines))
        self.setAccessibleDescription(as_text(self._lines))
        self.setVisible(bool(headline))
        self._fit()

    def _fit(self) -> None:
        """As tall as its words, up to a limit; while stops are dragged it does not shrink."""
        inner = max(60, self.width() - 2 * _PAD_PX - 2)
        wanted = self._head.heightForWidth(inner) + 16
        if self._lines:
            wanted += self._body.heightForWidth(inner) + 5
        wanted = min(wanted, self.most_px)
        if self._draft.lifted:
            wanted = max(wanted, self.maximumHeight() if self.isVisible() else 0)
        if wanted != self.maximumHeight():
            self.setFixedHeight(min(wanted, self.most_px))

    def sizeHint(self) -> QSize:
        """As tall as it was fitted."""
        return QSize(200, self.maximumHeight())

    def _html(self) -> str:
        return "".join(
            f"<p style='margin:0 0 2px 0'>{self._line(line)}</p>" for line in self._lines
        )

    def _line(self, line: Sequence[Phrase]) -> str:
        words = ""
        for number, phrase in enumerate(line):
            between = "" if not number else " " if line[number - 1].words.endswith("→") else " · "
            words += escape(between) + self._phrase(phrase)
        return words

    def _phrase(self, phrase: Phrase) -> str:
        colour = self._session.theme.color(_TONES[phrase.tone]).name()
        words = escape(phrase.words)
        if phrase.tone == "after":
            words = f"<b>{words}</b>"
        if not phrase.stops:
            return f"<span style='color:{colour}'>{words}</span>"
        target = escape(" ".join(phrase.stops), quote=True)
        return f"<a href='{target}' style='color:{colour}; text-decoration:none'>{words}</a>"

    def _on_link(self, target: str) -> None:
        """Which stops: the only one is selected, of several a menu lets one be picked."""
        stops = target.split(" ")
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
        accent = theme.color("accent").name()
        self._head.setFont(theme.font(BODY_PX, bold=True))
        self._body.setFont(theme.font(SMALL_PX))
        self.setStyleSheet(
            f"#preview {{ background: {ground}; border: 1px solid {edge}; border-radius: 6px; }}"
            f"#preview > QLabel {{ color: {accent}; }}"
            "#preview QScrollArea, #preview QScrollArea > QWidget > QWidget"
            " { background: transparent; }"
        )
        self.refresh()
