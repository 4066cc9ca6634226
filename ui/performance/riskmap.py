"""Risk by place: where a measure is missed, on a map, with the stops behind every cell."""

import msgspec
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QHideEvent, QShowEvent
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from tower.kpi.facts import FactKind
from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.measures.definition import Definition
from tower.kpi.query import Behind, PlacesAnswer, PlacesAsk
from ui.exchange import Answer
from ui.map.profile import OutboundGuard, make_profile
from ui.map.scheme import MapPageMissing
from ui.performance.riskpage import RISK_URL, RiskPage, RiskScheme
from ui.performance.riskpicture import (
    COLOURS,
    FEW,
    RiskPicture,
    Scale,
    legend,
    picture,
    scale_of,
)
from ui.performance.window import PerformanceWindow
from ui.regions import open_region
from ui.session import Session
from ui.theme import palettes
from ui.widgets.notice import Notice
from ui.widgets.sidebyside import side_by_side

PLACES = "/v1/kpi/places"
_OK = 200
_CELLS_M = (200, 400, 1_000, 2_000, 5_000)
_USUAL_CELL = 1
_NOTHING = "Nothing with a known place was counted in this period."
_ANSWER, _MAP = "answer", "map"

_decoder = msgspec.json.Decoder(PlacesAnswer)


def placed() -> tuple[Definition, ...]:
    """The measures that can be told by place: of stops, over stops."""
    return tuple(
        one
        for one in MEASURES.values()
        if one.kind is FactKind.STOP and one.below is not None and one.below_kind is None
    )


class RiskMap(QWidget):
    """A page of the performance window; asks only while it is looked at.

    Args:
        window: whose filters hold, and which shows the stops behind a cell.
        session: the shift.

    Attributes:
        measure: which measure is shown; cell: how large the cells are.
        answer: what is on the map, None before the first.
        scheme: serves the page, None before it is first shown.
        page: the page itself, likewise.
        notice: why there is nothing to see.
    """

    def __init__(self, window: PerformanceWindow, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self.measure, self.cell = QComboBox(), QComboBox()
        self.legend, self.notice = QLabel(), Notice(session.theme)
        self.answer: PlacesAnswer | None = None
        self.scheme: RiskScheme | None = None
        self.page: RiskPage | None = None
        self._view: QWebEngineView | None = None
        self._profile: QWebEngineProfile | None = None
        self._asked: PlacesAsk | None = None
        self._fill()
        self._lay_out()
        self._listen()

    @property
    def definition(self) -> Definition:
        """Of the measure that is shown."""
        return MEASURES[str(self.measure.currentData())]

    @property
    def wanted(self) -> PlacesAsk:
        """What is to be on the map."""
        return PlacesAsk(
            measure=self.definition.key,
            filters=self._window.figures.look.filters,
            cell_m=float(self.cell.currentData()),
        )

    def refresh(self) -> None:
        """Ask for what is wanted, unless it is on the map or nobody looks."""
        if not self.isVisible() or self.wanted == self._asked:
            return
        self._asked = ask = self.wanted
        self._session.ask(
            PLACES, lambda answer: self._on_answer(ask, answer), body=msgspec.json.encode(ask)
        )

    def open_cell(self, number: int) -> None:
        """Show the stops behind a cell."""
        if self.answer is None or self._asked is None or number >= len(self.answer.places):
            return
        place = self.answer.places[number]
        behind = Behind(
            measure=self.answer.measure,
            filters=self._asked.filters,
            within=place.box,
            only_missed=self.definition.is_share,
        )
        self._window.open_behind(behind, f"{self.definition.title}: this place")

    # Within

    def _fill(self) -> None:
        for one in placed():
            self.measure.addItem(one.title, one.key)
        for metres in _CELLS_M:
            words = f"{metres} m" if metres < 1_000 else f"{metres // 1_000} km"
            self.cell.addItem(f"Cells of {words}", metres)
        self.cell.setCurrentIndex(_USUAL_CELL)
        self.measure.setAccessibleName("Measure on the map")
        self.cell.setAccessibleName("Size of the cells")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        column.addLayout(side_by_side(self.measure, self.cell, self.legend, None))
        column.addWidget(self.notice)
        # Until there is a map the tools stay at the top.
        column.addStretch()

    def _listen(self) -> None:
        self.measure.currentIndexChanged.connect(self.refresh)
        self.cell.currentIndexChanged.connect(self.refresh)
        self._window.figures.look_changed.connect(self.refresh)
        self._session.theme.theme_changed.connect(self._on_theme_changed)

    def _on_answer(self, ask: PlacesAsk, answer: Answer) -> None:
        if ask != self._asked:
            return
        if answer.status != _OK:
            self._asked = None
            self.notice.say(_ANSWER, f"The map cannot be drawn: {answer.message}")
            return
        self.answer = found = _decoder.decode(answer.body)
        self.notice.say(_ANSWER, "" if found.places else _NOTHING)
        definition = MEASURES[found.measure]
        scale = scale_of(definition, self._window.definitions.target(found.measure), found.places)
        self._show_legend(definition, scale)
        self._session.compute(
            lambda: picture(found, definition, scale), lambda made: self._show(ask, made)
        )

    def _show(self, ask: PlacesAsk, made: RiskPicture) -> None:
        if ask != self._asked or not shiboken6.isValid(self) or not self._has_page():
            return
        if self.scheme is not None and self.page is not None:
            self.scheme.picture = made
            self.page.load(RISK_URL)

    def _show_legend(self, definition: Definition, scale: Scale) -> None:
        parts = [
            f'<span style="color:{colour}">■</span> {words}'
            for colour, words in zip(COLOURS, legend(definition, scale), strict=False)
        ]
        parts.append(f"faint: fewer than {FEW}")
        self.legend.setText("&nbsp;&nbsp; ".join(parts))

    def _has_page(self) -> bool:
        """Make the page when it is wanted; False where it cannot be."""
        if self.page is not None:
            return True
        profile = self._profile or self._make_profile()
        if profile is None:
            return False
        self.page = RiskPage(profile, self)
        self.page.cell_chosen.connect(self.open_cell)
        self.page.renderProcessTerminated.connect(self._on_renderer_gone)
        self._view = QWebEngineView(self)
        self._view.setPage(self.page)
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.addWidget(self._view, 1)
        self._paint_ground()
        return True

    def _make_profile(self) -> QWebEngineProfile | None:
        try:
            self.scheme = RiskScheme(self._config, self)
        except MapPageMissing as error:
            self.notice.say(_MAP, str(error))
            return None
        shift = self._session.state.shift
        self.scheme.region = open_region(shift.region if shift else "").pack
        self._profile = make_profile(self.scheme, OutboundGuard(None, self), None, self)
        return self._profile

    def close_page(self) -> None:
        """Take the page down, before its profile goes."""
        if self.page is not None and self._view is not None:
            page, self.page = self.page, None
            shiboken6.delete(self._view)
            shiboken6.delete(page)
            self._view, self._asked = None, None

    def _config(self) -> dict[str, object]:
        region = self.scheme.region if self.scheme is not None else None
        return {
            "theme": self._session.theme.name,
            "bounds": list(region.info.bounds) if region is not None else None,
            "attribution": region.info.attribution if region is not None else "",
        }

    def _paint_ground(self) -> None:
        if self.page is not None:
            ground = palettes()[self._session.theme.name]["map.ground"]
            self.page.setBackgroundColor(QColor(ground))

    def _on_theme_changed(self) -> None:
        self._paint_ground()
        if self.page is not None and self.answer is not None:
            self.page.load(RISK_URL)

    def _on_renderer_gone(self, status: QWebEnginePage.RenderProcessTerminationStatus) -> None:
        normal = QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus
        if status != normal and self.page is not None:
            self.page.load(RISK_URL)

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks."""
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: no page is kept for that."""
        super().hideEvent(event)
        self.close_page()
