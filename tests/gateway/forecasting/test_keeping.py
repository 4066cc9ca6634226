"""Predictions are kept in the journal when a route starts and every quarter of an hour."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.gateway.running import RunningGateway, asked_until, running_gateway
from tests.gateway.shift import NOON, small_shift, told
from tower.domain.events import ArrivalsPredicted, Event, RouteStarted
from tower.domain.records import Subject
from tower.gateway.forecasting import keeping
from tower.gateway.forecasting.forecast import Forecast
from tower.gateway.forecasting.keeping import Keeper
from tower.gateway.settings import GatewaySettings

POSITION = {"type": "position", "vehicle": "A", "lat": 47.142, "lon": 9.521}


def started(route_id: str) -> Event:
    """The vehicle leaves at noon."""
    return told(NOON, Subject(route_id=route_id), RouteStarted())


def look(running: RunningGateway) -> None:
    """Have the arrivals projected and kept, as a recorder of shifts does."""

    async def project_and_keep() -> None:
        await running.gateway.projection.renew()
        await running.gateway.forecasting.keep()

    asyncio.run_coroutine_threadsafe(project_and_keep(), running.loop).result(20)


def kept(running: RunningGateway, route_id: str) -> list[Event]:
    """The predictions of a route in the journal."""
    events = running.journal.about("route", route_id, 1_000)
    return [event for event in events if isinstance(event.body, ArrivalsPredicted)]


def by_hand(tmp_path: Path) -> GatewaySettings:
    """Nothing is projected by itself after the start."""
    return GatewaySettings(data=str(tmp_path), port=0, project_s=1e6, watch_s=1e6)


def test_a_route_is_kept_when_it_starts_and_each_quarter_of_an_hour(tmp_path: Path) -> None:
    shift = [*small_shift(), started("A")]
    with running_gateway(tmp_path, settings=by_hand(tmp_path), shift=shift) as running:
        with running.client("ann") as http:
            asked_until(http, "/v1/routes/shapes", lambda answer: len(answer.json()) == 2)
        look(running)
        assert len(kept(running, "A")) == 1
        look(running)
        assert len(kept(running, "A")) == 1
        for minutes in range(1, 61):
            running.clock.set((NOON + timedelta(minutes=minutes)).timestamp())
            look(running)
        assert len(kept(running, "A")) == 5
        assert kept(running, "B") == []


def test_a_forecast_is_looked_through_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Forecast] = []
    due = Keeper.due

    def noted(keeper: Keeper, forecast: Forecast) -> Iterator[list[int]]:
        looked.append(forecast)
        return due(keeper, forecast)

    shift = [*small_shift(), started("A")]
    with running_gateway(tmp_path, settings=by_hand(tmp_path), shift=shift) as running:
        with running.client("ann") as http:
            asked_until(http, "/v1/routes/shapes", lambda answer: len(answer.json()) == 2)
        monkeypatch.setattr(Keeper, "due", noted)
        look(running)
        look(running)
        again = running.gateway.forecasting.keep()
        asyncio.run_coroutine_threadsafe(again, running.loop).result(20)
        assert len(looked) == 2
        assert looked[-1] is running.gateway.projection.newest


def test_many_routes_leave_others_their_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "LOOKED_AT_ONCE", 1)
    shift = [*small_shift(), started("A")]
    with running_gateway(tmp_path, settings=by_hand(tmp_path), shift=shift) as running:
        with running.client("ann") as http:
            asked_until(http, "/v1/routes/shapes", lambda answer: len(answer.json()) == 2)
        look(running)
        forecast = running.gateway.projection.newest
        assert forecast is not None
        found = list(Keeper().due(forecast))
        assert len(found) == len(forecast.courses) == 2
        assert len([index for due in found for index in due]) == 1


def test_what_is_kept_says_what_was_predicted_and_what_it_rests_on(tmp_path: Path) -> None:
    shift = [*small_shift(), started("A")]
    with running_gateway(tmp_path, settings=by_hand(tmp_path), shift=shift) as running:
        with running.client("ann") as http:
            asked_until(http, "/v1/routes/shapes", lambda answer: len(answer.json()) == 2)
        with running.client("own") as http:
            at = {"at": "2026-11-20T12:00:00Z"}
            http.post("/v1/ingest/driver_app", content=json.dumps({**POSITION, **at}))
        running.until(lambda: running.gateway.vehicle_table.position("own:A"))
        running.clock.set((NOON + timedelta(minutes=6)).timestamp())
        look(running)
        event = kept(running, "A")[-1]
        body = event.body
        assert isinstance(body, ArrivalsPredicted)
        assert body.model == "schedule"
        assert [row.stop_id for row in body.rows] == ["S2", "S3", "S4"]
        assert body.fix_age_s is not None
        for row in body.rows:
            arrival = running.gateway.projection.arrivals[row.stop_id]
            assert abs((event.at + timedelta(seconds=row.in_s) - arrival.p50).total_seconds()) < 1
        whole = running.gateway.legs.of(running.state.routes["A"])
        assert whole is not None
        assert body.rows[1].travel_s == round(whole.durations_s[2])
        assert body.rows[0].travel_s < whole.durations_s[1]
