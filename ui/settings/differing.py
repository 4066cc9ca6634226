"""One threshold that differs for a service level, a carrier or a depot."""

from typing import NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from tower.domain.rulebook import Threshold
from tower.domain.state import State
from tower.watch.thresholds import Declared
from ui.settings.number import NumberField


class Places(NamedTuple):
    """What a threshold may differ by, each as id to name."""

    levels: dict[str, str]
    carriers: dict[str, str]
    depots: dict[str, str]

    @classmethod
    def of(cls, state: State) -> "Places":
        """Those of a shift."""
        plans = (stop.plan for stop in state.stops.values() if stop.plan is not None)
        levels = sorted({plan.service_level for plan in plans} - {""})
        return cls(
            {level: level for level in levels},
            {id_: entry.value.name for id_, entry in state.carriers.items()},
            {id_: entry.value.name for id_, entry in state.depots.items()},
        )


_STRETCH = {"Threshold": 2, "Service level": 1, "Carrier": 1, "Depot": 1}
"""How the room of a row is shared."""


class DifferingRow(QWidget):
    """The fields of one narrower value.

    Args:
        declared: the thresholds of the kind.
        threshold: the value.
        places: what it may differ by.

    Attributes:
        threshold: the value as edited.
        name: picks the threshold.
        value: its value.
        level, carrier, depot: pick for what it holds.
        changed: it was edited.
        removed: the row is not wanted any more.
    """

    changed = Signal()
    removed = Signal()

    def __init__(
        self, declared: tuple[Declared, ...], threshold: Threshold, places: Places
    ) -> None:
        super().__init__()
        self.threshold = threshold
        self._declared = {one.name: one for one in declared}
        self.name = QComboBox()
        for one in declared:
            self.name.addItem(one.words, one.name)
        self.name.setCurrentIndex(max(0, self.name.findData(threshold.name)))
        _narrow(self.name, 14)
        self.value = NumberField(self._chosen, threshold.value)
        self.level = _picker("every level", places.levels, threshold.service_level)
        self.carrier = _picker("every carrier", places.carriers, threshold.carrier_id)
        self.depot = _picker("every depot", places.depots, threshold.depot_id)
        self.remove_button = QPushButton("×")
        self.remove_button.setToolTip("Remove: the value for everywhere holds again")
        self.remove_button.setAccessibleName("Remove")
        self.remove_button.setAutoDefault(False)
        self.remove_button.setFixedWidth(34)
        self._lay_out()
        self._listen()

    def set_editable(self, *, editable: bool) -> None:
        """Let it be changed, or only read."""
        for widget in self._widgets:
            widget.setEnabled(editable)

    @property
    def _chosen(self) -> Declared:
        return self._declared[str(self.name.currentData())]

    @property
    def _widgets(self) -> tuple[QWidget, ...]:
        return self.name, self.value, self.level, self.carrier, self.depot, self.remove_button

    def _lay_out(self) -> None:
        names = ("Threshold", "Value", "Service level", "Carrier", "Depot", "Remove")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget, words in zip(self._widgets, names, strict=True):
            widget.setAccessibleName(words)
            row.addWidget(widget, _STRETCH.get(words, 0))

    def _listen(self) -> None:
        self.name.activated.connect(self._on_named)
        self.value.changed.connect(lambda _value: self._tell())
        for picker in (self.level, self.carrier, self.depot):
            picker.activated.connect(lambda _row: self._tell())
        self.remove_button.clicked.connect(self.removed)

    def _on_named(self) -> None:
        self.value.take(self._chosen, self._chosen.default)
        self._tell()

    def _tell(self) -> None:
        self.threshold = replace(
            self.threshold,
            name=self._chosen.name,
            value=self.value.value(),
            service_level=str(self.level.currentData()),
            carrier_id=str(self.carrier.currentData()),
            depot_id=str(self.depot.currentData()),
        )
        self.changed.emit()


def _picker(every: str, names: dict[str, str], chosen: str) -> QComboBox:
    picker = QComboBox()
    picker.addItem(every, "")
    for id_, name in names.items():
        picker.addItem(name, id_)
    if chosen and chosen not in names:
        picker.addItem(chosen, chosen)
    picker.setCurrentIndex(max(0, picker.findData(chosen)))
    _narrow(picker, 7)
    return picker


def _narrow(box: QComboBox, letters: int) -> None:
    """Let a box be narrower than its longest words; the list it opens shows them whole."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(letters)
