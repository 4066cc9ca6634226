"""Asks for what a piece of work needs: one line to type in, and what is offered below it."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.exceptions.offers import Asked, Offer
from ui.outreach.phrases import breakable
from ui.theme import BODY_PX, SMALL_PX, Theme
from ui.widgets.ownkeys import ENTERS, ESCAPE, claims
from ui.widgets.text import RIGHT, draw_text, width_of

_ROW_PX = 23
_SEEN = 6
_OWN_KEYS = ENTERS | ESCAPE | {Qt.Key.Key_Up, Qt.Key.Key_Down}
_OFFER = int(Qt.ItemDataRole.UserRole)


class PromptField(QLineEdit):
    """The line.

    Attributes:
        stepped: up (-1) or down (1).
        taken: Enter.
        given_up: Escape.
    """

    stepped = Signal(int)
    taken = Signal()
    given_up = Signal()

    def event(self, event: QEvent) -> bool:
        """Its keys are its own while it has the focus, not the window's."""
        return claims(event, _OWN_KEYS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, take, give up, or write."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif event.key() in ENTERS:
            self.taken.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


class _OfferDelegate(QStyledItemDelegate):
    """Draws an offer, and what stands aside of it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(100, _ROW_PX)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        offer: Offer = index.data(_OFFER)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, self._theme.color("selection"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, self._theme.color("panel_hover"))
        box = QRectF(option.rect).adjusted(8, 0, -8, 0)
        draw_text(painter, box, offer.aside, self._theme.color("muted"), RIGHT, SMALL_PX)
        box.setRight(box.right() - width_of(offer.aside, SMALL_PX) - 10)
        draw_text(painter, box, offer.words, self._theme.color("text"))


class Prompt(QFrame):
    """Hidden until something is asked; Enter or a click takes an offer, Esc gives up.

    Attributes:
        field: the line.
        offers: the offers below it.
        closing: it is about to be hidden; the keys want another owner.
    """

    closing = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._asked: Asked | None = None
        self._title, self.field, self.offers = QLabel(), PromptField(), QListWidget()
        self.setObjectName("prompt")
        self._assemble()
        self.field.textChanged.connect(lambda _text: self._fill())
        self.field.stepped.connect(self._step)
        self.field.taken.connect(self._take)
        self.field.given_up.connect(self.close_prompt)
        self.offers.itemClicked.connect(lambda _item: self._take())
        theme.theme_changed.connect(self._dress)
        self._dress()
        self.hide()

    def _assemble(self) -> None:
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        self.field.setMaxLength(2000)
        self.offers.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.offers.setMouseTracking(True)
        self.offers.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.offers.setItemDelegate(_OfferDelegate(self._theme, self.offers))
        self.offers.setAccessibleName("Offers")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 10, 8)
        column.setSpacing(5)
        for part in (self._title, self.field, self.offers):
            column.addWidget(part)

    # What the panel asks

    @property
    def title(self) -> str:
        """What it asks."""
        return self._title.text()

    @property
    def is_asking(self) -> bool:
        """True while it waits for an answer."""
        return self._asked is not None

    def ask(self, asked: Asked) -> None:
        """Ask something, in the place of what was asked before."""
        self._asked = asked
        self._title.setText(breakable(asked.title))
        self.field.setPlaceholderText(asked.hint)
        self.field.setAccessibleName(asked.title)
        self.field.clear()
        self._fill()
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_prompt(self) -> None:
        """Ask nothing any more, forgetting what was written."""
        if self._asked is None:
            return
        self._asked = None
        self.closing.emit()
        self.hide()
        self.field.clear()

    # Happenings

    def _fill(self) -> None:
        if self._asked is None:
            return
        self.offers.clear()
        for offer in self._asked.offers(self.field.text()):
            item = QListWidgetItem(offer.words)
            item.setData(_OFFER, offer)
            self.offers.addItem(item)
        is_marked = self._asked.marks_first or bool(self.field.text().strip())
        self.offers.setCurrentRow(0 if is_marked else -1)
        self.offers.setFixedHeight(_ROW_PX * min(_SEEN, self.offers.count()))
        self.offers.setVisible(self.offers.count() > 0)

    def _step(self, step: int) -> None:
        last = self.offers.count() - 1
        self.offers.setCurrentRow(max(0, min(last, self.offers.currentRow() + step)))

    def _take(self) -> None:
        item = self.offers.currentItem()
        if self._asked is None or item is None:
            return
        offer: Offer = item.data(_OFFER)
        asked = self._asked
        self.close_prompt()
        asked.given(offer.value)

    def _dress(self) -> None:
        theme = self._theme
        self._title.setFont(theme.font(BODY_PX, bold=True))
        self.setStyleSheet(
            f"#prompt {{ background: {theme.color('panel_raised').name()};"
            f" border-top: 1px solid {theme.color('accent').name()}; }}"
            f"#prompt QListWidget {{ background: {theme.color('panel_raised').name()}; }}"
        )
