"""A shift recorded to learn from holds what was predicted, and what came of it."""

import asyncio
import contextlib
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.benchmarks._eta_shifts import play
from tests.benchmarks._shift import SteppedClock
from tower.demo.plan import DemoPlan
from tower.demo.regimes import SUPPOSED_DATE
from tower.domain.events import ArrivalsPredicted, ConditionsReported, Event, StopArrived
from tower.gateway.server import open_journal

ROUTES = 3


@pytest.fixture(scope="module")
def events(plan: DemoPlan, tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    folder = tmp_path_factory.mktemp("recording")
    asyncio.run(play(replace(plan, routes=plan.routes[:ROUTES], late=()), SUPPOSED_DATE, folder))
    return _journal(folder)


def _journal(folder: Path) -> list[Event]:
    with contextlib.closing(open_journal(folder, SteppedClock(0.0))) as journal:
        return list(journal.read(0, 100_000))


def test_each_route_is_predicted_as_it_starts_and_every_quarter_of_an_hour(
    plan: DemoPlan, events: list[Event]
) -> None:
    made = defaultdict[str, list[datetime]](list)
    for event in events:
        if isinstance(event.body, ArrivalsPredicted):
            made[event.subject.route_id].append(event.at)
    assert made.keys() == {route.id for route in plan.routes[:ROUTES]}
    for moments in made.values():
        steps = [after - before for before, after in pairwise(moments)]
        assert sum(step > timedelta(minutes=16) for step in steps) <= 1
        assert len(moments) >= 4


def test_what_was_predicted_came_and_came_about_then(events: list[Event]) -> None:
    came = {
        event.subject.stop_id: event.at for event in events if isinstance(event.body, StopArrived)
    }
    errors = [
        abs((came[row.stop_id] - event.at).total_seconds() - row.in_s) / 60.0
        for event in events
        if isinstance(event.body, ArrivalsPredicted)
        for row in event.body.rows
        if row.stop_id in came
    ]
    assert len(errors) > 200
    assert sorted(errors)[len(errors) // 2] < 15.0


def test_the_weather_is_recorded_along_with_it(events: list[Event]) -> None:
    told = [event.body for event in events if isinstance(event.body, ConditionsReported)]
    assert told
    assert all(body.conditions.weather is not None for body in told)
