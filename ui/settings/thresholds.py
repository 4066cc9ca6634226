"""The page of thresholds: per kind of exception the rule's numbers, and where they differ."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from tower.domain.commands import SetThresholds
from tower.domain.rulebook import Threshold
from tower.domain.words import ExceptionKind
from tower.watch.thresholds import Declared, thresholds_of
from ui.session import Session
from ui.settings.differing import DifferingRow, Places
from ui.settings.kindlist import KindList
from ui.settings.number import NumberField
from ui.settings.page import SettingsFault, SettingsPage
from ui.settings.words import kind_title

_ABOUT = (
    "When exceptions are raised, cleared and escalated. What is saved holds at the next look, a "
    "few seconds later, and stands in the journal with your name."
)
_EVERYWHERE = ("", "", "")


class ThresholdsPage(SettingsPage):
    """Edits the thresholds that differ from the rules' own.

    Attributes:
        kinds: picks the kind of exception.
        everywhere: the values that hold where nothing narrower does, by the thresholds' names.
        differing: the rows of narrower values of the kind shown.
        add_button: adds one.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Thresholds", _ABOUT)
        self._values: dict[Declared, float] = {}
        self._narrow: list[Threshold] = []
        self._may = False
        self.kinds = KindList()
        self.everywhere: dict[str, NumberField] = {}
        self.differing: list[DifferingRow] = []
        self.add_button = QPushButton("&Add where it differs")
        self._fill_body()
        self.kinds.currentRowChanged.connect(lambda _row: self._show_kind())
        self.add_button.clicked.connect(self._on_added)
        self.refresh()

    def table(self) -> str:
        """The thresholds' table."""
        return "thresholds"

    def version(self) -> int:
        """The version of the thresholds."""
        return self._session.state.room_thresholds.version

    def show_held(self) -> None:
        """Take the thresholds as they hold."""
        held = self._session.state.room_thresholds.thresholds
        everywhere = {(one.kind, one.name): one.value for one in held if _scope(one) == _EVERYWHERE}
        self._values = {
            declared: everywhere[declared.key]
            for kind in ExceptionKind
            for declared in thresholds_of(kind)
            if declared.key in everywhere
        }
        self._narrow = [one for one in held if _scope(one) != _EVERYWHERE]
        self._show_kind()

    def command(self, version: int) -> SetThresholds:
        """All thresholds as edited."""
        for one in self._narrow:
            if _scope(one) == _EVERYWHERE:
                title = kind_title(one.kind)
                raise SettingsFault(f"{title}: say for what it differs, or remove the row.")
        named = [(one.kind, one.name, _scope(one)) for one in self._narrow]
        if len(set(named)) != len(named):
            raise SettingsFault("Two rows say something about the same thing.")
        everywhere = (
            Threshold(kind=declared.kind, name=declared.name, value=value)
            for declared, value in self._values.items()
        )
        return SetThresholds(version=version, thresholds=(*everywhere, *self._narrow))

    def set_editable(self, *, editable: bool) -> None:
        """Let values be changed, or only read."""
        self._may = editable
        for field in self.everywhere.values():
            field.setEnabled(editable)
        for row in self.differing:
            row.set_editable(editable=editable)
        self.add_button.setEnabled(editable)

    # Showing

    def _fill_body(self) -> None:
        self.add_button.setAutoDefault(False)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.kinds)
        column = QVBoxLayout()
        column.addWidget(self._scroll, 1)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(column, 1)
        self.body.addLayout(row, 1)

    def _show_kind(self) -> None:
        """Build the fields of the kind picked."""
        declared = thresholds_of(self.kinds.kind)
        fields = QWidget()
        column = QVBoxLayout(fields)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        column.addLayout(self._everywhere_grid(declared))
        column.addLayout(self._differing_rows(declared))
        column.addStretch(1)
        self._scroll.setWidget(fields)
        self.set_editable(editable=self._may)

    def _everywhere_grid(self, declared: Iterable[Declared]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        self.everywhere = {}
        for row, one in enumerate(declared):
            field = NumberField(one, self._values.get(one, one.default))
            label, own = QLabel(one.words), QLabel(f"rule's own: {field.text_of(one.default)}")
            label.setBuddy(field)
            label.setWordWrap(True)
            own.setObjectName("muted")
            field.changed.connect(lambda value, one=one: self._on_value(one, value))
            for place, widget in enumerate((label, field, own)):
                grid.addWidget(widget, row, place)
            self.everywhere[one.name] = field
        return grid

    def _differing_rows(self, declared: tuple[Declared, ...]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        self.differing = []
        mine = [one for one in self._narrow if one.kind is self.kinds.kind]
        if mine:
            title = QLabel("Where it differs")
            title.setFont(self._session.theme.font(bold=True))
            column.addWidget(title)
        places = Places.of(self._session.state)
        for one in mine:
            row = DifferingRow(declared, one, places)
            row.changed.connect(self._on_differing)
            row.removed.connect(lambda row=row: self._on_removed(row))
            self.differing.append(row)
            column.addWidget(row)
        return column

    # Happenings

    def _on_value(self, declared: Declared, value: float) -> None:
        if value == declared.default:
            self._values.pop(declared, None)
        else:
            self._values[declared] = value
        self.note_edit()

    def _on_added(self) -> None:
        first = thresholds_of(self.kinds.kind)[0]
        value = self._values.get(first, first.default)
        self._narrow.append(Threshold(kind=self.kinds.kind, name=first.name, value=value))
        self._show_kind()
        self.note_edit()

    def _on_differing(self) -> None:
        others = [one for one in self._narrow if one.kind is not self.kinds.kind]
        self._narrow = [*others, *(row.threshold for row in self.differing)]
        self.note_edit()

    def _on_removed(self, row: DifferingRow) -> None:
        self.differing.remove(row)
        self._on_differing()
        self._show_kind()


def _scope(threshold: Threshold) -> tuple[str, str, str]:
    return threshold.service_level, threshold.carrier_id, threshold.depot_id
