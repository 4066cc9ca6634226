"""Above the queue: what is let through, in which order, and the views under a name."""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QMenu,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.exceptions.model import ExceptionModel
from ui.exceptions.sieve import Sieve
from ui.exceptions.sievemenu import FLAGS, LISTS, SieveMenu, choices
from ui.exceptions.sorting import ORDER_WORDS, Order
from ui.exceptions.views import SavedView, SavedViews, ViewNameTaken
from ui.outreach.phrases import on_one_line
from ui.session import Session
from ui.theme import SMALL_PX
from ui.widgets.filterbox import FilterBox
from ui.widgets.flow import FlowLayout

_MARGINS_PX = (8, 4, 8, 4)
_KEYS = 9
_PLACEHOLDER = "Filter"
_CHIP_MOST = 30
"""Letters of a chip."""


class Chip(NamedTuple):
    """One thing the sieve asks for.

    Attributes:
        words: what it is.
        without: the sieve without it.
    """

    words: str
    without: Sieve


class FilterBar(QWidget):
    """The filter's line, menus and chips.

    Args:
        session: the shift.
        model: is filtered and sorted.
        views: the views under a name.

    Attributes:
        box: the filter's line.
        chips: what is let through, each to be taken away by a click.
        held: says what is held back.
        view_chosen: a saved view was chosen.
        list_wanted: the keys are wanted in the list now.
    """

    view_chosen = Signal(object)
    list_wanted = Signal()

    def __init__(
        self,
        session: Session,
        model: ExceptionModel,
        views: SavedViews,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._model, self._views = session, model, views
        theme = session.theme
        self.box = FilterBox(theme, "Filter exceptions")
        self.box.setPlaceholderText(_PLACEHOLDER)
        self.sieve_menu = SieveMenu(session, lambda: model.sieve, model.sift, self)
        self.order_menu, self.view_menu = QMenu(self), QMenu(self)
        self._filter = self._button("Filter ▾", self.sieve_menu, "What is let through")
        self._order = self._button("", self.order_menu, "What the queue is sorted by")
        self._view = self._button("Views ▾", self.view_menu, "Views under a name")
        self._shown_chips: tuple[Chip, ...] = ()
        self._last_name = ""
        self.chips, self.held = QWidget(), QLabel()
        self._chip_flow = FlowLayout(self.chips, gap_px=5, line_px=4)
        self._assemble()
        self._listen()
        self.refresh()

    def _button(self, words: str, menu: QMenu, tip: str) -> QPushButton:
        button = QPushButton(words)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(
            lambda _checked=False: menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))
        )
        return button

    def _assemble(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.box, 1)
        for button in (self._filter, self._order, self._view):
            row.addWidget(button)
        self.held.setTextFormat(Qt.TextFormat.PlainText)
        self.held.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(*_MARGINS_PX)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.chips)
        column.addWidget(self.held)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("filterBar")

    def _listen(self) -> None:
        self.box.textChanged.connect(self._on_typed)
        self.box.list_wanted.connect(self.list_wanted)
        self.order_menu.aboutToShow.connect(self._fill_orders)
        self.view_menu.aboutToShow.connect(self._fill_views)
        self._model.counted.connect(self.refresh)
        self._session.theme.theme_changed.connect(self._dress)
        self._dress()

    # Showing

    def refresh(self) -> None:
        """Say what is let through and what is held back now."""
        self._order.setText(f"{ORDER_WORDS[self._model.order]} ▾")
        if self.box.text().strip() != self._model.sieve.words:
            self.box.setText(self._model.sieve.words)
        chips = tuple(self._chips())
        if chips != self._shown_chips:
            self._show_chips(chips)
        self.held.setText(self.held_words)
        self.held.setVisible(bool(self.held_words))
        self._dress_held()

    def say_marked(self, count: int) -> None:
        """Say how many rows are marked, where nothing moves for it; one is not spoken of."""
        self.box.setPlaceholderText(f"{count} marked" if count > 1 else _PLACEHOLDER)

    @property
    def held_words(self) -> str:
        """`3 hidden by filter, 1 of them critical`; "" where there is no filter.

        It stands there as long as the filter does, so that nothing moves when something is hidden.
        """
        held = self._model.held
        if not held.rows:
            return "Nothing is hidden by the filter" if self._model.sieve else ""
        grave = f", {held.critical} of them critical" if held.critical else ""
        return f"{held.rows} hidden by filter{grave}"

    def _chips(self) -> Iterator[Chip]:
        sieve = self._model.sieve
        for field, words in FLAGS.items():
            if getattr(sieve, field):
                yield Chip(words, replace(sieve, **{field: False}))
        for field in LISTS:
            ids = getattr(sieve, field)
            names = choices(self._session, field) if ids else {}
            for id_ in sorted(ids):
                yield Chip(names.get(id_, id_), replace(sieve, **{field: ids - {id_}}))

    def _show_chips(self, chips: tuple[Chip, ...]) -> None:
        self._shown_chips = chips
        self._chip_flow.clear()
        for chip in chips:
            self._chip_flow.addWidget(self._chip(chip))
        self.chips.setVisible(bool(chips))

    def _chip(self, chip: Chip) -> QPushButton:
        button = QPushButton(f"{on_one_line(chip.words, _CHIP_MOST)}  ×".replace("&", "&&"))
        button.setToolTip("Do not ask for this any more")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked=False: self._model.sift(chip.without))
        return button

    def _on_typed(self, text: str) -> None:
        self._model.sift(replace(self._model.sieve, words=text.strip()))

    # Orders

    def _fill_orders(self) -> None:
        self.order_menu.clear()
        group = QActionGroup(self.order_menu)
        for order, words in ORDER_WORDS.items():
            action = self.order_menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(order is self._model.order)
            action.triggered.connect(lambda _checked=False, wanted=order: self.sort_by(wanted))
            group.addAction(action)

    def sort_by(self, order: Order) -> None:
        """Sort the queue by something else."""
        self._model.sort_by(order)

    # Saved views

    def _fill_views(self) -> None:
        menu = self.view_menu
        menu.clear()
        for number, view in enumerate(self._views.all, start=1):
            key = f"\tCtrl+{number}" if number <= _KEYS else ""
            action = menu.addAction(view.name.replace("&", "&&") + key)
            action.triggered.connect(lambda _checked=False, one=view: self.view_chosen.emit(one))
        menu.addSeparator()
        menu.addAction("Save this view…").triggered.connect(lambda _checked=False: self.ask_name())
        deleting = menu.addMenu("Delete")
        deleting.setEnabled(bool(self._views.own))
        for view in self._views.own:
            action = deleting.addAction(view.name.replace("&", "&&"))
            action.triggered.connect(
                lambda _checked=False, name=view.name: self._views.delete(name)
            )

    def note_shown(self, view: SavedView) -> None:
        """Remember which of one's own views is shown, to offer its name when it is changed."""
        self._last_name = view.name if view in self._views.own else ""

    def ask_name(self) -> None:
        """Ask under which name what is shown now is kept."""
        dialog = QInputDialog(self)
        dialog.setWindowTitle("Save this view")
        dialog.setLabelText("Name of the view; one of yours with this name is replaced")
        dialog.setTextValue(self._last_name)
        dialog.textValueSelected.connect(self.save_as)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def save_as(self, name: str) -> None:
        """Keep the tab, the order and the filter as they are under a name."""
        if not name.strip():
            return
        model = self._model
        try:
            self._views.save(
                SavedView(name=name, view=model.view, order=model.order, sieve=model.sieve)
            )
        except ViewNameTaken as error:
            QMessageBox.information(self, "Save this view", str(error))

    def _dress_held(self) -> None:
        colour = self._session.theme.color("at_risk" if self._model.held.rows else "muted")
        sheet = f"color: {colour.name()}"
        if sheet != self.held.styleSheet():
            self.held.setStyleSheet(sheet)

    def _dress(self) -> None:
        theme = self._session.theme
        font = theme.font(SMALL_PX)
        for button in (self._filter, self._order, self._view):
            button.setFont(font)
        self.held.setFont(theme.font(SMALL_PX, bold=True))
        self._dress_held()
        self.chips.setFont(font)
        self.setStyleSheet(
            f"#filterBar {{ background: {theme.color('panel').name()};"
            f" border-bottom: 1px solid {theme.color('line').name()}; }}"
            "#filterBar QPushButton { padding: 2px 6px; font-size: 11px; }"
        )
