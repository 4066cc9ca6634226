"""The strip of the performance window: a tile a measure, with target, change and line."""

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from tower.kpi.measure import NOTHING, Mood
from ui.kpi.strip import MOOD_COLOURS
from ui.performance.pictures import TileFigure
from ui.theme import FIGURE_PX, SMALL_PX, Theme
from ui.tips import plain_tip
from ui.widgets.drawing import draw_sparkline
from ui.widgets.enterpressed import EnterPressed
from ui.widgets.text import LEFT, draw_text, width_of

HEIGHT_PX = 86
LEAST_PX = 126
_PAD_PX = 8
_GAP_PX = 4
_INFO_PX = 18
_LINE_PX = 16
_MOST_A_ROW = 10
_MARKS = {Mood.GOOD: "✓", Mood.WATCH: "◆", Mood.BAD: "■", Mood.NEUTRAL: ""}


class Tile(EnterPressed):
    """One measure; a click chooses it for the panels and opens the stops behind it.

    Attributes:
        figure: what it shows, None before there is anything.
        about_wanted: what the measure means is wanted, at this point of the tile.
    """

    about_wanted = Signal(QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.figure: TileFigure | None = None
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.about = QToolButton(self)
        self.about.setText("i")
        self.about.setAutoRaise(True)
        self.about.setFixedSize(_INFO_PX, _INFO_PX)
        self.about.clicked.connect(lambda: self.about_wanted.emit(QPoint(0, self.height())))
        theme.theme_changed.connect(self.update)

    def show_figure(self, figure: TileFigure) -> None:
        """Show a figure."""
        if figure == self.figure:
            return
        self.figure = figure
        said = [f"{figure.title}: {figure.text}", figure.target and f"target {figure.target}"]
        said += [figure.change, f"from {figure.counted}"]
        words = ", ".join(filter(None, said))
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(f"{words}\nClick: the stops behind it, and its panels"))
        self.about.setAccessibleName(f"What “{figure.title}” means")
        self.about.setToolTip("What it means, how it is computed, its target")
        self.update()

    def sizeHint(self) -> QSize:
        """A tenth of a large window."""
        return QSize(LEAST_PX, HEIGHT_PX)

    def resizeEvent(self, _event: QEvent) -> None:
        """The sign for more stands in the corner."""
        self.about.move(self.width() - _INFO_PX - 4, self.height() - _INFO_PX - 4)

    def nextCheckState(self) -> None:
        """Which tile is chosen is decided by what the window looks at."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw title, figure, target, change and line."""
        painter, theme = QPainter(self), self._theme
        lit = self.underMouse() or self.hasFocus()
        painter.fillRect(self.rect(), theme.color("panel_hover" if lit else "panel"))
        edge = "accent" if self.isChecked() or self.hasFocus() else "line"
        painter.setPen(theme.color(edge))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self.isChecked():
            painter.fillRect(0, 0, self.width(), 2, theme.color("accent"))
        if self.figure is not None:
            self._draw(painter, self.figure)

    def _draw(self, painter: QPainter, figure: TileFigure) -> None:
        theme, width = self._theme, float(self.width() - 2 * _PAD_PX)
        title = QRectF(_PAD_PX, 5, width, 16)
        draw_text(painter, title, _short(figure.title), theme.color("muted"), LEFT, SMALL_PX)
        value = QRectF(_PAD_PX, 21, width, 26)
        number, _, unit = figure.text.partition(" ")
        draw_text(painter, value, number, theme.color("text"), LEFT, FIGURE_PX, bold=True)
        used = width_of(number, FIGURE_PX, bold=True) + 4
        beside = QRectF(_PAD_PX + used, 26, width - used, 20)
        draw_text(painter, beside, unit, theme.color("text_secondary"), LEFT, SMALL_PX)
        used += width_of(unit, SMALL_PX) + 8
        line = QRectF(_PAD_PX + used, 26, width - used, _LINE_PX)
        if line.width() > _LINE_PX:
            draw_sparkline(painter, line, figure.line, theme.color(MOOD_COLOURS[figure.mood]))
        mark = _MARKS[figure.mood]
        target = f"{mark} target {figure.target}".lstrip() if figure.target else "no target"
        colour = theme.color(MOOD_COLOURS[figure.mood])
        draw_text(painter, QRectF(_PAD_PX, 48, width, 16), target, colour, LEFT, SMALL_PX)
        change = theme.color(
            "muted" if figure.change_mood is Mood.NEUTRAL else MOOD_COLOURS[figure.change_mood]
        )
        below = QRectF(_PAD_PX, 64, width - _INFO_PX, 16)
        draw_text(painter, below, figure.change, change, LEFT, SMALL_PX)


def _short(title: str) -> str:
    """A title for a narrow tile; the tool tip has all of it."""
    return title.removesuffix(" ahead").replace(", as dispatched", " at dispatch")


class TileStrip(QWidget):
    """The tiles, in as many rows as the width takes, each row as full as the others.

    Attributes:
        tiles: by the keys of their measures.
        chosen: key of the measure of the tile that was clicked.
        about_wanted: key of the measure whose meaning is wanted, and the tile.
    """

    chosen = Signal(str)
    about_wanted = Signal(str, object)

    def __init__(self, theme: Theme, keys: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles = {key: Tile(theme, self) for key in keys}
        for key, tile in self.tiles.items():
            tile.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            tile.about_wanted.connect(lambda _at, key=key: self._want_about(key))
        self.setAccessibleName("Measures")

    def show_figures(self, figures: tuple[TileFigure, ...]) -> None:
        """Show the measures."""
        for figure in figures:
            self.tiles[figure.key].show_figure(figure)

    def forget(self) -> None:
        """Show no figure: those there were are not of what is looked at now."""
        for tile in self.tiles.values():
            if tile.figure is not None:
                tile.show_figure(
                    tile.figure._replace(
                        value=None,
                        text=NOTHING,
                        counted="0",
                        mood=Mood.NEUTRAL,
                        change="",
                        change_mood=Mood.NEUTRAL,
                        line=(),
                    )
                )

    def mark(self, key: str) -> None:
        """Mark the measure the panels show."""
        for one, tile in self.tiles.items():
            tile.setChecked(one == key)

    def _want_about(self, key: str) -> None:
        self.about_wanted.emit(key, self.tiles[key])

    def heightForWidth(self, width: int) -> int:
        """One row of tiles, or two where one has no room for all."""
        rows = -(-len(self.tiles) // self._in_a_row(width))
        return rows * HEIGHT_PX + (rows - 1) * _GAP_PX

    def hasHeightForWidth(self) -> bool:
        """The narrower, the more rows."""
        return True

    def sizeHint(self) -> QSize:
        """As tall as its rows."""
        return QSize(LEAST_PX, self.heightForWidth(max(LEAST_PX, self.width())))

    def minimumSizeHint(self) -> QSize:
        """Its rows are never cut."""
        return self.sizeHint()

    def _in_a_row(self, width: int) -> int:
        fitting = max(1, min(_MOST_A_ROW, (width + _GAP_PX) // (LEAST_PX + _GAP_PX)))
        rows = -(-len(self.tiles) // fitting)
        return -(-len(self.tiles) // rows)

    def resizeEvent(self, _event: QEvent) -> None:
        """Put the tiles side by side."""
        count = self._in_a_row(self.width())
        share = (self.width() + _GAP_PX) / count
        for place, tile in enumerate(self.tiles.values()):
            row, column = divmod(place, count)
            left = round(column * share)
            tile.setGeometry(
                left,
                row * (HEIGHT_PX + _GAP_PX),
                round((column + 1) * share) - left - _GAP_PX,
                HEIGHT_PX,
            )
        height = self.heightForWidth(self.width())
        if height != self.minimumHeight():
            self.setFixedHeight(height)
