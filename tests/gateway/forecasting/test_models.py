"""The model in use is taken up while the gateway runs; one that cannot be used costs nothing."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.gateway.running import RunningGateway, asked_until, running_gateway
from tower.eta.learning.store import ModelStore
from tower.eta.model import ArrivalModel, Floats, Rows
from tower.eta.schedule_model import ScheduleModel
from tower.gateway.forecasting.models import Models
from tower.gateway.settings import GatewaySettings


class Later(ScheduleModel):
    """Expects everybody ten minutes later, until it breaks."""

    version = "learnt-1"
    breaks = False

    def quantiles(self, rows: Rows) -> Floats:
        """Ten minutes later than the schedule."""
        if self.breaks:
            raise RuntimeError("a tree fell")
        return np.asarray(super().quantiles(rows) + 600.0, dtype=np.float64)


class OneModel(ModelStore):
    """Has one model, in use."""

    def __init__(self, model: ArrivalModel) -> None:
        self.model = model

    def stamp(self) -> str:
        """Never changes."""
        return "1"

    def load(self) -> ArrivalModel:
        """That one."""
        return self.model


@pytest.fixture
def still(tmp_path: Path) -> Iterator[RunningGateway]:
    """A gateway that predicts only when told to."""
    settings = GatewaySettings(data=str(tmp_path), port=0, project_s=1e6, watch_s=1e6)
    with running_gateway(tmp_path, settings=settings) as running:
        with running.client() as http:
            asked_until(http, "/v1/routes/shapes", lambda answer: len(answer.json()) == 2)
        running.project()
        yield running


def put_to_use(running: RunningGateway, model: ArrivalModel) -> Models:
    """Another model is in use from now on."""
    models = Models(OneModel(model), running.gateway.projection)
    asyncio.run_coroutine_threadsafe(models.look(), running.loop).result(20)
    return models


def test_another_model_predicts_as_soon_as_it_is_put_to_use(still: RunningGateway) -> None:
    before = still.gateway.projection.arrivals["S8"].p50
    models = put_to_use(still, Later())
    still.project()
    after = still.gateway.projection.arrivals["S8"].p50
    assert models.why_schedule == ""
    assert timedelta(minutes=9) < after - before < timedelta(minutes=11)
    with still.client() as http:
        assert http.get("/v1/eta").json()["model"] == "learnt-1"
        assert http.get("/v1/stops/S8/arrival").json()["model"] == "learnt-1"


def test_a_model_that_fails_gives_its_place_to_the_schedule_and_says_so(
    still: RunningGateway,
) -> None:
    model = Later()
    models = put_to_use(still, model)
    model.breaks = True
    still.project()
    assert "S8" in still.gateway.projection.arrivals
    assert still.gateway.projection.model.version == "schedule"
    assert "a tree fell" in models.why_schedule


def test_a_model_that_answers_nonsense_is_not_taken(still: RunningGateway) -> None:
    model = Later()
    model.breaks = True
    models = put_to_use(still, model)
    assert still.gateway.projection.model.version == "schedule"
    assert "learnt-1 does not answer" in models.damage


def test_a_damaged_model_is_told_and_arrivals_go_on_by_the_schedule(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "current").write_text("learnt-7\n")
    with running_gateway(tmp_path) as running, running.client() as http:
        asked_until(http, "/v1/eta", lambda answer: "learnt-7" in answer.json()["why"])
        said = http.get("/v1/eta").json()
        assert (said["model"], said["is_fallback"]) == ("schedule", True)
        assert "learnt-7" in running.gateway.trouble
        running.until(lambda: running.gateway.arrival_table.row("S2"))


def test_without_any_model_the_schedule_predicts_and_says_what_to_do(still: RunningGateway) -> None:
    with still.client() as http:
        said = asked_until(http, "/v1/eta", lambda answer: "train" in answer.json()["why"]).json()
    assert said["model"] == "schedule"
    assert said["quality"] is None
    assert still.gateway.trouble == ""
    assert said["stops"] == 7
