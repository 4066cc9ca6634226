"""Two orders of one route side by side, with a line from each stop's old place to its new one."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Signal
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from ui.keyed import KeyedModel
from ui.proposals.compare import Beside, Cell, Pair
from ui.session import Session
from ui.theme import SMALL_PX, Theme
from ui.widgets.rowlist import RowDelegate, RowList
from ui.widgets.text import CENTRE, LEFT, RIGHT, draw_text, width_of

_GUTTER_PX = 52.0
_EDGE_PX, _GAP_PX, _CIRCLE_PX = 10.0, 8.0, 23.0
_TIME_PX, _SHIFT_PX, _OLD_PX = 40.0, 58.0, 22.0
_HEADER_PX = 26
_FAINT = 0.35


class Halves(NamedTuple):
    """Where the two orders stand in a row, and the gutter between them."""

    present: QRectF
    gutter: QRectF
    proposed: QRectF


def halves(box: QRectF) -> Halves:
    """Divide a row; the proposed order takes more room, it has more to say."""
    room = box.width() - _GUTTER_PX
    left = room * 0.44
    present = QRectF(box.left(), box.top(), left, box.height())
    gutter = QRectF(present.right(), box.top(), _GUTTER_PX, box.height())
    proposed = QRectF(gutter.right(), box.top(), room - left, box.height())
    return Halves(present, gutter, proposed)


class PairModel(KeyedModel[Pair]):
    """The rows of one comparison."""

    titles: tuple[str, ...] = ("Present order", "Proposed order")

    def show(self, pairs: Iterable[Pair]) -> None:
        """Show another route's two orders, or the same one's newer ones."""
        self.arrange({pair.id: pair for pair in pairs})

    def text(self, row: Pair, column: int) -> str:
        """A stop in words."""
        return _words(row.proposed if column else row.present)

    def tip(self, row: Pair) -> str:
        """Both stops of the row."""
        now, then = _words(row.present), _words(row.proposed)
        return f"now: {now or 'nothing'}; proposed: {then or 'nothing'}"

    def row_of(self, stop_id: str) -> int:
        """The row in which the proposed order has a stop; -1 where it has not."""
        cells = (self.record(row).proposed for row in range(len(self.ids)))
        return next((n for n, cell in enumerate(cells) if cell and cell.stop_id == stop_id), -1)


def _words(cell: Cell | None) -> str:
    if cell is None:
        return ""
    was = f"was {cell.was}" if cell.was else ""
    return " · ".join(
        filter(None, (f"stop {cell.number}", was, cell.customer, cell.time, cell.shift, cell.note))
    )


class PairDelegate(RowDelegate):
    """Draws a row of the comparison."""

    height_px = 34

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._struck = theme.font(SMALL_PX)
        self._struck.setStrikeOut(True)

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, row: Pair) -> None:
        """Draw the present stop at the left and the proposed one at the right."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at = halves(QRectF(option.rect))
        if row.present is not None:
            self._draw_present(painter, at.present, row.present)
        if row.proposed is not None:
            self._draw_proposed(painter, at.proposed, row.proposed)

    def _draw_present(self, painter: QPainter, box: QRectF, cell: Cell) -> None:
        time = QRectF(box.right() - _TIME_PX - 4, box.top(), _TIME_PX, box.height())
        circle = _circle(box.left() + _EDGE_PX, box)
        self._draw_circle(painter, circle, cell)
        who = QRectF(circle.right() + _GAP_PX, box.top(), 0, box.height())
        who.setRight(time.left() - _GAP_PX)
        self._draw_who(painter, who, cell, "text_secondary")
        colour = self.theme.punctuality_color(cell.punctuality)
        draw_text(painter, time, cell.time, colour, RIGHT)

    def _draw_proposed(self, painter: QPainter, box: QRectF, cell: Cell) -> None:
        shift = QRectF(box.right() - _EDGE_PX - _SHIFT_PX, box.top(), _SHIFT_PX, box.height())
        time = QRectF(shift.left() - _TIME_PX, box.top(), _TIME_PX, box.height())
        old = QRectF(box.left(), box.top(), _OLD_PX, box.height())
        circle = _circle(old.right() + 4, box)
        if cell.was:
            self._draw_struck(painter, old, str(cell.was))
        self._draw_circle(painter, circle, cell)
        who = QRectF(circle.right() + _GAP_PX, box.top(), 0, box.height())
        who.setRight(time.left() - _GAP_PX)
        self._draw_who(painter, who, cell, "text")
        colour = self.theme.punctuality_color(cell.punctuality)
        draw_text(painter, time, cell.time, colour, RIGHT, bold=True)
        tone = self.theme.color("at_risk" if cell.is_worse else "on_time")
        draw_text(painter, shift, cell.shift, tone, RIGHT, SMALL_PX)

    def _draw_struck(self, painter: QPainter, box: QRectF, words: str) -> None:
        painter.setFont(QFont(self._struck))
        painter.setPen(self.theme.color("muted"))
        painter.drawText(box, int(RIGHT), words)

    def _draw_circle(self, painter: QPainter, circle: QRectF, cell: Cell) -> None:
        edge = "accent" if cell.moved else "line_strong"
        painter.setPen(QPen(self.theme.color(edge), 2))
        painter.setBrush(self.theme.color("field"))
        painter.drawEllipse(circle)
        words, colour = str(cell.number), self.theme.color("text")
        draw_text(painter, circle, words, colour, CENTRE, SMALL_PX, bold=cell.moved)

    def _draw_who(self, painter: QPainter, box: QRectF, cell: Cell, tint: str) -> None:
        upper, lower = QRectF(box), QRectF(box)
        if cell.note:
            middle = box.center().y()
            upper = QRectF(box.left(), middle - 16, box.width(), 17)
            lower = QRectF(box.left(), middle, box.width(), 14)
        draw_text(painter, upper, cell.customer, self.theme.color(tint), LEFT, bold=cell.moved)
        if cell.note:
            draw_text(painter, lower, cell.note, self.theme.color("accent"), LEFT, SMALL_PX)


class BesideList(RowList):
    """The comparison of one route.

    Args:
        session: gives the theme; told what is chosen.

    Attributes:
        rows: what is shown.
        stop_chosen: id of the stop the user walked to.
    """

    stop_chosen = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session.theme, "Present and proposed order", parent)
        self._theme = session.theme
        self.rows = PairModel(self)
        self.show_model(self.rows, PairDelegate(session.theme, self))
        self.chosen.connect(self._on_chosen)

    def show_first_moved(self) -> None:
        """Bring the first stop that moves into sight, with the one before it at the top."""
        rows = [self.rows.record(row) for row in range(len(self.rows.ids))]
        moved = (n for n, row in enumerate(rows) if row.is_moved)
        index = self.rows.index(max(0, next(moved, 0) - 1), 0)
        if index.isValid():
            self.scrollTo(index, RowList.ScrollHint.PositionAtTop)

    def _on_chosen(self, row_id: str) -> None:
        row = self.rows.record_of(row_id)
        if row is not None and row.stop_id:
            self.stop_chosen.emit(row.stop_id)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, and over them the ways of the stops."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for way, is_moved in self._ways():
            colour = self._theme.color("accent") if is_moved else self._theme.faded("muted", _FAINT)
            painter.setPen(QPen(colour, 1.6 if is_moved else 1.0))
            painter.drawPath(way)
        painter.end()

    def _ways(self) -> Iterator[tuple[QPainterPath, bool]]:
        """A line for each stop that is in both orders; those that move come last, on top."""
        rows = [self.rows.record(row) for row in range(len(self.rows.ids))]
        new_rows = {row.proposed.stop_id: n for n, row in enumerate(rows) if row.proposed}
        kept = [
            (n, new_rows[row.present.stop_id], row.present.moved)
            for n, row in enumerate(rows)
            if row.present is not None and row.present.stop_id in new_rows
        ]
        for old, new, is_moved in sorted(kept, key=lambda one: one[2]):
            yield self._way(old, new), is_moved

    def _way(self, old: int, new: int) -> QPainterPath:
        begin, end = self._middle(old), self._middle(new)
        gutter = halves(QRectF(0, 0, self.viewport().width(), 1)).gutter
        path = QPainterPath(QPointF(gutter.left() + 4, begin))
        third = gutter.width() / 2
        path.cubicTo(
            QPointF(gutter.left() + third, begin),
            QPointF(gutter.right() - third, end),
            QPointF(gutter.right() - 2, end),
        )
        return path

    def _middle(self, row: int) -> float:
        return float(self.visualRect(self.rows.index(row, 0)).center().y())


class BesideHeader(QWidget):
    """Titles of the two columns, and when the route ends in each.

    Args:
        theme: colours and type.
        beside: the list below, whose width it keeps to.
    """

    def __init__(self, theme: Theme, beside: BesideList) -> None:
        super().__init__()
        self._theme, self._list = theme, beside
        self._ends = ("", "")
        self.setFixedHeight(_HEADER_PX)
        beside.viewport().installEventFilter(self)
        theme.theme_changed.connect(self.update)

    def show_route(self, shown: Beside | None) -> None:
        """Say when this route ends."""
        self._ends = shown.ends if shown is not None else ("", "")
        self.update()

    def eventFilter(self, _watched: object, event: QEvent) -> bool:
        """Keep to the width of the list's rows."""
        if event.type() == QEvent.Type.Resize:
            self.update()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the titles."""
        painter, theme = QPainter(self), self._theme
        painter.fillRect(self.rect(), theme.color("panel_raised"))
        painter.setPen(theme.color("line"))
        painter.drawLine(QLineF(0, self.height() - 0.5, self.width(), self.height() - 0.5))
        box = QRectF(0, 0, self._list.viewport().width(), self.height())
        at = halves(box)
        self._draw(painter, at.present.adjusted(_EDGE_PX, 0, -4, 0), "Present", self._ends[0])
        right = at.proposed.adjusted(0, 0, -_EDGE_PX, 0)
        self._draw(painter, right, "Proposed", self._ends[1])

    def _draw(self, painter: QPainter, box: QRectF, title: str, ends: str) -> None:
        draw_text(painter, box, title, self._theme.color("text"), LEFT, bold=True)
        words = f"ends {ends}" if ends else ""
        if width_of(words, SMALL_PX) + width_of(title, bold=True) + _GAP_PX < box.width():
            draw_text(painter, box, words, self._theme.color("muted"), RIGHT, SMALL_PX)


def _circle(left: float, box: QRectF) -> QRectF:
    return QRectF(left, box.center().y() - _CIRCLE_PX / 2, _CIRCLE_PX, _CIRCLE_PX)
