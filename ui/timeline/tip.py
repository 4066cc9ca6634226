"""What a drag would do, in a box beside the pointer."""

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget

from ui.draft.consequences import Line, consequences
from ui.draft.draft import Draft
from ui.session import Session
from ui.theme import Theme

_WIDTH_PX, _GAP_PX = 320, 22
_COLOURS = {
    "plain": "text_secondary",
    "muted": "muted",
    "after": "accent",
    "good": "on_time",
    "risk": "at_risk",
    "bad": "late",
}


class DragTip(QLabel):
    """The draft's headline and its consequences; never takes the mouse or the keyboard."""

    def __init__(self, session: Session, draft: Draft, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self._session, self._draft = session, draft
        self.setObjectName("drag_tip")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setMargin(9)
        self.setMaximumWidth(_WIDTH_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)

    def tell(self) -> None:
        """Say what the draft would do now."""
        theme, found = self._session.theme, self._draft.impact
        self.setStyleSheet(_look(theme))
        lines = consequences(self._session, found) if found is not None else ()
        headline = escape(self._draft.headline)
        title = f"<b style='color:{theme.color('accent').name()}'>{headline}</b>"
        self.setText("<br>".join([title, *_rows(lines, theme)]))
        self.setFixedWidth(_WIDTH_PX)
        self.adjustSize()

    def follow(self, at: QPoint) -> None:
        """Stand beside the pointer (global), above it where there is room."""
        screen = self.screen().availableGeometry()
        box = QRect(at + QPoint(_GAP_PX, -_GAP_PX - self.height()), self.size())
        if box.top() < screen.top():
            box.moveTop(at.y() + _GAP_PX)
        if box.right() > screen.right():
            box.moveRight(at.x() - _GAP_PX)
        self.move(box.topLeft())
        self.show()


def _look(theme: Theme) -> str:
    ground, line = theme.color("selection").name(), theme.color("selection_line").name()
    return f"#drag_tip {{ background: {ground}; border: 1px solid {line}; border-radius: 6px; }}"


def _rows(lines: Iterable[Line], theme: Theme) -> list[str]:
    return [_row(line, theme) for line in lines]


def _row(line: Line, theme: Theme) -> str:
    found = ""
    for phrase in line:
        gap = "" if not found else " " if found.endswith("→</span>") else " · "
        colour = theme.color(_COLOURS[phrase.tone]).name()
        found += f"{gap}<span style='color:{colour}'>{escape(phrase.words)}</span>"
    return found
