"""The window on a real gateway: figures of its journal, their stops and history, saved views."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from tests.gateway.running import RunningGateway, asked_until, running_gateway
from tower.domain.commands import Command, SetReporting
from tower.domain.events import Event
from tower.domain.fold import fold
from tower.domain.reporting import SavedView
from tower.domain.state import State
from tower.gateway.answers import EventPage
from tower.gateway.settings import GatewaySettings
from tower.kpi.facts import Dimension
from ui.exchange import Question
from ui.gateway import Gateway
from ui.performance.desk import make_window
from ui.performance.look import BREAKDOWNS, Step
from ui.performance.pictures import Chart, Table
from ui.performance.window import PerformanceWindow
from ui.session import Session


class Wire:
    """Hands a session's questions and commands to a gateway, and its events back."""

    def __init__(self, running: RunningGateway, session: Session) -> None:
        self._gateway, self._session = Gateway(running.url, "sue-token"), session
        session.question_asked.connect(self._on_question)
        session.command_issued.connect(self._on_command)
        session.replace_state(State(), "epoch")
        session.replace_state(fold(self.events()), "epoch")

    def events(self) -> tuple[Event, ...]:
        """Everything the gateway knows beyond what the session knows."""
        path = f"/v1/events?after={self._session.state.seq}&limit=500"
        return msgspec.json.decode(self._gateway.fetch(path).body, type=EventPage).events

    def _on_question(self, question: Question) -> None:
        question.on_answer(self._gateway.ask(question))

    def _on_command(self, command: Command) -> None:
        result = self._gateway.command(command, secrets.token_hex(8))
        self._session.answer(command, result)
        self._session.fold_events(self.events())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    """A gateway whose figures have everything that happened."""
    folder = tmp_path_factory.mktemp("gateway")
    quick = GatewaySettings(data=str(folder), port=0, figures_s=0.05)
    with running_gateway(folder, settings=quick) as running:
        with running.client() as http:
            asked_until(http, "/v1/kpi/measures", lambda answer: answer.json()["behind"] == 0)
        yield running


@pytest.fixture
def window(
    running: RunningGateway, tmp_path: Path, session: Session, qtbot: QtBot
) -> Iterator[PerformanceWindow]:
    """The window on that gateway."""
    session.set_actor("sue", "Sue", is_supervisor=True)
    wire = Wire(running, session)
    settings = QSettings(str(tmp_path / "desktop.ini"), QSettings.Format.IniFormat)
    window = make_window(session, settings)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.completed):
        window.show()
    assert wire is not None
    yield window
    window.close()


def test_a_figure_opens_its_stop_and_the_stop_its_history(window: PerformanceWindow) -> None:
    assert not window.figures.trouble
    tile = window.tiles.tiles["on_time"]
    assert tile.accessibleName().startswith("On time: 100.0 %")
    tile.click()
    behind = window.behind
    assert behind.count.text() == "1–1 of 1"
    assert behind.model.record(0).words[1] == "Customer 0001"
    behind.open_row(0)
    told = [behind.story.model.record(row).text for row in range(behind.story.model.rowCount())]
    assert any("Customer 0001 delivered" in text for text in told)
    assert behind.story.map_button.isEnabled()


def test_every_panel_is_answered_whatever_is_looked_at(
    window: PerformanceWindow, qtbot: QtBot
) -> None:
    for key in window.definitions.known:
        for by in (Dimension.DRIVER, Dimension.WEEKDAY, Dimension.ACCOUNT):
            look = msgspec.structs.replace(window.figures.look, measure=key, by=by)
            window.figures.show(look)
            window.figures.ask()
            assert window.figures.trouble == "", (key, by)
    assert qtbot is not None


def test_carriers_are_found_for_the_filter(window: PerformanceWindow) -> None:
    picker = window.filters.pills[Dimension.CARRIER].open()
    picker.box.setText("own")
    picker.search()
    assert [picker.list.item(row).text() for row in range(picker.list.count())] == ["Own fleet"]
    picker.list.item(0).setCheckState(Qt.CheckState.Checked)
    picker.close()
    window.figures.ask()
    assert window.tiles.tiles["on_time"].accessibleName().startswith("On time: 100.0 %")


def test_a_view_saved_is_the_rooms(window: PerformanceWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.keeping.said) as said:
        window._views.save_as("Own fleet, a week")
    assert said.args == ["View “Own fleet, a week” saved"]
    assert [one.name for one in window._views.views] == ["Own fleet, a week"]
    window._views.rename(window._views.views[0], "A week")
    assert [one.name for one in window._views.views] == ["A week"]
    window._views.delete(window._views.views[0])
    assert window._views.views == ()


def test_two_who_save_at_once_both_keep_what_they_saved(
    running: RunningGateway, window: PerformanceWindow
) -> None:
    held = window.keeping.held
    theirs = SavedView(id="theirs", name="Theirs")
    command = SetReporting(
        version=running.state.room_reporting.version,
        reporting=msgspec.structs.replace(held, views=(theirs,)),
    )
    assert Gateway(running.url, "sue-token").command(command, "theirs").ok
    window._views.save_as("Mine")
    assert [one.name for one in window._views.views] == ["Theirs", "Mine"]
    for view in window._views.views:
        window._views.delete(view)
    assert window._views.views == ()


@pytest.mark.parametrize("step", [Step.DAY, Step.WEEK, Step.MONTH])
def test_a_points_list_has_as_many_stops_as_the_point_counted(
    window: PerformanceWindow, step: Step
) -> None:
    window.figures.show(msgspec.structs.replace(window.figures.look, step=step))
    window.figures.ask()
    picture = window.figures.inquiries["trend"].picture
    assert isinstance(picture, Chart)
    (mark,) = picture.marks
    window.panels.open_mark("trend", mark)
    assert window.behind.model.total == int(mark.counted) == 1


@pytest.mark.parametrize("by", list(BREAKDOWNS))
def test_a_rows_list_has_as_many_stops_as_the_row_counted(
    window: PerformanceWindow, by: Dimension
) -> None:
    window.figures.show(msgspec.structs.replace(window.figures.look, by=by))
    window.figures.ask()
    picture = window.figures.inquiries["breakdown"].picture
    assert isinstance(picture, Table)
    (row,) = picture.rows
    window.panels.open_cell("breakdown", row.id, row.cells[0])
    assert window.behind.model.total == row.cells[1].value == 1
