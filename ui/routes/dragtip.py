"""What a drag would do, in a box beside the pointer."""

from math import ceil

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.draft.consequences import as_text, brief, consequences
from ui.draft.draft import Draft
from ui.routes.phraseflow import PhraseFlow
from ui.routes.previewbox import HEADLINE_PX, Headline
from ui.session import Session
from ui.widgets.text import width_of

_WIDTH_PX, _PAD_PX, _BESIDE_PX = (340, 480), 10, 22


class DragTip(QFrame):
    """The draft's headline and its consequences; never takes the mouse or the keyboard."""

    def __init__(self, session: Session, draft: Draft, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self._session, self._draft = session, draft
        self._head, self._flow = Headline(session.theme), PhraseFlow(session.theme)
        self._said = ("", "")
        self.setObjectName("drag_tip")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        column = QVBoxLayout(self)
        column.setContentsMargins(_PAD_PX, _PAD_PX - 3, _PAD_PX, _PAD_PX - 3)
        column.setSpacing(3)
        column.addWidget(self._head)
        column.addWidget(self._flow)
        session.theme.theme_changed.connect(self._dress)
        self._dress()

    @property
    def words(self) -> str:
        """Everything it says."""
        return f"{self._head.words}\n{self.accessibleDescription()}".strip()

    def tell(self) -> None:
        """Say what the draft would do now."""
        found = self._draft.impact
        lines = brief(consequences(self._session, found)) if found is not None else ()
        if (self._draft.headline, as_text(lines)) == self._said:
            return
        self._said = (self._draft.headline, as_text(lines))
        self._head.say(self._draft.headline)
        self._flow.show_lines(lines)
        self._flow.setVisible(bool(lines))
        self.setAccessibleDescription(as_text(lines))
        inner = self._inner_px()
        body = self._flow.heightForWidth(inner) if lines else 0
        self.resize(inner + 2 * _PAD_PX + 2, HEADLINE_PX + body + 2 * _PAD_PX)

    def _inner_px(self) -> int:
        """As wide as the headline, within limits."""
        least, most = (limit - 2 * _PAD_PX - 2 for limit in _WIDTH_PX)
        return min(most, max(least, ceil(width_of(self._head.words, bold=True)) + 1))

    def stand(self, at: QPoint) -> None:
        """Stand to the right of a point (global), level with it."""
        screen = self.screen().availableGeometry()
        top = at.y() - self.height() // 2
        self.move(at.x(), max(screen.top(), min(top, screen.bottom() - self.height())))
        self.show()

    def follow(self, at: QPoint) -> None:
        """Stand beside the pointer (global), above it where there is room."""
        screen = self.screen().availableGeometry()
        box = QRect(at + QPoint(_BESIDE_PX, -_BESIDE_PX - self.height()), self.size())
        if box.top() < screen.top():
            box.moveTop(at.y() + _BESIDE_PX)
        if box.right() > screen.right():
            box.moveRight(at.x() - _BESIDE_PX)
        self.move(box.topLeft())
        self.show()

    def _dress(self) -> None:
        theme = self._session.theme
        ground, line = theme.color("selection").name(), theme.color("selection_line").name()
        self.setStyleSheet(f"#drag_tip {{ background: {ground}; border: 1px solid {line}; }}")
