"""Which stops? The list behind a number, a bar or a point."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tower.domain.records import Stop
from ui.exchange import Selection
from ui.session import Session
from ui.subjects import words_of
from ui.theme import BODY_PX, SMALL_PX
from ui.widgets.beside import move_beside

SIZE_PX = (430, 320)
MOST = 500
"""Longer lists are cut, and say so."""

_ID = Qt.ItemDataRole.UserRole


class StopsPopup(QFrame):
    """A list of stops beside what was clicked; choosing one selects it everywhere.

    Args:
        session: selects.
        title: what the stops have in common.
        stop_ids: in the order they are to be shown.
        parent: what was clicked.
    """

    def __init__(
        self, session: Session, title: str, stop_ids: Sequence[str], parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._session = session
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setObjectName("stopsPopup")
        self.resize(*SIZE_PX)
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setFont(session.theme.font(SMALL_PX))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        heading = QLabel(f"{title} · {_count(len(stop_ids))}")
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setFont(session.theme.font(BODY_PX, bold=True))
        heading.setContentsMargins(10, 8, 10, 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(heading)
        layout.addWidget(self.list, 1)
        for stop_id in stop_ids[:MOST]:
            self.list.addItem(self._item(stop_id))
        self.list.itemClicked.connect(self._on_item_chosen)
        self.list.itemActivated.connect(self._on_item_chosen)
        self.list.setFocus()

    def _item(self, stop_id: str) -> QListWidgetItem:
        stop = self._session.state.stops.get(stop_id)
        words = words_of(self._session, Selection("stop", stop_id)) or stop_id
        item = QListWidgetItem(f"{self._when(stop)}   {words}" if stop else words)
        item.setData(_ID, stop_id)
        return item

    def _when(self, stop: Stop) -> str:
        state = stop.state.value.replace("_", " ")
        if stop.finished_at is not None:
            return f"{self._session.clock_text(stop.finished_at)} {state}"
        arrival = self._session.arrivals.row(stop.id)
        return f"ETA {self._session.clock_text(arrival.p50)}" if arrival else state

    def _on_item_chosen(self, item: QListWidgetItem) -> None:
        self._session.select("stop", str(item.data(_ID)))
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)


def _count(stops: int) -> str:
    cut = f", the first {MOST} shown" if stops > MOST else ""
    return f"{stops} stop{'' if stops == 1 else 's'}{cut}"


def show_stops(
    session: Session, title: str, stop_ids: Sequence[str], beside: QWidget, at: QPoint
) -> StopsPopup:
    """Open the list of stops at a point of a widget, kept within its screen."""
    popup = StopsPopup(session, title, stop_ids, beside)
    move_beside(popup, beside, at)
    popup.show()
    return popup
