"""A rounded button that says something in runs of differently coloured text."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from ui.theme import BODY_PX, Theme

_PAD_PX = 11.0
_HEIGHT_PX = 27
_RADIUS_PX = 6.0


class Run(NamedTuple):
    """A piece of text in one colour.

    Attributes:
        colour: name in the palette file.
    """

    text: str
    colour: str = "text"
    bold: bool = False


class Pill(QAbstractButton):
    """A button drawn as a rounded frame; shows runs of text, opens its menu on a click.

    Args:
        theme: colours and type.
        name: what a screen reader calls it.
    """

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._runs: tuple[Run, ...] = ()
        self._menu: QMenu | None = None
        self._least_px = 0.0
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.theme_changed.connect(self.update)
        self.clicked.connect(self._on_clicked)

    def set_runs(self, runs: Sequence[Run]) -> None:
        """Say something else; the text is also what a screen reader says."""
        fresh = tuple(runs)
        if fresh == self._runs:
            return
        self._runs = fresh
        self.setAccessibleDescription(self.text_shown)
        self.updateGeometry()
        self.update()

    def set_least_text(self, text: str) -> None:
        """Keep the pill at least as wide as this text, so that neighbours do not jump."""
        self._least_px = QFontMetricsF(self._theme.font(BODY_PX)).horizontalAdvance(text)
        self.updateGeometry()

    def set_menu(self, menu: QMenu) -> None:
        """The menu a click opens below the pill."""
        self._menu = menu

    @property
    def text_shown(self) -> str:
        """All runs as one text."""
        return "".join(run.text for run in self._runs)

    def sizeHint(self) -> QSize:
        """As wide as its text."""
        width = max(self._least_px, sum(self._width(run) for run in self._runs))
        return QSize(int(width + 2 * _PAD_PX + 1), _HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        """The same as the size hint: a pill is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame and the runs."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.underMouse() or self.isDown()
        edge = "accent" if self.hasFocus() else "line_strong"
        painter.setPen(QPen(self._theme.color(edge), 1))
        painter.setBrush(self._theme.color("panel_hover" if lit else "panel_raised"))
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, _RADIUS_PX, _RADIUS_PX)
        self._draw_runs(painter)

    def _draw_runs(self, painter: QPainter) -> None:
        x = _PAD_PX
        for run in self._runs:
            painter.setFont(self._theme.font(BODY_PX, bold=run.bold))
            painter.setPen(self._theme.color(run.colour))
            width = self._width(run)
            box = QRectF(x, 0, width + 1, self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, run.text)
            x += width

    def _width(self, run: Run) -> float:
        font = self._theme.font(BODY_PX, bold=run.bold)
        return QFontMetricsF(font).horizontalAdvance(run.text)

    def _on_clicked(self) -> None:
        if self._menu is not None:
            self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + 3)))
