"""Three sliders: what matters how much."""

from typing import NamedTuple

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from tower.routes.weights import KM_A_CHANGE, KM_A_LATE_MINUTE, Weights
from ui.theme import SMALL_PX, Theme

STEPS = (0.0, 0.25, 1.0, 4.0, 16.0)
"""The weights a slider has, from the left; 1 is the usual."""

_WORDS = ("does not matter", "matters little", "matters as usual", "matters much", "above all")
_USUAL = STEPS.index(1.0)
_KEY = "proposals/weights"
_BETWEEN_PX = 28


class _Weighed(NamedTuple):
    name: str
    title: str
    says: str


_SLIDERS = (
    _Weighed("lateness", "&Lateness", "Minutes after the end of a promised window"),
    _Weighed("distance", "&Distance", "Kilometres still to be driven"),
    _Weighed("change", "&Change", "Stops that follow another stop than the driver knows"),
)


class Weighing(QWidget):
    """Lateness, distance, and change from what the driver knows.

    Args:
        theme: colours and type.
        settings: keeps what was chosen last; None keeps nothing.

    Attributes:
        sliders: by the names of the weights.
        settings: where what was chosen is kept.
        weighed: other weights are wanted.
    """

    weighed = Signal()

    def __init__(self, theme: Theme, settings: QSettings | None = None) -> None:
        super().__init__()
        self._theme, self.settings = theme, settings
        self.sliders: dict[str, QSlider] = {}
        self._words: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(2)
        for place, one in enumerate(_SLIDERS):
            self._add(grid, 3 * place, one)
            grid.setColumnStretch(3 * place + 1, 1)
            if place:
                grid.setColumnMinimumWidth(3 * place - 1, _BETWEEN_PX)
        self._say()
        theme.theme_changed.connect(self._dress)
        self._dress()

    @property
    def weights(self) -> Weights:
        """What is chosen."""
        chosen = {name: STEPS[slider.value()] for name, slider in self.sliders.items()}
        return Weights(**chosen)

    def _add(self, grid: QGridLayout, column: int, one: _Weighed) -> None:
        title, words, slider = QLabel(one.title), QLabel(), QSlider(Qt.Orientation.Horizontal)
        title.setBuddy(slider)
        title.setToolTip(one.says)
        slider.setToolTip(one.says)
        slider.setRange(0, len(STEPS) - 1)
        slider.setPageStep(1)
        slider.setTickPosition(QSlider.TickPosition.NoTicks)
        slider.setAccessibleName(one.title.replace("&", ""))
        slider.setValue(self._kept(one.name))
        self.sliders[one.name], self._words[one.name] = slider, words
        slider.valueChanged.connect(lambda _value: self._on_moved(one.name))
        grid.addWidget(title, 0, column)
        grid.addWidget(words, 0, column + 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(slider, 1, column, 1, 2)

    def _kept(self, name: str) -> int:
        kept = self.settings.value(f"{_KEY}/{name}", _USUAL) if self.settings else _USUAL
        try:
            step = int(str(kept))
        except ValueError:
            return _USUAL
        return step if 0 <= step < len(STEPS) else _USUAL

    def _on_moved(self, name: str) -> None:
        if self.settings is not None:
            self.settings.setValue(f"{_KEY}/{name}", self.sliders[name].value())
        self._say()
        self.weighed.emit()

    def _say(self) -> None:
        """Each in words, and against a kilometre."""
        weights = self.weights
        late_km, change_km = KM_A_LATE_MINUTE * weights.lateness, KM_A_CHANGE * weights.change
        units = {
            "lateness": _against(late_km, weights.distance, "1 min"),
            "distance": "",
            "change": _against(change_km, weights.distance, "1 stop"),
        }
        for name, slider in self.sliders.items():
            words = " · ".join(filter(None, (_WORDS[slider.value()], units[name])))
            self._words[name].setText(words)
            slider.setAccessibleDescription(words)

    def _dress(self) -> None:
        for words in self._words.values():
            words.setFont(self._theme.font(SMALL_PX))
            words.setStyleSheet(f"color: {self._theme.color('muted').name()};")


def _against(km: float, distance: float, unit: str) -> str:
    """`1 min = 2 km`; "" where one of the two does not matter."""
    return f"{unit} = {km / distance:.3g} km" if km and distance else ""
