"""A proposal's figures as a strip of small tiles: before, after, difference."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from ui.proposals.totals import Figure, Reason
from ui.theme import BODY_PX, SMALL_PX, TITLE_PX, Theme
from ui.tips import plain_tip
from ui.widgets.flow import FlowLayout
from ui.widgets.text import LEFT, draw_text, width_of

_HEIGHT_PX, _LEAST_PX, _GAP_PX = 46, 84, 14
_MOST_LINES = 12
_TONES = {"better": "on_time", "worse": "at_risk", "same": "text"}


class FigureTile(QAbstractButton):
    """One figure; a click lists the stops behind it.

    Args:
        theme: colours and type.
        figure: what it says.

    Attributes:
        stop_wanted: id of a stop that was picked from its list.
    """

    stop_wanted = Signal(str)

    def __init__(self, theme: Theme, figure: Figure) -> None:
        super().__init__()
        self._theme, self.figure = theme, figure
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.words)
        self.setToolTip(plain_tip(self._tip))
        self.menu = QMenu(self)
        has_list = bool(figure.why)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if has_list else Qt.FocusPolicy.NoFocus)
        shape = Qt.CursorShape.PointingHandCursor if has_list else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.clicked.connect(self._on_clicked)
        theme.theme_changed.connect(self.update)

    def _add(self, one: Reason) -> None:
        action = self.menu.addAction(one.words.replace("&", "&&"))
        action.setEnabled(bool(one.stop_id))
        action.triggered.connect(lambda _checked=False: self.stop_wanted.emit(one.stop_id))

    def _on_clicked(self) -> None:
        if not self.figure.why:
            return
        if self.menu.isEmpty():
            for one in self.figure.why:
                self._add(one)
        self.menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    @property
    def _tip(self) -> str:
        lines = [one.words for one in self.figure.why[:_MOST_LINES]]
        over = len(self.figure.why) - len(lines)
        more = f"and {over} more; a click lists them" if over else ""
        return "\n".join(filter(None, (self.words, *lines, more)))

    @property
    def words(self) -> str:
        """The figure in a line."""
        one = self.figure
        was = f"{one.now} → " if one.now and one.now != one.then else ""
        change = f" ({one.change})" if one.change else ""
        return f"{one.title}: {was}{one.then}{change}"

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        one = self.figure
        widths = (
            width_of(one.title, SMALL_PX),
            width_of(one.then, TITLE_PX, bold=True),
            width_of(self._lower, SMALL_PX),
        )
        return QSize(max(_LEAST_PX, int(max(widths)) + 4), _HEIGHT_PX)

    @property
    def _lower(self) -> str:
        """The difference and what it was, without the unit that stands above."""
        one = self.figure
        if one.why:
            return "which? ▾"
        _, _, unit = one.then.partition(" ")
        was = f"now {one.now.removesuffix(f' {unit}')}" if one.now and one.change else ""
        return " · ".join(filter(None, (one.change.removesuffix(f" {unit}"), was)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw title, figure, and what it was."""
        painter, theme, one = QPainter(self), self._theme, self.figure
        width = float(self.width())
        title, tone = theme.color("muted"), theme.color(_TONES[one.tone])
        draw_text(painter, QRectF(0, 0, width, 14), one.title, title, LEFT, SMALL_PX)
        size = TITLE_PX if width_of(one.then, TITLE_PX, bold=True) <= width else BODY_PX
        value = QRectF(0, 13, width, 19)
        draw_text(painter, value, one.then, theme.color("text"), LEFT, size, bold=True)
        draw_text(painter, QRectF(0, 31, width, 14), self._lower, tone, LEFT, SMALL_PX)
        if self.hasFocus():
            painter.setPen(theme.color("accent"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class FigureStrip(QWidget):
    """All figures of a proposal; in two lines where one is too narrow.

    Attributes:
        tiles: what is shown, from the left.
        stop_wanted: id of a stop picked from the list behind a figure.
    """

    stop_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._flow = FlowLayout(self)
        self.tiles: tuple[FigureTile, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Show other figures."""
        if tuple(tile.figure for tile in self.tiles) == tuple(figures):
            return
        self._flow.clear()
        self.tiles = tuple(FigureTile(self._theme, one) for one in figures)
        for tile in self.tiles:
            self._flow.addWidget(tile)
            tile.setVisible(True)
            tile.stop_wanted.connect(self.stop_wanted)
        self.setAccessibleName("; ".join(tile.words for tile in self.tiles))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """One line where there is room."""
        gaps = _GAP_PX * max(0, len(self.tiles) - 1)
        return QSize(sum(tile.sizeHint().width() for tile in self.tiles) + gaps, _HEIGHT_PX)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """How tall its lines are at a width."""
        return self._flow.heightForWidth(width)
