"""The proposal's window, as its user meets it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event, numbered
from tests.ui.expecting import click, place_of
from tests.ui.proposals.recorded import RecordedGateway, an_offer
from tower.domain import events as e
from tower.domain.commands import Handover
from tower.gateway.answers import OptimisationState
from tower.routes.change import Arrange, Move
from ui.draft.draft import Draft
from ui.exchange import Answer
from ui.proposals.scope import Scope, breakdown, rest_of_route, several_routes
from ui.proposals.window import ProposalWindow
from ui.proposals.wire import OPTIMISATIONS
from ui.session import Session

_BETTER = an_offer(orders={"r0": ("s1", "s0", "s2", "s3", "s4")})
_BOTH = an_offer(
    orders={"r0": ("s0", "s2", "s3", "s4"), "r1": ("s5", "s1", "s6", "s7", "s8", "s9")}
)


@pytest.fixture
def window(
    session: Session, draft: Draft, qtbot: QtBot, tmp_path: Path
) -> Iterator[ProposalWindow]:
    """The window, not opened yet."""
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    window = ProposalWindow(session, draft, settings)
    for model in (window.view.orders.rows, window.view.routes.model()):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    qtbot.addWidget(window)
    yield window
    window.close()


def _open(window: ProposalWindow, scope: Scope, qtbot: QtBot) -> None:
    """Search, and wait until what was found is judged."""
    window.open_scope(scope)
    if window.search.offer is not None:
        qtbot.waitUntil(window.view.isVisible)


def _column(window: ProposalWindow, number: int) -> list[str]:
    rows = window.view.orders.rows
    return [str(rows.index(row, number).data()) for row in range(rows.rowCount())]


def _figures(window: ProposalWindow) -> dict[str, str]:
    return {tile.figure.title: tile.words for tile in window.view.figures.tiles}


def test_the_proposal_stands_beside_the_present_order(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, qtbot: QtBot
) -> None:
    gateway.finds(_BETTER)
    _open(window, rest_of_route(session, "r0"), qtbot)
    assert [words.split(" · ")[1] for words in _column(window, 0)] == [
        f"Customer 000{n}" for n in range(5)
    ]
    proposed = _column(window, 1)
    assert proposed[0].startswith("stop 1 · was 2 · Customer 0001")
    assert proposed[1].startswith("stop 2 · was 1 · Customer 0000")
    assert set(_figures(window)) >= {"Late, all stops", "Still to drive", "Route ends"}
    assert _figures(window)["Stops moved"] == "Stops moved: 1"
    assert window.words.text().startswith("Done after 2.5 s")


def test_nothing_reaches_the_draft_before_it_is_wanted(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, draft: Draft, qtbot: QtBot
) -> None:
    gateway.finds(_BETTER)
    _open(window, rest_of_route(session, "r0"), qtbot)
    assert draft.is_empty
    window.discard_button.click()
    assert draft.is_empty
    assert not window.isVisible()


def test_a_wanted_proposal_is_one_gesture_of_the_draft(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, draft: Draft, qtbot: QtBot
) -> None:
    gateway.finds(_BOTH)
    _open(window, several_routes(session, ["r0", "r1"]), qtbot)
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(draft.gestures) == 1
    assert draft.orders["r1"] == _BOTH.orders["r1"]
    assert draft.orders["r0"] == _BOTH.orders["r0"]
    assert not window.isVisible()
    assert draft.undo()
    assert draft.orders["r0"] == ("s0", "s1", "s2", "s3", "s4")


def test_a_search_that_still_runs_shows_its_best_and_can_be_stopped(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, qtbot: QtBot
) -> None:
    gateway.finds(_BETTER, state=OptimisationState.RUNNING)
    _open(window, rest_of_route(session, "r0"), qtbot)
    assert window.use_button.isEnabled()
    assert window.words.text().endswith("improving")
    assert window.progress.value() == 500
    window.stop_button.click()
    assert gateway.cancelled == ["search-1"]
    assert window.words.text().startswith("Stopped after 2.5 s")
    assert window.use_button.isEnabled()
    assert window.start_button.text() == "&Run again"


def test_before_anything_is_found_it_says_what_the_gateway_does(
    session: Session, gateway: RecordedGateway, window: ProposalWindow
) -> None:
    gateway.finds(None, state=OptimisationState.RUNNING, words="Asking the roads.")
    window.open_scope(rest_of_route(session, "r0"))
    assert window.words.text() == "2.5 s · asking the roads"


def test_using_the_best_so_far_ends_the_search(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, draft: Draft, qtbot: QtBot
) -> None:
    gateway.finds(_BETTER, state=OptimisationState.RUNNING)
    _open(window, rest_of_route(session, "r0"), qtbot)
    window.use_button.click()
    assert gateway.cancelled == ["search-1"]
    assert not draft.is_empty


def test_the_best_order_is_said_to_be_the_best(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, qtbot: QtBot
) -> None:
    gateway.finds(None)
    _open(window, rest_of_route(session, "r0"), qtbot)
    assert "This is already the best order we can find" in _shown(window)
    assert not window.use_button.isEnabled()


def test_a_gateway_that_is_away_is_told(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, qtbot: QtBot
) -> None:
    gateway.is_away = True
    _open(window, rest_of_route(session, "r0"), qtbot)
    assert "does not answer" in window.words.text()
    assert "No proposal" in _shown(window)
    gateway.is_away = False
    gateway.finds(_BETTER)
    window.start_button.click()
    qtbot.waitUntil(window.use_button.isEnabled)


def test_a_search_the_gateway_refuses_says_why(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, qtbot: QtBot
) -> None:
    gateway.answers[OPTIMISATIONS] = Answer(status=422, message="Every route is over.")
    _open(window, rest_of_route(session, "r0"), qtbot)
    assert window.words.text() == "The search broke off: Every route is over."


def test_weights_are_sent_and_kept(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, draft: Draft, qtbot: QtBot
) -> None:
    window.weighing.sliders["change"].setValue(4)
    _open(window, rest_of_route(session, "r0"), qtbot)
    assert gateway.wishes[0].weights.change > gateway.wishes[0].weights.lateness
    again = ProposalWindow(session, draft, window.weighing.settings)
    qtbot.addWidget(again)
    assert again.weighing.weights == window.weighing.weights


def test_each_changed_route_can_be_looked_at(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, qtbot: QtBot
) -> None:
    gateway.finds(_BOTH)
    _open(window, several_routes(session, ["r0", "r1"]), qtbot)
    click(window.view.routes, "r1")
    assert any("from R-200" in words for words in _column(window, 1))
    assert session.selection == ("route", "r1")
    click(window.view.routes, "r0")
    assert any("→ R-201" in words for words in _column(window, 0))


def test_a_stop_of_the_proposal_is_selected_everywhere(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, qtbot: QtBot
) -> None:
    gateway.finds(_BETTER)
    _open(window, rest_of_route(session, "r0"), qtbot)
    click(window.view.orders, "0")
    assert session.selection == ("stop", "s1")


def test_a_breakdown_names_the_stops_without_a_place(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, draft: Draft, qtbot: QtBot
) -> None:
    meet = Handover(stop_id="meet", lat=47.11, lon=9.51, stops=("s0", "s1"))
    offer = an_offer(
        orders={
            "r0": (),
            "r1": ("s5", "meet", "s0", "s1", "s6", "s7", "s8", "s9"),
            "": ("s2", "s3", "s4"),
        },
        reasons={"s2": "no vehicle in reach has a tail lift"},
        handovers=(meet,),
    )
    gateway.finds(offer)
    _open(window, breakdown(session, "r0"), qtbot)
    assert gateway.wishes[0].out_of_service == "r0"
    assert window.view.routes.model().index(0, 0).data() == "No place for 3 stops"
    assert "3 without a place" in window.words.text()
    click(window.view.routes, "")
    why = [window.view.left_over.model().index(row, 1).data() for row in range(3)]
    assert why[0] == "no vehicle in reach has a tail lift"
    click(window.view.routes, "r1")
    assert any("takes over the parcels of 2 stops" in words for words in _column(window, 1))
    window.use_button.click()
    command = draft.command()
    assert command.handovers == (meet,)
    assert {wish.route_id: wish.stops for wish in command.routes}["r0"] == ()


def _shown(window: ProposalWindow) -> list[str]:
    """Every word that is seen."""
    return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]


def test_a_proposal_the_shift_has_caught_up_with_is_not_offered(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, qtbot: QtBot
) -> None:
    gateway.finds(_BETTER)
    _open(window, rest_of_route(session, "r0"), qtbot)
    sequence = e.RouteSequence(route_id="r0", version=2, stops=_BETTER.orders["r0"])
    body = e.RoutesSequenced(routes=(sequence,))
    session.fold_events(numbered([event(body, at=NOON + timedelta(minutes=1))], 500))
    assert "R-200 has another order since this search began" in window.notice.text()
    qtbot.waitUntil(lambda: not window.use_button.isEnabled())
    assert "Nothing is left to change" in _shown(window)


def test_a_click_on_a_figure_lists_its_stops_and_leads_to_them(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, qtbot: QtBot
) -> None:
    gateway.finds(_BOTH)
    _open(window, several_routes(session, ["r0", "r1"]), qtbot)
    (tile,) = [one for one in window.view.figures.tiles if one.figure.title == "Stops moved"]
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert tile.menu.isVisible()
    (line,) = tile.menu.actions()
    assert line.text() == "stop 2 · Customer 0001: R-200 → R-201"
    line.trigger()
    tile.menu.close()
    assert session.selection == ("stop", "s1")


def test_the_window_follows_the_theme(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, qtbot: QtBot
) -> None:
    gateway.finds(_BETTER)
    _open(window, rest_of_route(session, "r0"), qtbot)
    dark = window.view.header.grab().toImage().pixelColor(2, 2)
    session.theme.set_name("light")
    light = window.view.header.grab().toImage().pixelColor(2, 2)
    assert dark.lightness() < 80
    assert light.lightness() > 200


def test_stops_without_a_place_are_told_also_where_nothing_else_changes(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, qtbot: QtBot
) -> None:
    present = {f"r{n}": session.state.routes[f"r{n}"].sequence for n in (0, 1)}
    gateway.finds(
        an_offer(orders={**present, "": ("late",)}, reasons={"late": "every vehicle is full"})
    )
    _open(window, several_routes(session, ["r0", "r1"]), qtbot)
    assert window.view.left_over.model().index(0, 1).data() == "every vehicle is full"
    assert not window.use_button.isEnabled()


def test_a_proposal_leaves_routes_alone_that_it_does_not_change(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, draft: Draft, qtbot: QtBot
) -> None:
    gateway.finds(an_offer(orders={**_BETTER.orders, "r1": session.state.routes["r1"].sequence}))
    _open(window, several_routes(session, ["r0", "r1"]), qtbot)
    window.use_button.click()
    (arrange,) = draft.gestures
    assert isinstance(arrange, Arrange)
    assert set(arrange.orders) <= {"r0", ""}


def test_a_draft_the_proposal_does_not_know_is_mentioned(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, draft: Draft, qtbot: QtBot
) -> None:
    gateway.finds(_BETTER)
    _open(window, rest_of_route(session, "r0"), qtbot)
    assert window.notice.said("draft") == ""
    draft.add(Move(stops=("s9",), route_id="r1", before="s5"))
    assert "does not know the change in your draft" in window.notice.text()


def test_the_first_stop_that_moves_is_in_sight(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, qtbot: QtBot
) -> None:
    gateway.finds(an_offer(orders={"r0": ("s0", "s1", "s2", "s4", "s3")}))
    window.resize(700, 330)
    _open(window, rest_of_route(session, "r0"), qtbot)
    box = place_of(window.view.orders, "3")
    assert window.view.orders.viewport().rect().contains(box)


_ONE_MOVED = an_offer(orders={"r0": ("s0", "s2", "s3", "s4", "s1")})
_SECOND_CHANGES_MOST = an_offer(
    orders={"r0": ("s0", "s2", "s3", "s4", "s1"), "r1": ("s9", "s8", "s7", "s6", "s5")}
)


def test_what_a_better_proposal_changes_most_is_shown_until_a_route_is_picked(
    session: Session, gateway: RecordedGateway, window: ProposalWindow, qtbot: QtBot
) -> None:
    gateway.finds(_ONE_MOVED, state=OptimisationState.RUNNING)
    _open(window, several_routes(session, ["r0", "r1"]), qtbot)
    gateway.finds(_SECOND_CHANGES_MOST, state=OptimisationState.RUNNING)
    qtbot.waitUntil(lambda: window.view.routes.current == "r1")
    click(window.view.routes, "r0")
    third = an_offer(orders={**_SECOND_CHANGES_MOST.orders, "r0": ("s0", "s3", "s2", "s4", "s1")})
    gateway.finds(third)
    qtbot.waitUntil(lambda: not window.search.is_running)
    qtbot.waitUntil(lambda: any("was 4" in words for words in _column(window, 1)))
    assert window.view.routes.current == "r0"
