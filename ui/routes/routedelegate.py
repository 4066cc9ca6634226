"""Draws a route's row: chip, names, progress, next stop and standing."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from tower.domain.words import Punctuality
from ui.routes.columns import RouteColumns, lower, route_columns, upper
from ui.routes.model import RouteModel
from ui.routes.standing import RouteRow
from ui.session import Session
from ui.theme import SMALL_PX
from ui.widgets.drawing import draw_badge, draw_progress
from ui.widgets.rowlist import RowDelegate
from ui.widgets.text import RIGHT, draw_text, width_of

_PILL_PX = 18.0
_BAR_PX = 5.0
_SLACK = 1.12
"""The name with the most letters may be narrower than another one."""


class RouteDelegate(RowDelegate):
    """Draws rows of `RouteModel`."""

    height_px = 34

    def __init__(self, session: Session, model: RouteModel, parent: QWidget | None = None) -> None:
        super().__init__(session.theme, parent)
        self._session, self._model = session, model

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, row: RouteRow) -> None:
        """Draw one route."""
        name_px = width_of(self._model.longest_name, bold=True) * _SLACK
        at = route_columns(QRectF(option.rect), name_px)
        self._draw_who(painter, at, row)
        self._draw_progress(painter, at, row)
        theme, is_over = self.theme, row.standing is Punctuality.DONE
        words = self._session.clock_text(row.at)
        colour = theme.color("muted" if is_over or row.at is None else "text_secondary")
        draw_text(painter, at.at, words, colour, RIGHT)
        pill = QRectF(
            at.pill.left(), at.pill.center().y() - _PILL_PX / 2, at.pill.width(), _PILL_PX
        )
        colour = theme.punctuality_color(row.standing)
        draw_badge(painter, pill, row.words, colour, theme.font(SMALL_PX))

    def _draw_who(self, painter: QPainter, at: RouteColumns, row: RouteRow) -> None:
        theme, is_over = self.theme, row.standing is Punctuality.DONE
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._session.route_color(row.id))
        painter.setOpacity(0.45 if is_over else 1.0)
        painter.drawRoundedRect(at.chip, 2, 2)
        painter.setOpacity(1.0)
        text = theme.color("muted" if is_over else "text")
        draw_text(painter, at.name, row.name, text, bold=True, cut=Qt.TextElideMode.ElideMiddle)
        draw_text(painter, upper(at.driver), row.driver, text)
        if row.notice.is_waiting:
            words, colour = f"driver: {row.notice.words}", theme.color(row.notice.colour)
        else:
            words, colour = row.vehicle, theme.color("muted")
        draw_text(painter, lower(at.driver), words, colour, size_px=SMALL_PX)

    def _draw_progress(self, painter: QPainter, at: RouteColumns, row: RouteRow) -> None:
        bar = at.progress
        box = QRectF(bar.left(), bar.center().y() - _BAR_PX / 2, bar.width(), _BAR_PX)
        share = row.done / row.total if row.total else 0.0
        colour, ground = self._session.route_color(row.id), self.theme.color("line_strong")
        painter.setOpacity(0.5 if row.standing is Punctuality.DONE else 1.0)
        draw_progress(painter, box, share, colour, ground)
        painter.setOpacity(1.0)
        words = f"{row.done}/{row.total}"
        draw_text(painter, at.tally, words, self.theme.color("text_secondary"), RIGHT)
