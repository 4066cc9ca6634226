"""Ticks for the values of a dimension, searched for at the gateway."""

from collections.abc import Sequence
from urllib.parse import urlencode

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QPushButton, QWidget

from tower.gateway.kpi_answers import NamedValue, ValuesAnswer
from tower.kpi.facts import Dimension
from ui.answers import AnswerFault, read
from ui.exchange import Answer
from ui.performance.phrases import dimension_words, key_words
from ui.performance.popover import Popover
from ui.session import Session
from ui.widgets.filterbox import FilterBox

VALUES = "/v1/kpi/values"
SEARCH_MS = 150
_SIZE_PX = (280, 300)
_ID = Qt.ItemDataRole.UserRole

_FIXED: dict[Dimension, tuple[str, ...]] = {
    Dimension.WEEKDAY: tuple(str(day) for day in range(7)),
    Dimension.HOUR: tuple(str(hour) for hour in range(24)),
}
"""Values nobody needs to be asked for."""


class ValuePicker(Popover):
    """A search line and a list of ticks; ticked values stand on top.

    Args:
        session: asked.
        dimension: whose values.
        chosen: what is ticked: ids and names.
        parent: what it opens beside.

    Attributes:
        picked: what is ticked now: a dict of ids and names.
    """

    picked = Signal(object)

    def __init__(
        self, session: Session, dimension: Dimension, chosen: dict[str, str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session, self._dimension, self._chosen = session, dimension, dict(chosen)
        self._ticket = 0
        name = dimension_words(dimension)
        self.box = FilterBox(session.theme, f"Search {name.lower()}")
        self.box.setPlaceholderText(f"Search {name.lower()}")
        self.list = QListWidget()
        self.list.setAccessibleName(name)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.clear_button = QPushButton("&Any")
        self.clear_button.setToolTip(f"Let every {name.lower()} through")
        for widget in (self.box, self.list, self.words, self.clear_button):
            self.column.addWidget(widget)
        self.resize(*_SIZE_PX)
        self._searching = QTimer(self)
        self._searching.setSingleShot(True)
        self._searching.setInterval(SEARCH_MS)
        self._searching.timeout.connect(self.search)
        self._listen()
        self.search()
        self.box.setFocus()

    def _listen(self) -> None:
        self.box.textChanged.connect(self._searching.start)
        self.box.list_wanted.connect(self._enter_list)
        self.list.itemChanged.connect(self._on_item_changed)
        self.list.itemActivated.connect(_toggle)
        self.clear_button.clicked.connect(self._clear)

    def search(self) -> None:
        """Show the values that match what is typed."""
        self._searching.stop()
        self._ticket += 1
        prefix, fixed = self.box.text().strip(), _FIXED.get(self._dimension)
        if fixed is not None:
            named = ((one, key_words(self._dimension, one, {})) for one in fixed)
            found = [NamedValue(id=one, name=name) for one, name in named]
            self._show([one for one in found if prefix.casefold() in one.name.casefold()])
            return
        ticket = self._ticket
        query = urlencode({"dimension": self._dimension.value, "prefix": prefix})
        self._say("Searching…")
        self._session.ask(f"{VALUES}?{query}", lambda reply: self._on_reply(ticket, reply))

    def _on_reply(self, ticket: int, reply: Answer) -> None:
        if ticket != self._ticket:
            return
        try:
            found = read(reply, ValuesAnswer)
        except AnswerFault as error:
            self._say(f"No values to choose from: {error}")
            return
        self._show(found.values)
        if found.more:
            self._say("There are more; type how it begins.")

    def _show(self, values: Sequence[NamedValue]) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for id_, name in self._chosen.items():
            self.list.addItem(_item(id_, name, ticked=True))
        for one in values:
            if one.id not in self._chosen:
                name = one.name or key_words(self._dimension, one.id, {})
                self.list.addItem(_item(one.id, name, ticked=False))
        self.list.blockSignals(False)
        self._say("" if self.list.count() else "Nothing has that name.")

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def _enter_list(self) -> None:
        if self.list.count():
            self.list.setFocus()
            self.list.setCurrentRow(max(0, self.list.currentRow()))

    def _on_item_changed(self, item: QListWidgetItem) -> None:
        id_ = str(item.data(_ID))
        if item.checkState() is Qt.CheckState.Checked:
            self._chosen[id_] = item.text()
        else:
            self._chosen.pop(id_, None)
        self.picked.emit(dict(self._chosen))

    def _clear(self) -> None:
        self._chosen = {}
        self.picked.emit({})
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is done with choosing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        else:
            super().keyPressEvent(event)


def _item(id_: str, name: str, *, ticked: bool) -> QListWidgetItem:
    item = QListWidgetItem(name)
    item.setData(_ID, id_)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
    return item


def _toggle(item: QListWidgetItem) -> None:
    is_on = item.checkState() is Qt.CheckState.Checked
    item.setCheckState(Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked)
