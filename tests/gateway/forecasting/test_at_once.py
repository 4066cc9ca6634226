"""What matters to arrivals is heeded at once, not at the next round."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.gateway.running import RunningGateway, asked_until, running_gateway
from tests.gateway.shift import NOON, small_shift, told
from tower.domain.conditions import Conditions, Disturbance, Weather
from tower.domain.events import ConditionsReported, RouteStarted, StopDelivered
from tower.domain.records import Subject
from tower.gateway.settings import GatewaySettings

AN_HOUR_S = 3_600.0
"""Seconds between two rounds here: whatever comes sooner was hurried."""


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[RunningGateway]:
    """A gateway that would look again in an hour only, its first look done."""
    settings = GatewaySettings(data=str(tmp_path), port=0, project_s=AN_HOUR_S, watch_s=AN_HOUR_S)
    shift = [*small_shift(), told(NOON, Subject(route_id="A"), RouteStarted())]
    with running_gateway(tmp_path, settings=settings, shift=shift) as running:
        with running.client() as http:
            asked_until(http, "/v1/routes/shapes", lambda answer: len(answer.json()) == 2)
        running.until(lambda: running.gateway.arrival_table.row("S8"))
        yield running


def expected(running: RunningGateway, stop_id: str) -> datetime | None:
    """When a stop is expected, None where nothing is predicted of it."""
    row = running.gateway.arrival_table.row(stop_id)
    return row.p50 if row else None


def until_moved(running: RunningGateway, stop_id: str, before: datetime | None) -> datetime:
    """The next expectation that is at least half a minute from the one before."""

    def look() -> datetime | None:
        after = expected(running, stop_id)
        if after is None or before is None:
            return after
        return after if abs(after - before) > timedelta(seconds=30) else None

    return running.until(look)


def test_a_departure(patient: RunningGateway) -> None:
    before = expected(patient, "S3")
    patient.clock.set((NOON + timedelta(minutes=30)).timestamp())
    left = told(NOON + timedelta(minutes=30), Subject(stop_id="S2"), StopDelivered())
    patient.journal.append([left]).result(20)
    assert until_moved(patient, "S3", before) > NOON + timedelta(minutes=30)
    patient.until(lambda: True if expected(patient, "S2") is None else None)


def test_a_resequence(patient: RunningGateway) -> None:
    before = expected(patient, "S8")
    assert before is not None
    wish = {"route_id": "B", "version": 1, "stops": ["S8", "S5", "S6", "S7"]}
    body = {"type": "sequence_routes", "routes": [wish]}
    with patient.client() as http:
        http.post("/v1/commands", json=body, headers={"Idempotency-Key": "k"})
    assert until_moved(patient, "S8", before) < before


def test_a_jam_a_provider_reports(patient: RunningGateway) -> None:
    before = expected(patient, "S4")
    assert before is not None
    jam = Disturbance(id="j", words="Queue", lat=47.148, lon=9.524, radius_m=5_000.0, factor=10.0)
    report(patient, Conditions(id="traffic", as_of=NOON, disturbances=(jam,)))
    assert until_moved(patient, "S4", before) > before


def report(running: RunningGateway, conditions: Conditions) -> None:
    """A provider says how the roads are."""
    telling = running.gateway.room.report_conditions(conditions)
    asyncio.run_coroutine_threadsafe(telling, running.loop).result(20)


def test_what_a_provider_says_again_is_recorded_once_and_expires_when_nobody_says_it(
    patient: RunningGateway,
) -> None:
    rain = Conditions(id="weather", as_of=NOON, weather=Weather(rain_mm_h=2.0))
    for minutes in (0, 10, 20):
        report(patient, _as_of(rain, minutes))
    assert _recorded(patient) == 1
    report(patient, _as_of(rain, 70))
    assert _recorded(patient) == 2
    patient.clock.set((NOON + timedelta(hours=5)).timestamp())
    expiring = patient.gateway._expire_conditions()
    asyncio.run_coroutine_threadsafe(expiring, patient.loop).result(20)
    assert patient.state.conditions["weather"].value.weather is None


def _as_of(conditions: Conditions, minutes: int) -> Conditions:
    at = NOON + timedelta(minutes=minutes)
    return Conditions(id=conditions.id, as_of=at, weather=conditions.weather)


def _recorded(running: RunningGateway) -> int:
    events = running.journal.read(0, 1_000)
    return sum(isinstance(event.body, ConditionsReported) for event in events)
