"""Figures keep up with the journal by themselves, and start again where they were."""

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import httpx
import pytest

from tests.gateway.running import PATIENCE_S, RunningGateway, asked_until, running_gateway
from tests.gateway.shift import NOON
from tests.gateway.shift import told as event_at
from tower.domain import events as e
from tower.domain.records import Subject
from tower.feed.clock import SystemClock
from tower.gateway.reckoning import following
from tower.gateway.reckoning.figures import Figures
from tower.gateway.server import open_journal
from tower.gateway.settings import GatewaySettings
from tower.kpi.store import opening
from tower.kpi.store.errors import StoreFailed
from tower.kpi.store.store import FILE_NAME

DELIVERED: dict[str, object] = {"measures": ["stops", "on_time"]}


def quick(folder: Path) -> GatewaySettings:
    return GatewaySettings(data=str(folder), port=0, project_s=0.1, watch_s=0.1, figures_s=0.05)


def counted(http: httpx.Client) -> float:
    """How many stops are in the figures once they have caught up."""
    asked_until(http, "/v1/kpi/measures", lambda answer: answer.json()["behind"] == 0)
    return float(answer_to(http, DELIVERED)["rows"][0]["values"][0])


def answer_to(http: httpx.Client, ask: dict[str, object]) -> dict[str, Any]:
    answer = http.post("/v1/kpi/query", json=ask)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def deliver(gateway: RunningGateway, stop_id: str) -> None:
    subject = Subject(stop_id=stop_id, route_id="A")
    gateway.journal.append([event_at(NOON, subject, e.StopDelivered())]).result()


def test_what_happens_is_in_the_figures_a_moment_later(tmp_path: Path) -> None:
    with running_gateway(tmp_path, settings=quick(tmp_path)) as gateway, gateway.client() as http:
        assert counted(http) == 1.0
        deliver(gateway, "S2")
        assert counted(http) == 2.0


def test_a_gateway_started_again_goes_on_where_it_was(tmp_path: Path) -> None:
    with running_gateway(tmp_path, settings=quick(tmp_path)) as gateway, gateway.client() as http:
        counted(http)
        deliver(gateway, "S2")
    with running_gateway(tmp_path, settings=quick(tmp_path)) as gateway, gateway.client() as http:
        assert counted(http) == 2.0


@pytest.mark.parametrize(
    "harm", [lambda file: file.write_bytes(b"no figures"), lambda file: file.unlink()]
)
def test_figures_lost_are_made_again_from_the_journal(
    tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    with running_gateway(tmp_path, settings=quick(tmp_path)) as gateway, gateway.client() as http:
        counted(http)
    harm(tmp_path / FILE_NAME)
    with running_gateway(tmp_path, settings=quick(tmp_path)) as gateway, gateway.client() as http:
        assert counted(http) == 1.0


@pytest.mark.parametrize("error", [StoreFailed("The disk is full."), ValueError("no such thing")])
def test_without_figures_everything_else_goes_on_and_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(following, "Recounting", broken)
    with running_gateway(tmp_path, settings=quick(tmp_path)) as gateway, gateway.client() as http:
        told = gateway.until(lambda: gateway.gateway.reckoning.figures.trouble or None)
        assert told.startswith("The figures stand still")
        answer = http.post("/v1/kpi/query", json=DELIVERED)
        assert (answer.status_code, answer.json()["message"]) == (503, told)
        deliver(gateway, "S2")
        assert http.get("/v1/health").json()["ok"]


def test_a_simulated_past_is_put_in_once(tmp_path: Path) -> None:
    put_in: list[float] = []
    with running_gateway(tmp_path, settings=quick(tmp_path)) as gateway, gateway.client() as http:
        counted(http)
        gateway.gateway.room.recall(lambda store: put_in.append(store.seq))
        gateway.until(lambda: put_in or None)
        deliver(gateway, "S2")
        counted(http)
    assert len(put_in) == 1


def test_a_stop_behind_a_figure_is_named_with_its_route_and_carrier(tmp_path: Path) -> None:
    with running_gateway(tmp_path, settings=quick(tmp_path)) as gateway, gateway.client() as http:
        counted(http)
        found = http.post("/v1/kpi/behind", json={"measure": "on_time"}).json()
        values = http.get("/v1/kpi/values?dimension=carrier&prefix=own").json()
    (line,) = found["lines"]
    assert (found["total"], line["stop_id"], line["route"]) == (1, "S1", "A")
    assert not line["missed"]
    assert values["values"] == [{"id": "own", "name": "Own fleet"}]


def test_figures_made_by_other_definitions_are_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_gateway(tmp_path, settings=quick(tmp_path)) as gateway, gateway.client() as http:
        counted(http)
    monkeypatch.setattr(opening, "_VERSION", "another")
    with running_gateway(tmp_path, settings=quick(tmp_path)) as gateway, gateway.client() as http:
        assert counted(http) == 1.0
    assert (tmp_path / f"{FILE_NAME}.aside").exists()


def test_figures_wait_while_a_past_is_told_unless_somebody_asks(tmp_path: Path) -> None:
    busy, opened = threading.Event(), threading.Event()
    busy.set()
    with closing(open_journal(tmp_path, SystemClock())) as journal:
        figures = Figures(SystemClock())
        looked = threading.Event()

        def is_busy() -> bool:
            looked.set()
            return busy.is_set()

        pasts: SimpleQueue[following.Past] = SimpleQueue()
        pasts.put(lambda _: opened.set())
        thread = following.Following(journal, figures, pasts, is_busy, 0.01)
        thread.start()
        try:
            assert looked.wait(PATIENCE_S)
            assert not (tmp_path / FILE_NAME).exists()
            figures.wanted.set()
            assert opened.wait(PATIENCE_S)
        finally:
            thread.close()
