"""The customers a message may go to, each with a box, a reason, a way and the policy's word."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from tower.gateway.telling.answers import Preview, Previews
from ui.outreach.recipients import Recipient, says_words, way_words
from ui.outreach.wire import may_be_sent
from ui.session import Session
from ui.tips import plain_tip

_WIDEST_PX, _APART_PX = 260, 10
_COLUMNS = ("Customer", "Why", "How", "What the policy says")
_NAME, _WHY, _WAY, _SAYS = range(len(_COLUMNS))
_ID = int(Qt.ItemDataRole.UserRole)


class RecipientList(QTreeWidget):
    """Rows of customers; who may not be told cannot be ticked.

    Attributes:
        ticked: the user ticked somebody, or no longer.
        walked: another row is marked.
    """

    ticked = Signal()
    walked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._unticked: set[str] = set()
        self.setAccessibleName("Customers")
        self.setHeaderLabels(_COLUMNS)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QTreeView::item { padding: 4px 2px; }")
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.header().setStretchLastSection(True)
        self.itemChanged.connect(self._on_item_changed)
        self.currentItemChanged.connect(lambda _now, _before: self.walked.emit())

    def forget_ticks(self) -> None:
        """Have everybody ticked who may be told."""
        self._unticked.clear()

    def show_recipients(self, recipients: Sequence[Recipient]) -> None:
        """List customers, the first of them marked."""
        self.clear()
        for one in recipients:
            item = QTreeWidgetItem([one.name, one.why or "on time", "", ""])
            item.setData(_NAME, _ID, one.stop.id)
            self.addTopLevelItem(item)
        self.setCurrentIndex(self.model().index(0, 0))
        self._fit_columns()

    def show_previews(self, shown: Previews | None, *, is_waiting: bool = False) -> None:
        """Say of each how they would be told and what the policy says.

        Args:
            shown: what the gateway says; None where it has not said anything.
            is_waiting: it was asked.
        """
        found = {one.wish.stop_id: one for one in shown.previews} if shown else {}
        self.blockSignals(True)
        for item in self._items():
            item.setText(_SAYS, "looking…" if is_waiting else "")
            self._show_preview(item, found.get(_stop_id(item)), shown)
        self.blockSignals(False)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Give every column but the last the room its words take, up to a limit."""
        for column in range(_SAYS):
            wanted = max(self.sizeHintForColumn(column), self.header().sectionSizeHint(column))
            self.header().resizeSection(column, min(wanted, _WIDEST_PX) + _APART_PX)

    @property
    def chosen(self) -> frozenset[str]:
        """Ids of the stops whose customers are ticked."""
        return frozenset(_stop_id(item) for item in self._items() if _is_ticked(item))

    @property
    def marked(self) -> str:
        """Id of the stop whose row is marked, "" for none."""
        return str(self.currentIndex().siblingAtColumn(_NAME).data(_ID) or "")

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.topLevelItem(place) for place in range(self.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _show_preview(
        self, item: QTreeWidgetItem, preview: Preview | None, shown: Previews | None
    ) -> None:
        may_send = preview is not None and may_be_sent(preview)
        is_ticked = may_send and _stop_id(item) not in self._unticked
        item.setCheckState(_NAME, Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        item.setFlags(flags | Qt.ItemFlag.ItemIsUserCheckable if may_send else flags)
        if preview is None or shown is None:
            return
        says = says_words(self._session, preview, shown.currency)
        item.setText(_WAY, way_words(preview))
        item.setText(_SAYS, says)
        item.setToolTip(_SAYS, plain_tip(says))
        item.setForeground(_SAYS, self._session.theme.color("text" if may_send else "late"))

    def _on_item_changed(self, item: QTreeWidgetItem, _column: int) -> None:
        if _is_ticked(item):
            self._unticked.discard(_stop_id(item))
        else:
            self._unticked.add(_stop_id(item))
        self.ticked.emit()


def _stop_id(item: QTreeWidgetItem) -> str:
    return str(item.data(_NAME, _ID))


def _is_ticked(item: QTreeWidgetItem) -> bool:
    return item.checkState(_NAME) is Qt.CheckState.Checked
