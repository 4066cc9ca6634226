"""The field and the list of Ctrl+K."""

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ui.palette.entries import build_index, findable
from ui.palette.index import Entry, Hit, SearchIndex
from ui.session import Session
from ui.theme import BODY_PX, SMALL_PX, TITLE_PX, Theme

_LIMIT = 40
_ROW_PX = 42
_ROWS_SHOWN = 9
_WIDTH_PX = 640
_TOP_PX = 74
_SETTLED_MS = 1_000
"""So long after the last whole new state, which may be one moment of many, it is read."""

_Index = QModelIndex | QPersistentModelIndex
_ENTRY = Qt.ItemDataRole.UserRole
_MARKS = {
    "stop": "●",
    "vehicle": "▲",
    "route": "/",
    "exception": "⬢",
    "depot": "■",
    "command": "⌘",
}
_STEPS: dict[int, int] = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: _ROWS_SHOWN,
    Qt.Key.Key_PageUp: -_ROWS_SHOWN,
}
_KIND_COLOURS = {"exception": "late", "command": "accent", "vehicle": "on_time"}


class HitModel(QAbstractListModel):
    """What was found, best first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: list[Hit] = []

    def set_hits(self, hits: list[Hit]) -> None:
        """Show other hits."""
        self.beginResetModel()
        self._hits = hits
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many were found."""
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The entry itself under the user role, its words otherwise."""
        if not index.isValid() or index.row() >= len(self._hits):
            return None
        entry = self._hits[index.row()].entry
        if role == _ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.kind} {entry.title} {entry.detail}"
        return None


class _HitDelegate(QStyledItemDelegate):
    """Draws a hit on two lines with its kind's mark."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(0, _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        entry = index.data(_ENTRY)
        if not isinstance(entry, Entry):
            return
        painter.save()
        box = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, self._theme.color("selection"))
        painter.setPen(self._theme.color(_KIND_COLOURS.get(entry.kind, "muted")))
        painter.setFont(self._theme.font(BODY_PX))
        mark = QRectF(box.x(), box.y(), 40, box.height())
        painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, _MARKS.get(entry.kind, "·"))
        upper = QRectF(box.x() + 40, box.y() + 4, box.width() - 130, 18)
        self._line(painter, upper, entry.title, "text", BODY_PX + 1)
        lower = QRectF(box.x() + 40, box.y() + 22, box.width() - 60, 16)
        self._line(painter, lower, entry.detail, "muted", SMALL_PX)
        right = QRectF(box.right() - 90, box.y() + 4, 76, 18)
        painter.setFont(self._theme.font(SMALL_PX))
        painter.setPen(self._theme.color("muted"))
        painter.drawText(right, Qt.AlignmentFlag.AlignRight, entry.kind)
        painter.restore()

    def _line(self, painter: QPainter, box: QRectF, text: str, colour: str, size: int) -> None:
        font = self._theme.font(size)
        painter.setFont(font)
        painter.setPen(self._theme.color(colour))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class Palette(QFrame):
    """Finds anything; lies over the window until something is chosen or Escape is pressed.

    Attributes:
        command_chosen: the id of an action to trigger.
        index_changed: after the index was made anew.
    """

    command_chosen = Signal(str)
    index_changed = Signal()

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._left: QWidget | None = None
        self._session, self._theme = session, session.theme
        self._index, self._dirty = SearchIndex(()), True
        self._field, self._list, self._model = QLineEdit(), QListView(), HitModel(self)
        self._nothing = QLabel("Nothing has these words. Try fewer letters.")
        self.setObjectName("palette")
        self._assemble()
        self._field.textChanged.connect(self._on_text_changed)
        self._field.installEventFilter(self)
        self._list.clicked.connect(lambda index: self._choose(index.row()))
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLED_MS)
        self._settling.timeout.connect(self._refresh_index)
        session.state_replaced.connect(self._on_state_changed)
        session.records_changed.connect(self._on_records_changed)
        self._theme.theme_changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def _assemble(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        self._field.setPlaceholderText("Find a stop, vehicle, customer, parcel, route or command")
        self._field.setAccessibleName("Find anything")
        self._field.setClearButtonEnabled(True)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_HitDelegate(self._theme, self._list))
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._nothing.setContentsMargins(40, 12, 12, 14)
        for widget in (self._field, self._list, self._nothing):
            layout.addWidget(widget)

    def _restyle(self) -> None:
        colour = self._theme.color
        self._field.setFont(self._theme.font(TITLE_PX))
        self.setStyleSheet(
            f"#palette {{ background: {colour('panel').name()}; border-radius: 8px;"
            f" border: 1px solid {colour('selection_line').name()}; }}"
            " #palette QLineEdit { border: none; background: transparent; padding: 12px; }"
            f" #palette QLabel {{ color: {colour('muted').name()}; }}"
        )

    # Opening, choosing

    def open(self) -> None:
        """Show the field, empty and ready to type into."""
        if not self.isVisible():
            self._left = self._window.focusWidget()
        self._refresh_index()
        self._field.clear()
        self._search("")
        self._place()
        self.show()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_palette(self) -> None:
        """Hide it again, and go on where the keyboard was before."""
        left, self._left = self._left, None
        self.hide()
        known = left is not None and isValid(left) and left.isVisible()
        (left if left is not None and known else self._window).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    def _place(self) -> None:
        window = self._window
        width = min(_WIDTH_PX, window.width() - 40)
        rows = min(self._model.rowCount(), _ROWS_SHOWN)
        list_px = rows * _ROW_PX + (4 if rows else 0)
        self._list.setFixedHeight(list_px)
        self._list.setVisible(bool(rows))
        nothing = not rows and bool(self._field.text().strip())
        self._nothing.setVisible(nothing)
        height = self._field.sizeHint().height() + list_px
        height += (self._nothing.sizeHint().height() if nothing else 0) + 4
        self.setGeometry((window.width() - width) // 2, _TOP_PX, width, height)

    def _choose(self, row: int) -> None:
        entry = self._model.index(row).data(_ENTRY)
        if not isinstance(entry, Entry):
            return
        self.close_palette()
        if entry.kind == "command":
            self.command_chosen.emit(entry.id)
        else:
            self._session.select(entry.kind, entry.id)

    # Typing

    def _on_text_changed(self, text: str) -> None:
        self._search(text)
        self._place()

    def _search(self, text: str) -> None:
        hits = self._index.search(text, _LIMIT) if text.strip() else []
        self._model.set_hits(hits)
        if hits:
            self._list.setCurrentIndex(self._model.index(0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows walk the list, Enter chooses, Escape and leaving the field close."""
        if watched is self._field and isinstance(event, QKeyEvent):
            return event.type() == QEvent.Type.KeyPress and self._key(event.key())
        if watched is self._field and event.type() == QEvent.Type.FocusOut:
            self.hide()
        return super().eventFilter(watched, event)

    def _key(self, key: int) -> bool:
        row = self._list.currentIndex().row()
        if key in _STEPS:
            last = self._model.rowCount() - 1
            self._list.setCurrentIndex(self._model.index(max(0, min(last, row + _STEPS[key]))))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(row)
        elif key == Qt.Key.Key_Escape:
            self.close_palette()
        else:
            return False
        return True

    # The index

    def _on_state_changed(self) -> None:
        self._dirty = True
        self._settling.start()

    def _on_records_changed(self, _changed: object) -> None:
        self._dirty = True

    def _refresh_index(self) -> None:
        if not self._dirty:
            return
        self._dirty = False
        copied = findable(self._session.state, self._session.links)
        self._session.compute(lambda: build_index(copied), self._take_index)

    def _take_index(self, index: SearchIndex) -> None:
        self._index = index
        if self.isVisible():
            self._on_text_changed(self._field.text())
        self.index_changed.emit()
