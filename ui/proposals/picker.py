"""The window in which several routes are picked for optimising together."""

from collections.abc import Collection, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tower.domain.records import Route
from tower.routes.change import open_order
from ui.proposals.scope import late_routes, routes_with_work
from ui.session import Session
from ui.widgets.filterbox import FilterBox

_ID = Qt.ItemDataRole.UserRole
_SIZE = (430, 480)


class RoutePicker(QDialog):
    """Every route that still has work, to be checked; those that are late can be checked at once.

    Args:
        session: the shift.
        checked: ids of the routes checked at first.
        parent: the window it lies over.

    Attributes:
        picked: tuple of the ids of the checked routes.
        list: the routes.
    """

    picked = Signal(object)

    def __init__(
        self, session: Session, checked: Collection[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Optimise several routes together")
        self._session = session
        self._late = frozenset(late_routes(session))
        self.list, self._words = QListWidget(), QLabel()
        self.list.setAccessibleName("Routes to optimise")
        self.list.setSpacing(3)
        self.filter_box = FilterBox(session.theme, "Filter routes")
        self.filter_box.setPlaceholderText("Filter by route or driver")
        self.late_button, self.all_button = QPushButton("&Late ones"), QPushButton("&All")
        self.none_button = QPushButton("&None")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.start_button = self._buttons.addButton(
            "Optimise", QDialogButtonBox.ButtonRole.AcceptRole
        )
        for route in routes_with_work(session):
            self._add(route, is_checked=route.id in checked)
        self._lay_out()
        self._listen()
        self._on_changed()
        self.resize(*_SIZE)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.addWidget(
            QLabel("Stops may move between the checked routes where that helps all of them.")
        )
        row = QHBoxLayout()
        row.addWidget(self.filter_box, 1)
        for button in (self.late_button, self.all_button, self.none_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        column.addWidget(self._words)
        column.addWidget(self._buttons)
        self.start_button.setDefault(True)
        self.late_button.setEnabled(bool(self._late))
        self.late_button.setToolTip("Check every route with a stop that is, or may be, late")

    def _listen(self) -> None:
        self.list.itemChanged.connect(self._on_changed)
        self.filter_box.textChanged.connect(self._on_filter_changed)
        self.filter_box.list_wanted.connect(self.list.setFocus)
        self.late_button.clicked.connect(lambda: self._check(self._late))
        self.all_button.clicked.connect(lambda: self._check(self._shown()))
        self.none_button.clicked.connect(lambda: self._check(()))
        self._buttons.accepted.connect(self._on_accepted)
        self._buttons.rejected.connect(self.reject)

    @property
    def checked(self) -> tuple[str, ...]:
        """Ids of the checked routes, in the order of the list."""
        return tuple(
            str(item.data(_ID))
            for item in self._items()
            if item.checkState() is Qt.CheckState.Checked
        )

    def _add(self, route: Route, *, is_checked: bool) -> None:
        plan = route.plan
        left = len(open_order(self._session.state, route))
        words = " · ".join(
            filter(
                None,
                (
                    route.name,
                    plan.driver_name if plan else "",
                    f"{left} stop{'' if left == 1 else 's'} left",
                    "late or at risk" if route.id in self._late else "",
                ),
            )
        )
        item = QListWidgetItem(words)
        item.setData(_ID, route.id)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if is_checked else Qt.CheckState.Unchecked)
        self.list.addItem(item)

    def _items(self) -> Iterable[QListWidgetItem]:
        return (self.list.item(row) for row in range(self.list.count()))

    def _shown(self) -> frozenset[str]:
        return frozenset(str(item.data(_ID)) for item in self._items() if not item.isHidden())

    def _check(self, route_ids: Collection[str]) -> None:
        for item in self._items():
            is_wanted = item.data(_ID) in route_ids
            item.setCheckState(Qt.CheckState.Checked if is_wanted else Qt.CheckState.Unchecked)

    def _on_filter_changed(self, words: str) -> None:
        wanted = words.casefold().split()
        for item in self._items():
            item.setHidden(not all(word in item.text().casefold() for word in wanted))

    def _on_changed(self) -> None:
        count = len(self.checked)
        none = "No route has stops left." if not self.list.count() else "No route is checked."
        self._words.setText(f"{count} route{'' if count == 1 else 's'} checked." if count else none)
        self.start_button.setEnabled(count > 0)

    def _on_accepted(self) -> None:
        self.picked.emit(self.checked)
        self.accept()
