"""The risk map in the window: real page, real script, a click opens the stops behind a cell."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from tests.ui.performance.gateway import KpiGateway
from tower.domain.reporting import Filters
from tower.kpi.query import Behind, Box, Place, PlacesAnswer, PlacesAsk
from ui.exchange import Answer, Question
from ui.map.scheme import ASSETS
from ui.performance.look import Look
from ui.performance.riskmap import PLACES, RiskMap, placed
from ui.performance.window import PerformanceWindow
from ui.session import Session

PATIENCE_MS = 30_000
BOXES = [Box(south=47.1 + 0.01 * n, west=9.5, north=47.11 + 0.01 * n, east=9.52) for n in range(3)]

pytestmark = pytest.mark.skipif(
    not (ASSETS / "analysis.js").is_file(), reason="the map's scripts are not built"
)


class Places:
    """Answers what is asked by place, after what was asked before is kept."""

    def __init__(self, session: Session, kpi: KpiGateway) -> None:
        self.asked: list[PlacesAsk] = []
        self.trouble = ""
        session.question_asked.disconnect(kpi._on_question)
        self._others = kpi._on_question
        session.question_asked.connect(self._on_question)

    def _on_question(self, question: Question) -> None:
        if question.path != PLACES:
            self._others(question)
            return
        ask = msgspec.json.decode(question.body or b"", type=PlacesAsk)
        self.asked.append(ask)
        if self.trouble:
            question.on_answer(Answer(status=503, message=self.trouble))
            return
        found = tuple(
            Place(box=box, value=97.0 - 6 * n, counted=50.0, facts=50)
            for n, box in enumerate(BOXES)
        )
        day = date(2026, 3, 2)
        body = PlacesAnswer(measure=ask.measure, places=found, since=day, until=day)
        question.on_answer(Answer(status=200, body=msgspec.json.encode(body)))


@pytest.fixture
def places(session: Session, kpi: KpiGateway) -> Places:
    return Places(session, kpi)


@pytest.fixture
def risk(window: PerformanceWindow) -> Iterator[RiskMap]:
    found = window.findChild(RiskMap)
    assert found is not None
    yield found
    found.close_page()


def script(risk: RiskMap, source: str, qtbot: QtBot) -> Any:  # noqa: ANN401
    """The value of an expression in the page."""
    answers: list[Any] = []
    assert risk.page is not None
    risk.page.runJavaScript(f"JSON.stringify({source})", 0, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE_MS)
    return json.loads(answers[0]) if answers[0] else None


def test_every_measure_on_it_divides_stops_by_stops() -> None:
    keys = [one.key for one in placed()]
    assert "on_time" in keys
    assert "wismo_per_100_stops" not in keys


def test_nothing_is_asked_while_nobody_looks(
    places: Places, risk: RiskMap, window: PerformanceWindow
) -> None:
    window.figures.show(Look(filters=Filters(days=28)))
    assert places.asked == []
    assert risk.page is None


def test_the_cells_are_drawn_and_one_that_is_clicked_opens_its_stops(
    places: Places, risk: RiskMap, window: PerformanceWindow, kpi: KpiGateway, qtbot: QtBot
) -> None:
    window.figures.show(Look(filters=Filters(days=28, carriers=("own",))))
    window.pages.setCurrentWidget(risk)
    (ask,) = places.asked
    assert (ask.measure, ask.cell_m, ask.filters.carriers) == ("on_time", 400.0, ("own",))
    cells = "document.querySelectorAll('path.leaflet-interactive').length"
    qtbot.waitUntil(lambda: risk.page is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: script(risk, cells, qtbot) == 3, timeout=PATIENCE_MS)
    click = "document.querySelectorAll('path.leaflet-interactive')[1]"
    click += ".dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    script(risk, click, qtbot)
    qtbot.waitUntil(lambda: bool(kpi.behinds), timeout=PATIENCE_MS)
    behind: Behind = kpi.behinds[-1]
    assert behind.within == BOXES[1]
    assert (behind.measure, behind.filters.carriers) == ("on_time", ("own",))
    assert "from 95.0 %" in risk.legend.text()
    window.pages.setCurrentIndex(0)
    assert risk.page is None


def test_why_there_is_no_map_is_said(
    places: Places, risk: RiskMap, window: PerformanceWindow
) -> None:
    places.trouble = "The figures stand still."
    window.pages.setCurrentWidget(risk)
    assert risk.notice.text() == "The map cannot be drawn: The figures stand still."
    places.trouble = ""
    risk.cell.setCurrentIndex(3)
    assert places.asked[-1].cell_m == 2_000.0
    assert risk.notice.text() == ""
