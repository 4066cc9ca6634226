"""A search at the gateway, as the desktop follows it."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event, numbered
from tests.ui.proposals.recorded import RecordedGateway, an_offer
from tower.domain import events as e
from tower.gateway.answers import OptimisationState
from tower.routes.weights import Weights
from ui.exchange import Answer
from ui.proposals.scope import rest_of_route, selected_stops
from ui.proposals.search import LOST, Search, SearchState
from ui.proposals.wire import OPTIMISATIONS
from ui.session import Session

_OFFER = an_offer(orders={"r0": ("s1", "s0", "s2", "s3", "s4")})


def _resequenced(session: Session, route_id: str, *stops: str) -> None:
    """Somebody sets the order of a route; what is left out comes off it."""
    route = session.state.routes[route_id]
    sequence = e.RouteSequence(route_id=route_id, version=route.version + 1, stops=stops)
    body = e.RoutesSequenced(
        routes=(sequence,), unassigned=tuple(one for one in route.sequence if one not in stops)
    )
    session.fold_events(numbered([event(body, at=NOON + timedelta(minutes=1))], 500))


def test_a_search_is_followed_to_its_end(
    session: Session, gateway: RecordedGateway, qtbot: QtBot
) -> None:
    search = Search(session)
    gateway.finds(_OFFER, state=OptimisationState.RUNNING)
    search.start(rest_of_route(session, "r0"), Weights(change=4.0))
    assert search.is_running
    assert search.offer == _OFFER
    assert gateway.wishes[0].routes == ("r0",)
    assert gateway.wishes[0].stops is None
    assert gateway.wishes[0].weights == Weights(change=4.0)
    better = replace(_OFFER, orders={"r0": ("s2", "s0", "s1", "s3", "s4")})
    gateway.finds(better)
    with qtbot.waitSignal(search.ended):
        pass
    assert search.state is SearchState.DONE
    assert search.offer == better


def test_the_selection_names_its_stops_and_those_without_a_route(
    session: Session, gateway: RecordedGateway
) -> None:
    _resequenced(session, "r0", "s0", "s1", "s2", "s3")
    Search(session).start(selected_stops(session, ["s1", "s4", "s6"]), Weights())
    wish = gateway.wishes[0]
    assert wish.routes == ("r0", "r1")
    assert wish.stops == ("s1", "s6")
    assert wish.loose == ("s4",)


def test_the_best_so_far_stays_when_a_search_is_cancelled(
    session: Session, gateway: RecordedGateway
) -> None:
    search = Search(session)
    gateway.finds(_OFFER, state=OptimisationState.RUNNING)
    search.start(rest_of_route(session, "r0"), Weights())
    search.cancel()
    assert gateway.cancelled == ["search-1"]
    assert search.state is SearchState.CANCELLED
    assert search.offer == _OFFER


def test_a_new_search_ends_the_one_before(session: Session, gateway: RecordedGateway) -> None:
    search = Search(session)
    gateway.finds(None, state=OptimisationState.RUNNING)
    search.start(rest_of_route(session, "r0"), Weights())
    search.start(rest_of_route(session, "r1"), Weights())
    assert gateway.cancelled == ["search-1"]
    assert [wish.routes for wish in gateway.wishes] == [("r0",), ("r1",)]


def test_a_gateway_that_refuses_says_why(session: Session, gateway: RecordedGateway) -> None:
    search = Search(session)
    gateway.answers[OPTIMISATIONS] = Answer(status=422, message="Route r0 is over.")
    search.start(rest_of_route(session, "r0"), Weights())
    assert search.state is SearchState.FAILED
    assert search.trouble == "Route r0 is over."


def test_a_gateway_that_is_away_for_a_moment_is_asked_again(
    session: Session, gateway: RecordedGateway, qtbot: QtBot
) -> None:
    search = Search(session)
    gateway.finds(_OFFER, state=OptimisationState.RUNNING)
    search.start(rest_of_route(session, "r0"), Weights())
    gateway.is_away = True
    with qtbot.waitSignal(search.changed):
        pass
    assert search.is_running
    assert "does not answer" in search.trouble
    gateway.is_away = False
    gateway.finds(_OFFER)
    with qtbot.waitSignal(search.ended):
        pass
    assert (search.state, search.trouble) == (SearchState.DONE, "")


def test_a_gateway_that_was_restarted_knows_no_search(
    session: Session, gateway: RecordedGateway, qtbot: QtBot
) -> None:
    search = Search(session)
    gateway.finds(_OFFER, state=OptimisationState.RUNNING)
    search.start(rest_of_route(session, "r0"), Weights())
    gateway.answers[f"{OPTIMISATIONS}/search-1"] = Answer(status=404, message="unknown")
    with qtbot.waitSignal(search.ended):
        pass
    assert (search.state, search.trouble) == (SearchState.FAILED, LOST)
    assert search.offer == _OFFER


def test_what_breaks_off_at_the_gateway_says_why(
    session: Session, gateway: RecordedGateway
) -> None:
    search = Search(session)
    gateway.finds(None, state=OptimisationState.FAILED, words="the roads cannot be asked")
    search.start(rest_of_route(session, "r0"), Weights())
    assert (search.state, search.trouble) == (SearchState.FAILED, "the roads cannot be asked")


def test_while_others_search_it_waits_its_turn(
    session: Session, gateway: RecordedGateway, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.proposals.search.QUEUE_MS", 1)
    search = Search(session)
    gateway.answers[OPTIMISATIONS] = Answer(status=429, message="2 searches run already.")
    search.start(rest_of_route(session, "r0"), Weights())
    assert search.is_running
    assert search.trouble == "waiting for another search to end"
    del gateway.answers[OPTIMISATIONS]
    gateway.finds(_OFFER)
    with qtbot.waitSignal(search.ended):
        pass
    assert (search.state, search.trouble) == (SearchState.DONE, "")


def test_one_that_waits_its_turn_can_be_cancelled(
    session: Session, gateway: RecordedGateway
) -> None:
    search = Search(session)
    gateway.answers[OPTIMISATIONS] = Answer(status=429, message="2 searches run already.")
    search.start(rest_of_route(session, "r0"), Weights())
    search.cancel()
    assert search.state is SearchState.CANCELLED
    assert gateway.wishes == []


def test_an_answer_that_cannot_be_read_ends_it(session: Session, gateway: RecordedGateway) -> None:
    search = Search(session)
    gateway.answers[OPTIMISATIONS] = Answer(status=202, body=b"<html>")
    search.start(rest_of_route(session, "r0"), Weights())
    assert search.state is SearchState.FAILED
    assert "cannot be read" in search.trouble


def test_a_route_that_somebody_changes_meanwhile_makes_it_outdated(
    session: Session, gateway: RecordedGateway
) -> None:
    search = Search(session)
    gateway.finds(_OFFER)
    search.start(rest_of_route(session, "r0"), Weights())
    _resequenced(session, "r1", "s9", "s5", "s6", "s7", "s8")
    assert search.outdated == frozenset()
    _resequenced(session, "r0", "s4", "s0", "s1", "s2", "s3")
    assert search.outdated == frozenset({"r0"})
    gateway.finds(replace(_OFFER, versions={"r0": 2}))
    search.start(rest_of_route(session, "r0"), Weights())
    assert search.outdated == frozenset()
