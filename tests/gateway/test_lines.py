"""The routes' lines where a routing server tells the travel times, also while it does not."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from tests.road.played_servers import Answer, answering, osrm_answer
from tests.road.town import at
from tower.gateway import lines as lines_module
from tower.gateway.errors import SettingsError
from tower.gateway.line import LineWish
from tower.gateway.lines import LineShelf, RouteLines
from tower.gateway.regions import Roads
from tower.gateway.settings import read_settings
from tower.road import servers
from tower.road.engine import RoutingEngine
from tower.road.roads import Profile
from tower.road.server import RoutingServer

WISH = LineWish(
    route_id="R", version=1, depot=at(0, 0), stops=(at(3, 0), at(6, 0)), profile=Profile.CAR
)


def test_a_line_estimated_while_the_server_was_away_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines_module, "_AGAIN_S", 0.01)
    monkeypatch.setattr(servers, "RoutingServer", partial(RoutingServer, rest_s=0.0))
    asked: list[str] = []

    def away_at_first(path: str, _: bytes) -> Answer:
        asked.append(path)
        return (503, b"") if len(asked) == 1 else osrm_answer(path)

    async def scene(url: str) -> None:
        changed = asyncio.Event()
        roads = Roads().through((f"osrm={url}",), "Europe/Vaduz")
        lines = RouteLines(roads, LineShelf(tmp_path), changed.set)
        lines.want(WISH)
        await lines.settled()
        estimated = lines.line("R")
        assert estimated is not None
        assert "travel times are estimates" in lines.fault
        assert "failed (HTTP 503)" in lines.fault
        changed.clear()
        await asyncio.wait_for(changed.wait(), 20)
        known = lines.line("R")
        assert known is not None
        assert tuple(known.durations_s) == (10.0, 10.0)
        assert known.durations_s != estimated.durations_s
        assert lines.fault == ""
        await lines.close()

    with answering(away_at_first) as url:
        asyncio.run(scene(url))
    assert list(tmp_path.iterdir()) == []


def test_a_question_about_travel_tells_the_room_of_a_server_that_is_away(tmp_path: Path) -> None:
    def seconds(engine: RoutingEngine) -> float:
        return engine.leg(at(0, 0), at(3, 0), Profile.CAR).duration_s

    async def scene(url: str) -> None:
        roads = Roads().through((f"osrm={url}",), "UTC")
        lines = RouteLines(roads, LineShelf(tmp_path), lambda: None)
        assert await lines.asked(seconds) > 0
        assert "failed (HTTP 500)" in lines.fault
        lines.use(Roads())
        assert lines.fault == ""
        await lines.close()

    with answering(lambda *_: (500, b"")) as url:
        asyncio.run(scene(url))


def test_the_servers_of_the_settings_are_checked_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "tower.toml"
    file.write_text('roads = ["osrm=http://localhost:5000", "osrm:bicycle=http://localhost:5001"]')
    assert len(read_settings(file, {}).roads) == 2
    assert read_settings(file, {"roads": ["valhalla=http://v:8002"]}).roads == (
        "valhalla=http://v:8002",
    )
    with pytest.raises(SettingsError, match="names no routing server"):
        read_settings(None, {"roads": ["localhost:5000"]})
