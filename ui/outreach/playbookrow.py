"""The steps of the playbook as numbered buttons in two columns."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from ui.outreach.phrases import on_one_line
from ui.outreach.playbook import Offered
from ui.theme import BODY_PX, Theme
from ui.tips import plain_tip

_COLUMNS = 2
_LEAST_COLUMN_PX = 104
_SIDE_PX, _EDGE_PX = 9, 5
_WRAP = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
_LONGEST = 90


class StepButton(QPushButton):
    """A button whose words take as many lines as they need.

    Attributes:
        words: number and title.
    """

    def __init__(self, theme: Theme, offered: Offered, *, primary: bool) -> None:
        super().__init__()
        self._theme, self.offered, self._primary = theme, offered, primary
        self.words = f"{offered.number} {on_one_line(offered.step.title, _LONGEST)}"
        self.setProperty("primary", primary)
        self.setAccessibleName(self.words)
        self.setAccessibleDescription(offered.why_not)
        self.setToolTip(plain_tip(offered.why_not or f"Press {offered.number}"))
        self.setEnabled(not offered.why_not)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """How tall its words are at a width."""
        room = QRect(0, 0, max(20, width - 2 * _SIDE_PX), 1000)
        metrics = QFontMetrics(self._theme.font(BODY_PX, bold=self._primary))
        return metrics.boundingRect(room, int(_WRAP), self.words).height() + 2 * _EDGE_PX + 2

    def sizeHint(self) -> QSize:
        """Half of a card."""
        return QSize(_LEAST_COLUMN_PX, self.heightForWidth(max(self.width(), _LEAST_COLUMN_PX)))

    def minimumSizeHint(self) -> QSize:
        """One line."""
        metrics = QFontMetrics(self._theme.font(BODY_PX))
        return QSize(_LEAST_COLUMN_PX, metrics.height() + 2 * _EDGE_PX + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the button as every other one, and its words over as many lines as they take."""
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        colour = "text" if self.isEnabled() else "disabled"
        if self._primary and self.isEnabled():
            colour = "accent_text"
        painter.setPen(self._theme.color(colour))
        painter.setFont(self._theme.font(BODY_PX, bold=self._primary and self.isEnabled()))
        room = self.rect().adjusted(_SIDE_PX, _EDGE_PX, -_SIDE_PX, -_EDGE_PX)
        painter.drawText(room, int(_WRAP), self.words)


class PlaybookRow(QWidget):
    """What a good dispatcher would do, the best first; keys 1 to 9 do the same.

    Attributes:
        fired: the `Offered` step whose button or key was pressed.
        declined: why a step whose key was pressed makes no sense.
    """

    fired = Signal(object)
    declined = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[Offered, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 2, 0, 2)
        self._grid.setSpacing(6)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.setAccessibleName("Playbook")
        theme.theme_changed.connect(self.update)

    @property
    def offered(self) -> tuple[Offered, ...]:
        """The steps shown."""
        return self._shown

    @property
    def buttons(self) -> list[StepButton]:
        """Their buttons, in the order of their numbers."""
        items = (self._grid.itemAt(place) for place in range(self._grid.count()))
        found = (item.widget() for item in items if item is not None)
        return [button for button in found if isinstance(button, StepButton)]

    def show_steps(self, offered: Sequence[Offered]) -> None:
        """Show other steps; the same ones stay as they are."""
        if tuple(offered) == self._shown:
            return
        focused = next((one.offered.number for one in self.buttons if one.hasFocus()), 0)
        self._shown = tuple(offered)
        self._fill()
        if focused and focused <= len(self._shown):
            self.buttons[focused - 1].setFocus()
        self.setVisible(bool(self._shown))

    def fire(self, number: int) -> None:
        """Do what the button of a number does; `declined` says why it cannot be."""
        step = next((one for one in self._shown if one.number == number), None)
        if not self._shown:
            self.declined.emit("Nothing open is shown: reopen the exception, or select another.")
        elif step is None:
            self.declined.emit(f"There is no step {number} in this playbook.")
        elif step.why_not:
            self.declined.emit(step.why_not)
        else:
            self.fired.emit(step)

    def _fill(self) -> None:
        for button in self.buttons:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        first = next((one.number for one in self._shown if not one.why_not), 0)
        for place, offered in enumerate(self._shown):
            button = StepButton(self._theme, offered, primary=offered.number == first)
            button.clicked.connect(lambda _checked=False, one=offered.number: self.fire(one))
            self._grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
