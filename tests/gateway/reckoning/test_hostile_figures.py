"""Whatever is asked of the figures, there is an answer in words, and nobody else notices."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.gateway.running import RunningGateway, asked_until, running_gateway
from tower.gateway.settings import GatewaySettings
from tower.kpi.facts import Dimension
from tower.kpi.measures.catalogue import MEASURES


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A gateway whose figures are caught up, as a viewer sees it."""
    folder = tmp_path_factory.mktemp("figures")
    settings = GatewaySettings(data=str(folder), port=0, project_s=60, watch_s=60, figures_s=0.05)
    with running_gateway(Path(folder), settings=settings) as gateway, gateway.client("vic") as http:
        http.post("/v1/kpi/query", json={"measures": ["stops"]})
        asked_until(http, "/v1/kpi/measures", lambda answer: answer.json()["behind"] == 0)
        yield http


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        ({"measures": []}, 422),
        ({"measures": ["luck"]}, 422),
        ({"measures": ["on_time"] * 41}, 422),
        ({"measures": ["on_time"], "by": ["colour"]}, 422),
        ({"measures": ["on_time"], "by": ["day", "hour", "driver"]}, 422),
        ({"measures": ["on_time"], "filters": {"hours": [24]}}, 422),
        ({"measures": ["on_time"], "filters": {"since": "2026-02-30"}}, 422),
        ({"measures": ["on_time"], "filters": {"since": "yesterday"}}, 422),
        ({"measures": ["on_time"], "filters": {"days": -1}}, 422),
        ({"measures": ["on_time"], "shift_days": 99_999}, 422),
        ({"measures": ["on_time"], "filters": {"since": "0001-01-01"}, "shift_days": 7}, 422),
        ({"measures": "on_time"}, 422),
        ([], 422),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    figures: httpx.Client, ask: object, status: int
) -> None:
    answer = figures.post("/v1/kpi/query", json=ask)
    assert answer.status_code == status, answer.text
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "name", ["'; DROP TABLE facts; --", '"', "%", "\\", "\x00", "ä" * 256, "' OR '1'='1"]
)
def test_names_are_names_and_nothing_else(figures: httpx.Client, name: str) -> None:
    ask = {"measures": ["stops"], "filters": {"drivers": [name], "postcodes": [name]}}
    answer = figures.post("/v1/kpi/query", json=ask)
    assert answer.is_success, answer.text
    behind = figures.post("/v1/kpi/behind", json={"measure": "stops", "at": {"driver": name}})
    assert behind.json()["total"] == 0
    values = figures.get("/v1/kpi/values", params={"dimension": "driver", "prefix": name})
    assert values.json()["values"] == []
    assert figures.post("/v1/kpi/query", json={"measures": ["stops"]}).json()["rows"]


@pytest.mark.parametrize("by", Dimension)
def test_every_measure_is_taken_apart_by_everything(figures: httpx.Client, by: Dimension) -> None:
    measures = list(MEASURES)[:40]
    answer = figures.post("/v1/kpi/query", json={"measures": measures, "by": [by]})
    assert answer.is_success, answer.text
    for row in answer.json()["rows"]:
        assert len(row["values"]) == len(row["counted"]) == len(measures)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_says_what_is_behind_it(figures: httpx.Client, measure: str) -> None:
    for order in ("worst", "newest"):
        body = {"measure": measure, "order": order, "only_missed": order == "worst"}
        answer = figures.post("/v1/kpi/behind", json=body)
        assert answer.is_success, answer.text
        assert answer.json()["total"] >= len(answer.json()["lines"])


@pytest.mark.parametrize(
    "at", [{"day": "no day"}, {"hour": "noon"}, {"weekday": "9"}, {"month": "2026-13"}]
)
def test_rows_there_cannot_be_are_refused_or_empty(
    figures: httpx.Client, at: dict[str, str]
) -> None:
    answer = figures.post("/v1/kpi/behind", json={"measure": "stops", "at": at})
    assert answer.status_code in {200, 422}
    assert answer.status_code == 422 or answer.json()["total"] == 0


@pytest.mark.parametrize(
    "query", ["dimension=colour", "", "dimension=driver&limit=0", "dimension=driver&limit=9999"]
)
def test_menus_of_nothing_are_refused(figures: httpx.Client, query: str) -> None:
    answer = figures.get(f"/v1/kpi/values?{query}")
    assert (answer.status_code, answer.json()["error"]) in {(422, "unfit"), (422, "missing")}


def test_a_body_of_nests_is_told_so(figures: httpx.Client) -> None:
    body = "[" * 100_000 + "]" * 100_000
    answer = figures.post("/v1/kpi/query", content=body)
    assert answer.status_code in {400, 422}


def test_carriers_have_no_business_with_figures(shared_gateway: RunningGateway) -> None:
    with shared_gateway.client("own") as http:
        for path in ("/v1/kpi/measures", "/v1/kpi/values?dimension=driver", "/v1/stops/S1/history"):
            assert http.get(path).status_code == 403
        asked = http.post("/v1/kpi/query", content=json.dumps({"measures": ["stops"]}))
    assert asked.status_code == 403
