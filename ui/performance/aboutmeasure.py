"""What a measure means: words, formula, lineage, version, and its target, to be edited."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QPushButton, QWidget

from tower.kpi.measures.definition import Definition
from ui.performance.definitions import Definitions, with_target
from ui.performance.keeping import Keeping
from ui.performance.phrases import target_words
from ui.performance.popover import Popover
from ui.theme import SMALL_PX, TITLE_PX, Theme
from ui.widgets.sidebyside import side_by_side

_WIDTH_PX = 380
_MOST = 1_000_000.0


class AboutMeasure(Popover):
    """The definition of a measure; supervisors set its target here.

    Args:
        theme: colours and type.
        definitions: the measures.
        key: of the measure.
        keeping: takes another target.
        parent: what it opens beside.

    Attributes:
        target: the target's field; save_button and own_button: keep it, or the measure's own.
    """

    def __init__(
        self,
        theme: Theme,
        definitions: Definitions,
        key: str,
        keeping: Keeping,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._theme, self._keeping = theme, keeping
        self._definition = definition = definitions.known[key]
        held = definitions.target(key)
        self.setAccessibleName(f"What “{definition.title}” means")
        self.target = QDoubleSpinBox()
        self.save_button, self.own_button = QPushButton("&Set target"), QPushButton("Its &own")
        self._add(definition.title, TITLE_PX, bold=True)
        self._add(definition.words)
        self._add(f"= {definition.formula}", colour="accent")
        self._add(_about(definition, definitions.version), SMALL_PX, colour="muted")
        self._add(f"Target in force: {target_words(held, definition) or 'none'}", bold=True)
        if keeping.may_change:
            self._add_target(definition, held)
        else:
            self._add("Targets are set by supervisors.", SMALL_PX, colour="muted")
        self.setFixedWidth(_WIDTH_PX)

    def _add(self, words: str, size_px: int = 12, *, bold: bool = False, colour: str = "") -> None:
        label = QLabel(words)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setFont(self._theme.font(size_px, bold=bold))
        if colour:
            label.setStyleSheet(f"color: {self._theme.color(colour).name()}")
        self.column.addWidget(label)

    def _add_target(self, definition: Definition, held: float | None) -> None:
        self.target.setRange(-_MOST, _MOST)
        self.target.setDecimals(max(1, definition.decimals))
        self.target.setSuffix(f" {definition.unit}" if definition.unit else "")
        self.target.setValue(held or 0.0)
        self.target.setAccessibleName(f"Target of {definition.title}")
        self.own_button.setToolTip("Back to the target of the definition")
        for button in (self.save_button, self.own_button):
            button.setAutoDefault(False)
        self.column.addLayout(side_by_side(self.target, self.save_button, self.own_button))
        self.save_button.clicked.connect(lambda: self._set(self.target.value()))
        self.own_button.clicked.connect(lambda: self._set(None))

    def _set(self, value: float | None) -> None:
        definition = self._definition
        wanted = definition.target if value is None else value
        words = target_words(wanted, definition) or "none"
        self._keeping.change(
            lambda held: with_target(held, definition, value),
            f"Target of {definition.title}: {words}",
        )
        self.close()


def _about(definition: Definition, version: int) -> str:
    lineage = ", ".join(definition.lineage)
    better = {"higher": "higher is better", "lower": "lower is better"}.get(
        definition.better.value, "either side of its target is bad"
    )
    return f"{better.capitalize()}. Made of the events {lineage}. Definitions, version {version}."
