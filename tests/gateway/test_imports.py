"""Manifests handed to a gateway that knows where it works."""

from pathlib import Path

from tests.gateway.running import running_gateway
from tower.gateway.settings import GatewaySettings

MANIFEST = b"route,stop,lat,lon,date\nR1,S1,47.14,9.52,2026-03-02\n"


def test_a_manifest_that_names_no_region_is_about_the_gateways(tmp_path: Path) -> None:
    settings = GatewaySettings(data=str(tmp_path), port=0, region="liechtenstein")
    with running_gateway(tmp_path, settings=settings, shift=[]) as running:
        with running.client() as http:
            answers = [http.post("/v1/manifest", content=MANIFEST).json() for _ in range(2)]
        assert [answer["stops"] for answer in answers] == [1, 1]
        assert answers[1]["events"] == 0
        assert running.state.shift is not None
        assert running.state.shift.region == "liechtenstein"
