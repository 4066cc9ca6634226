"""What is found out before a change of sequence is judged, also where roads do not answer."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import pytest

from tests.gateway.deciding.test_decisions import wish
from tests.gateway.shift import NOON, small_shift
from tower.domain.commands import SequenceRoutes
from tower.domain.fold import fold
from tower.domain.geometry import LatLon
from tower.domain.state import State
from tower.feed.clock import RunningClock
from tower.gateway import surveying
from tower.gateway.judging import Sight, judge
from tower.gateway.surveying import Surveyor
from tower.gateway.travelling import Travelling
from tower.road.engine import RoutingEngine, RoutingServerError, StraightLineEngine, Table
from tower.road.roads import Profile
from tower.routes.legs import Legs

Answer = TypeVar("Answer")
CLOCK = RunningClock(NOON.timestamp())


class NoLines:
    """No route has a line, no vehicle said where it is."""

    def of(self, _route: object) -> Legs | None:
        return None

    def position(self, _vehicle_id: str) -> None:
        return None


class Roads(StraightLineEngine):
    """Knows all roads: they are straight lines."""

    def table(
        self,
        origins: Sequence[LatLon],
        destinations: Sequence[LatLon],
        profile: Profile,
        departure: datetime | None = None,
    ) -> Table:
        found = super().table(origins, destinations, profile, departure)
        found.estimated[:] = False
        return found


def surveyed(state: State, command: SequenceRoutes, asked: object) -> Sight:
    nothing = NoLines()
    travelling = Travelling(asked, CLOCK)  # type: ignore[arg-type]
    surveyor = Surveyor(state, nothing, nothing, travelling, CLOCK)
    return asyncio.run(surveyor.survey(command))


def reversal(state: State) -> SequenceRoutes:
    return SequenceRoutes(routes=(wish(state, "B", "S8 S7 S6 S5"),))


async def answer(ask: Callable[[RoutingEngine], Answer]) -> Answer:
    return ask(Roads())


async def refuse(_ask: object) -> None:
    raise RoutingServerError("http://127.0.0.1:1", "cannot be reached")


async def never(_ask: object) -> None:
    await asyncio.Event().wait()


def test_every_leg_of_both_orders_is_found_out() -> None:
    state = fold(small_shift())
    sight = surveyed(state, reversal(state), answer)
    assert not judge(reversal(state), state, sight, NOON).estimated


@pytest.mark.parametrize("asked", [refuse, never])
def test_where_roads_do_not_answer_estimates_judge(
    monkeypatch: pytest.MonkeyPatch, asked: object
) -> None:
    monkeypatch.setattr(surveying, "PATIENCE_S", 0.01)
    state = fold(small_shift())
    sight = surveyed(state, reversal(state), asked)
    assert judge(reversal(state), state, sight, NOON).estimated


def test_nothing_is_asked_for_a_command_that_cannot_be_carried_out() -> None:
    state = fold(small_shift())
    asked: list[object] = []

    async def count(ask: object) -> None:
        asked.append(ask)

    nowhere = SequenceRoutes(routes=(wish(state, "B", "S8 S7 S6 S99"),))
    assert surveyed(state, nowhere, count) == Sight()
    assert asked == []
