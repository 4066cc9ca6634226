"""A gateway whose roads are a real OSRM server's."""

from pathlib import Path

from tests.gateway.running import asked_until, running_gateway
from tests.road.real_servers import osrm
from tower.gateway.settings import GatewaySettings

VADUZ, BALZERS, FAR = [47.1389, 9.5225], [47.0658, 9.5018], [10.0, 20.0]


def test_desktops_get_the_servers_times_and_after_its_end_the_regions(
    tmp_path: Path, shared_data: Path
) -> None:
    folder, home = tmp_path / "osrm", tmp_path / "gateway"
    folder.mkdir()
    with osrm(shared_data / "regions" / "liechtenstein-2013-08-03.osm.pbf", folder) as url:
        settings = GatewaySettings(data=str(home), port=0, roads=(f"osrm={url}",), project_s=0.1)
        with running_gateway(home, settings=settings) as running, running.client("ann") as http:
            lines = asked_until(
                http, "/v1/routes/shapes", lambda answer: len(answer.json()) == 2
            ).json()
            assert len(lines["A"]["shape"]) > 100
            places = {"origins": [VADUZ, FAR], "destinations": [BALZERS]}
            table = http.post("/v1/travel", json=places).json()
            assert table["estimated"] == [[False], [True]]
            assert 8 * 60 < table["durations_s"][0][0] < 20 * 60
            assert running.gateway.trouble == ""
    away = GatewaySettings(
        data=str(home), port=0, region="liechtenstein", roads=(f"osrm={url}",), project_s=0.1
    )
    with running_gateway(home, settings=away, shift=()) as running, running.client("ann") as http:
        table = http.post("/v1/travel", json=places).json()
        assert table["estimated"] == [[False], [True]]
        assert "cannot be reached" in running.gateway.trouble
