"""The window that sets a route as driven beside the route as planned."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QGridLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from tower.domain.records import Route
from tower.watch.words import metres
from ui.exchange import Selection
from ui.session import Session
from ui.subjects import words_of
from ui.theme import BODY_PX, SMALL_PX, TITLE_PX
from ui.trails.chosen import label_of
from ui.trails.comparecsv import comparison_csv
from ui.trails.comparemodel import CompareModel
from ui.trails.files import ask_where, file_named
from ui.trails.pictures import Beside, box_of, picture
from ui.trails.planned import Comparison, Totals, compare
from ui.trails.show import TrailShow
from ui.trails.source import TrailSource
from ui.trails.standing import Standing, standings
from ui.trails.trail import Trail, trail_of
from ui.trails.words import room_of, span_words
from ui.widgets.notice import Notice
from ui.widgets.sidebyside import side_by_side

_OWNER = "compared"
_SIZE_PX = QSize(824, 540)
_WIDTHS_PX = (58, 52, 170, 50, 88, 58, 74, 78, 74, 70)
_RENEW_TICKS = 15
_STRAYS_SAID = 4
_HEADS = ("", "As planned", "Planned, so far", "Driven")


class _Found(NamedTuple):
    trail: Trail
    stays: list[Standing]
    comparison: Comparison


class CompareWindow(QDialog):
    """Planned against driven, of one route; on the map for as long as it is open.

    Args:
        session: the shift, or a moment of it.
        source: where trails come from.
        show: puts the trail on the map.
        settings: keep the folder of files.
        parent: the window it lies over.

    Attributes:
        model: the stops.
        notice: why something is missing.
        figures: the numbers, by row and column.
        strays: where it left its line, in words.
        said: what was done, for the status bar.
    """

    said = Signal(str)

    def __init__(
        self,
        session: Session,
        source: TrailSource,
        show: TrailShow,
        settings: QSettings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._source, self._show, self._settings = session, source, show, settings
        self._route_id, self._ticket, self._ticks = "", 0, 0
        self._found: _Found | None = None
        self._looks = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Planned against driven")
        self.headline, self.strays, self.notice = QLabel(), QLabel(), Notice(session.theme)
        self.figures: dict[tuple[int, int], QLabel] = {}
        self.model = CompareModel(session, self)
        self.table = QTableView()
        self.export_button, self.close_button = QPushButton("Export &CSV…"), QPushButton("&Close")
        self._lay_out()
        self._dress_table()
        self._listen()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(8)
        for label in (self.headline, self.strays):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.headline.setFont(self._session.theme.font(TITLE_PX, bold=True))
        column.addWidget(self.headline)
        column.addWidget(self.notice)
        column.addLayout(self._make_figures())
        column.addWidget(self.strays)
        column.addWidget(self.table, 1)
        column.addLayout(side_by_side(None, self.export_button, self.close_button))

    def _make_figures(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(3)
        for row in range(len(_FIGURE_NAMES) + 1):
            for place in range(len(_HEADS)):
                label = QLabel(_HEADS[place] if row == 0 else "")
                label.setFont(self._session.theme.font(BODY_PX, bold=row == 0 or place == 3))
                is_name = place == 0
                side = Qt.AlignmentFlag.AlignLeft if is_name else Qt.AlignmentFlag.AlignRight
                grid.addWidget(label, row, place, side)
                self.figures[row, place] = label
            if row:
                self.figures[row, 0].setText(_FIGURE_NAMES[row - 1])
        grid.setColumnStretch(len(_HEADS), 1)
        return grid

    def _dress_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setAccessibleName("Stops, planned against driven")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setFont(self._session.theme.font(SMALL_PX))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(22)
        titles = table.horizontalHeader()
        titles.setHighlightSections(False)
        titles.setSectionsClickable(True)
        titles.setSortIndicatorShown(True)
        titles.setSortIndicatorClearable(True)
        titles.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        titles.setStretchLastSection(True)
        titles.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for place, width in enumerate(_WIDTHS_PX):
            titles.resizeSection(place, width)
        titles.sortIndicatorChanged.connect(self.model.sort)

    def _listen(self) -> None:
        self.table.clicked.connect(self._on_row_opened)
        self.table.activated.connect(self._on_row_opened)
        self.export_button.clicked.connect(self.export)
        self.close_button.clicked.connect(self.close)
        # Enter belongs to the table's rows.
        for button in (self.export_button, self.close_button):
            button.setAutoDefault(False)
        self._session.ticked.connect(self._on_ticked)
        self._session.past_changed.connect(self.renew)

    # What is shown

    def show_route(self, route_id: str) -> None:
        """Show another route, and have the map look at it."""
        self._route_id, self._looks = route_id, True
        words = words_of(self._session, Selection("route", route_id))
        self.headline.setText(words or route_id)
        self.notice.say("trail", "")
        self.strays.setText("Fetching the trail…")
        self.export_button.setEnabled(False)
        self.renew()

    def renew(self) -> None:
        """Fetch the trail again and compare."""
        route = self._session.state.routes.get(self._route_id)
        if route is None:
            self.notice.say("route", "The route is not known at this moment.")
            return
        self.notice.say("route", "" if route.started_at else "The route has not started yet.")
        self._ticket += 1
        ticket, vehicle_id = self._ticket, route.plan.vehicle_id if route.plan else ""
        begin, end = self._span(route)
        if begin is None or not vehicle_id:
            self._compare(ticket, route, trail_of(()))
            return

        def take(trail: Trail | None, why: str) -> None:
            self.notice.say("trail", f"No trail: {why}" if trail is None else "")
            self._compare(ticket, route, trail if trail is not None else trail_of(()))

        self._source.ask(vehicle_id, begin, end, take)

    def _span(self, route: Route) -> tuple[datetime | None, datetime]:
        now = self._session.now
        end = min(route.finished_at or now, now)
        begin = route.started_at
        return (begin if begin is not None and begin < end else None), end

    def _compare(self, ticket: int, route: Route, trail: Trail) -> None:
        """Work it out off the GUI thread; an answer that was overtaken is dropped."""
        stops, depot = self._session.state.stops_of(route), self._session.state.depot_of(route)
        shape = self._session.shapes.get(route.id)

        def work() -> _Found:
            stays = standings(trail, stops, depot)
            return _Found(trail, stays, compare(route, stops, trail, stays, shape))

        def then(found: _Found) -> None:
            if ticket == self._ticket:
                self._take(found)

        self._session.compute(work, then)

    def _take(self, found: _Found) -> None:
        self._found = found
        self.model.show_rows(found.comparison.rows)
        self._say_figures(found.comparison)
        self.strays.setText(self._strays_words(found.comparison))
        self.export_button.setEnabled(bool(found.comparison.rows))
        self._draw(found)

    def _say_figures(self, comparison: Comparison) -> None:
        all_totals = (comparison.whole, comparison.so_far, comparison.driven)
        for place, totals in enumerate(all_totals, start=1):
            for row, words in enumerate(_totals_words(totals), start=1):
                self.figures[row, place].setText(words)
        silent = span_words(comparison.gaps) if comparison.gaps else "none"
        self.figures[len(_FIGURE_NAMES), 3].setText(silent)

    def _strays_words(self, comparison: Comparison) -> str:
        order = comparison.out_of_order
        mixed = f"{order} {'stop' if order == 1 else 'stops'} served in another order than planned."
        return (
            f"{self._line_words(comparison)} {mixed if order else 'Served in the order planned.'}"
        )

    def _line_words(self, comparison: Comparison) -> str:
        if comparison.strays is None:
            return "The planned line along the roads is not known."
        if not comparison.strays:
            return "Never further than 150 m from the planned line."
        clock = self._session.clock_text
        said = [
            f"{clock(one.since)}–{clock(one.until)} up to {metres(one.farthest_m)}"
            for one in sorted(comparison.strays, key=lambda one: -one.farthest_m)[:_STRAYS_SAID]
        ]
        count = len(comparison.strays)
        left = f"Left the planned line {'once' if count == 1 else f'{count} times'}"
        return f"{left}: {', '.join(said)}{', …' if count > len(said) else ''}."

    def _draw(self, found: _Found) -> None:
        route = self._session.state.routes.get(self._route_id)
        vehicle_id = route.plan.vehicle_id if route and route.plan else ""
        shape = self._session.shapes.get(self._route_id)
        line = shape.points if shape is not None else None
        beside = Beside(strays=found.comparison.strays or (), planned=line)
        room = room_of(self._session, vehicle_id)._replace(route=route)
        label = label_of(self._session.state, vehicle_id)
        drawn = picture(vehicle_id, label, found.trail, found.stays, room, beside)
        self._show.put(_OWNER, f"{route.name if route else ''} planned against driven", drawn)
        if self._looks:
            self._looks = False
            lines = [found.trail.lat_lon, *([line] if line is not None else [])]
            self._show.look_at(box_of(*lines))

    # What the user does

    def export(self) -> None:
        """Ask where to, and save the table there."""
        route = self._session.state.routes.get(self._route_id)
        name = f"planned-driven-{file_named(route.name if route else self._route_id)}.csv"
        path = ask_where(self, self._settings, "Export CSV", name, "CSV (*.csv)", ".csv")
        if path is not None:
            self.save(path)

    def save(self, path: Path) -> None:
        """Save the table to a file; says so, or why not."""
        if self._found is None:
            return
        try:
            path.write_text(
                comparison_csv(self._session, self._found.comparison), "utf-8", newline=""
            )
        except OSError as error:
            self.notice.say("file", f"{path} cannot be written: {error.strerror}.")
            return
        self.notice.say("file", "")
        self.said.emit(f"Saved: {path}")

    def _on_row_opened(self, index: QModelIndex) -> None:
        self._session.select("stop", self.model.id_at(index.row()))

    def _on_ticked(self) -> None:
        route = self._session.state.routes.get(self._route_id)
        self._ticks += 1
        is_over = route is None or route.finished_at is not None or self._session.past is not None
        if not is_over and self._ticks % _RENEW_TICKS == 0:
            self.renew()

    def sizeHint(self) -> QSize:
        """Every column, and as many rows as leave room for the map."""
        return _SIZE_PX

    def closeEvent(self, event: QCloseEvent) -> None:
        """The map forgets what was shown."""
        self._show.take_off(_OWNER)
        super().closeEvent(event)

    def reject(self) -> None:
        """Esc closes it as the button does."""
        self.close()


_FIGURE_NAMES = ("Way", "Driving", "At the doors", "Without signal")


def _totals_words(totals: Totals) -> tuple[str, str, str]:
    way = "not known" if totals.metres is None else f"{totals.metres / 1000:.1f} km"
    driving = "not known" if totals.driving is None else _hours(totals.driving)
    return way, driving, _hours(totals.doors)


def _hours(span: timedelta) -> str:
    return span_words(span) if span else "0 min"
