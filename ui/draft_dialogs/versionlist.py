"""The stops of one version of a conflict, as a list: what differs from the start stands out."""

from collections.abc import Iterable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from ui.draft_dialogs.versions import VersionRow
from ui.keyed import KeyedModel
from ui.theme import SMALL_PX, Theme
from ui.widgets.rowlist import RowDelegate, RowList
from ui.widgets.text import CENTRE, LEFT, RIGHT, draw_text

_EDGE_PX, _GAP_PX, _CIRCLE_PX, _MARK_PX = 8.0, 8.0, 23.0, 3.0
_TIME_PX, _OLD_PX = 44.0, 22.0


class VersionModel(KeyedModel[VersionRow]):
    """The rows of one version."""

    titles: tuple[str, ...] = ("Stop",)

    def show(self, rows: Iterable[VersionRow]) -> None:
        """Show another version, or a newer one."""
        self.arrange({row.id: row for row in rows})

    def text(self, row: VersionRow, column: int) -> str:
        """A stop in words."""
        return row.words if not column else ""


class VersionDelegate(RowDelegate):
    """Draws a stop of a version, or the heading of a route."""

    height_px = 34

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._struck = theme.font(SMALL_PX)
        self._struck.setStrikeOut(True)

    def ground(self, row: VersionRow) -> str:
        """Headings are raised."""
        return "" if row.stop_id else "panel_raised"

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, row: VersionRow) -> None:
        """Draw a row."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        if row.stop_id:
            self._draw_stop(painter, box, row)
        else:
            self._draw_heading(painter, box.adjusted(_EDGE_PX, 0, -_EDGE_PX, 0), row)

    def _draw_heading(self, painter: QPainter, box: QRectF, row: VersionRow) -> None:
        draw_text(painter, box, row.name, self.theme.color("text"), LEFT, bold=True)
        if row.time:
            words, muted = f"ends {row.time}", self.theme.color("muted")
            draw_text(painter, box, words, muted, RIGHT, SMALL_PX)

    def _draw_stop(self, painter: QPainter, box: QRectF, row: VersionRow) -> None:
        if row.moved:
            mark = QRectF(box.left(), box.top(), _MARK_PX, box.height() - 1)
            painter.fillRect(mark, self.theme.color("accent"))
        old = QRectF(box.left() + _MARK_PX, box.top(), _OLD_PX, box.height())
        if row.moved and row.was and row.was != row.number:
            painter.setFont(self._struck)
            painter.setPen(self.theme.color("muted"))
            painter.drawText(old, int(RIGHT), str(row.was))
        top = box.center().y() - _CIRCLE_PX / 2
        circle = QRectF(old.right() + 4, top, _CIRCLE_PX, _CIRCLE_PX)
        self._draw_number(painter, circle, row)
        time = QRectF(box.right() - _TIME_PX - _EDGE_PX, box.top(), _TIME_PX, box.height())
        who = QRectF(circle.right() + _GAP_PX, box.top(), 0, box.height())
        who.setRight(time.left() - _GAP_PX)
        self._draw_who(painter, who, row)
        colour = self.theme.punctuality_color(row.punctuality)
        draw_text(painter, time, row.time, colour, RIGHT, bold=row.moved)

    def _draw_number(self, painter: QPainter, circle: QRectF, row: VersionRow) -> None:
        edge = "accent" if row.moved else "line_strong"
        painter.setPen(QPen(self.theme.color(edge), 2))
        painter.setBrush(self.theme.color("field"))
        painter.drawEllipse(circle)
        words, colour = str(row.number or "·"), self.theme.color("text")
        draw_text(painter, circle, words, colour, CENTRE, SMALL_PX, bold=row.moved)

    def _draw_who(self, painter: QPainter, box: QRectF, row: VersionRow) -> None:
        upper, lower = QRectF(box), QRectF(box)
        if row.note:
            middle = box.center().y()
            upper = QRectF(box.left(), middle - 16, box.width(), 17)
            lower = QRectF(box.left(), middle, box.width(), 14)
            draw_text(painter, lower, row.note, self.theme.color("accent"), LEFT, SMALL_PX)
        tint = self.theme.color("text" if row.moved else "text_secondary")
        draw_text(painter, upper, row.name, tint, LEFT, bold=row.moved)


class VersionList(RowList):
    """The stops of one version.

    Args:
        theme: colours and type.
        name: what a screen reader calls it.

    Attributes:
        rows: what is shown.
    """

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, parent)
        self.rows = VersionModel(self)
        self.show_model(self.rows, VersionDelegate(theme, self))
