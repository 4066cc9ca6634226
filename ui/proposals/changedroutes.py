"""The routes a proposal changes, as a list to pick from, and the stops it finds no place for."""

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from ui.keyed import KeyedModel
from ui.proposals.compare import Beside
from ui.proposals.totals import change_words, stop_words
from ui.session import Session
from ui.theme import SMALL_PX
from ui.widgets.rowlist import RowDelegate
from ui.widgets.text import LEFT, RIGHT, draw_text, width_of

NO_PLACE = ""
"""Id of the row that stands for the stops without a place."""

_EDGE_PX = 10.0


class ChangedRow(NamedTuple):
    """A route the proposal changes, or (with the id `NO_PLACE`) the stops it leaves without one.

    Attributes:
        moved: how many stops move, or find no place.
        words: what it comes to.
        is_worse: it is a price the proposal pays.
    """

    id: str
    title: str
    moved: str
    words: str
    is_worse: bool


def changed_rows(orders: tuple[Beside, ...], reasons: Mapping[str, str]) -> dict[str, ChangedRow]:
    """The rows, the stops without a place first."""
    rows = {}
    if reasons:
        title = f"No place for {len(reasons)} stop{'' if len(reasons) == 1 else 's'}"
        rows[NO_PLACE] = ChangedRow(NO_PLACE, title, "", "they come off their route", True)
    for one in orders:
        rows[one.route_id] = ChangedRow(
            one.route_id,
            one.name,
            f"{len(one.moved)} moved",
            change_words(one.late_s, one.distance_m) or "as late, as far",
            one.late_s > 30,
        )
    return rows


class ChangedModel(KeyedModel[ChangedRow]):
    """The routes a proposal changes."""

    titles: tuple[str, ...] = ("Route", "Moved", "Change")

    def text(self, row: ChangedRow, column: int) -> str:
        """What stands in a column."""
        return (row.title, row.moved, row.words)[column]


class ChangedDelegate(RowDelegate):
    """Draws a changed route on two lines."""

    height_px = 40

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session.theme, parent)
        self._session = session

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, row: ChangedRow) -> None:
        """Draw one route, or the stops without a place."""
        box, theme = QRectF(option.rect), self.theme
        if row.id:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._session.route_color(row.id))
            painter.drawRoundedRect(QRectF(box.left() + _EDGE_PX, box.top() + 8, 7, 18), 2, 2)
        left = box.left() + _EDGE_PX + 16
        upper = QRectF(left, box.top() + 4, box.right() - _EDGE_PX - left, 17)
        lower = QRectF(left, box.top() + 21, upper.width(), 15)
        draw_text(painter, upper, row.moved, theme.color("muted"), RIGHT, SMALL_PX)
        upper.setRight(upper.right() - width_of(row.moved, SMALL_PX) - 6)
        tint = theme.color("text" if row.id else "late")
        draw_text(painter, upper, row.title, tint, LEFT, bold=True)
        tone = theme.color("at_risk" if row.is_worse else "muted")
        draw_text(painter, lower, row.words, tone, LEFT, SMALL_PX)


class LeftOverRow(NamedTuple):
    """A stop no route has a place for, and why."""

    id: str
    title: str
    why: str


class LeftOverModel(KeyedModel[LeftOverRow]):
    """The stops a proposal finds no place for."""

    titles: tuple[str, ...] = ("Stop", "Why")

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session

    def show(self, reasons: Mapping[str, str]) -> None:
        """Show these stops with their reasons."""
        self.arrange(
            {
                stop_id: LeftOverRow(stop_id, stop_words(self._session, stop_id), why)
                for stop_id, why in reasons.items()
            }
        )

    def text(self, row: LeftOverRow, column: int) -> str:
        """What stands in a column."""
        return (row.title, row.why)[column]


class LeftOverDelegate(RowDelegate):
    """Draws a stop without a place and its reason."""

    height_px = 40

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, row: LeftOverRow) -> None:
        """Draw one stop."""
        box = QRectF(option.rect).adjusted(_EDGE_PX, 0, -_EDGE_PX, 0)
        upper = QRectF(box.left(), box.top() + 4, box.width(), 17)
        lower = QRectF(box.left(), box.top() + 21, box.width(), 15)
        draw_text(painter, upper, row.title, self.theme.color("text"), LEFT)
        draw_text(painter, lower, row.why, self.theme.color("at_risk"), LEFT, SMALL_PX)
