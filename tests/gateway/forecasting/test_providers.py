"""Providers of weather and traffic in a real gateway."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.gateway.running import RunningGateway, asked_until, running_gateway
from tower.domain.conditions import Conditions
from tower.feed.clock import SystemClock
from tower.gateway.errors import SettingsError
from tower.gateway.forecasting.providers import MOST, Providers
from tower.gateway.settings import ConditionsSettings, GatewaySettings

JAM = {"id": "j", "words": "Queue\u202e", "lat": 47.15, "lon": 9.525, "radius_m": 400, "factor": 3}
"""Beside the stops of the small shift."""


@contextmanager
def service(status: int, body: object) -> Iterator[str]:
    """A service on loopback that always answers the same."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, name="service")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/traffic"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def told_by(status: int, body: object, folder: Path) -> Iterator[RunningGateway]:
    """A gateway with one provider of traffic."""
    with service(status, body) as url:
        asked = ConditionsSettings(name="roads", plugin="traffic_json", options={"url": url})
        settings = GatewaySettings(data=str(folder), port=0, project_s=0.1, conditions=(asked,))
        with running_gateway(folder, settings=settings) as running:
            yield running


def roads(running: RunningGateway) -> Conditions:
    """What the provider said, as soon as it is folded."""
    return running.until(lambda: running.state.conditions.get("roads")).value


def test_what_a_provider_says_is_in_the_journal_and_beside_the_model(tmp_path: Path) -> None:
    body = {"disturbances": [JAM], "weather": {"rain_mm_h": 2.0}}
    with told_by(200, body, tmp_path) as running, running.client() as http:
        said = roads(running)
        assert said.weather is not None
        assert said.disturbances[0].words == "Queue", "no orders of direction"
        (provider,) = http.get("/v1/eta").json()["conditions"]
        assert (provider["id"], provider["disturbances"], provider["trouble"]) == ("roads", 1, "")
        assert provider["weather"]["rain_mm_h"] == 2.0


def test_only_disturbances_near_the_operation_count_and_not_too_many(tmp_path: Path) -> None:
    far = {**JAM, "id": "far", "lat": 52.5, "lon": 13.4}
    many = [{**JAM, "id": str(number)} for number in range(MOST + 50)]
    with told_by(200, {"disturbances": [far, *many]}, tmp_path) as running:
        found = roads(running).disturbances
        assert len(found) == MOST
        assert "far" not in {one.id for one in found}


def test_what_is_refused_of_it_stands_where_everything_refused_does(tmp_path: Path) -> None:
    body = {"disturbances": [JAM, {**JAM, "id": "k", "factor": 99}]}
    with told_by(200, body, tmp_path) as running, running.client() as http:
        assert len(roads(running).disturbances) == 1
        found = asked_until(http, "/v1/refused?carrier=roads", lambda answer: answer.json() != [])
        (refused,) = found.json()
        assert refused["adapter"] == "traffic_json"
        assert "factor" in refused["reason"]


def test_a_provider_that_fails_is_told_once_and_harms_nothing(tmp_path: Path) -> None:
    with told_by(503, {}, tmp_path) as running, running.client() as http:
        asked_until(
            http, "/v1/eta", lambda answer: "503" in answer.json()["conditions"][0]["trouble"]
        )
        found = asked_until(http, "/v1/refused?carrier=roads", lambda answer: answer.json() != [])
        assert [one["reason"] for one in found.json()] == ["Not fetched: 127.0.0.1 answered 503."]
        running.until(lambda: running.gateway.arrival_table.row("S2"))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (ConditionsSettings(name="sky", plugin="oracle"), "there is no plugin 'oracle'"),
        (ConditionsSettings(name="sky", plugin="traffic_json"), "sky: .*url"),
        (ConditionsSettings(name="sky", plugin="open_meteo", token_env="SKY"), "SKY is not set"),
    ],
)
def test_settings_that_cannot_work_are_told_at_the_start(
    settings: ConditionsSettings, words: str
) -> None:
    providers = Providers([settings], lambda: None, SystemClock())
    with pytest.raises(SettingsError, match=words):
        providers.open({})


def test_two_providers_need_two_names() -> None:
    one = ConditionsSettings(name="sky", plugin="open_meteo")
    with pytest.raises(ValueError, match="same name"):
        GatewaySettings(conditions=(one, one))
