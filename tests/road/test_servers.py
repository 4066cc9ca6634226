"""Routing servers as people write them down."""

from contextlib import closing
from datetime import UTC

import pytest

from tests.road.played_servers import answering, osrm_answer, valhalla_answer
from tests.road.real_servers import free_port
from tests.road.test_server_engine import PLACES
from tower.road.engine import StraightLineEngine
from tower.road.roads import Profile
from tower.road.servers import (
    ServerAddress,
    ServerAddressError,
    ServerKind,
    server_address,
    server_engine,
)


def test_an_address_names_the_kind_and_where_given_the_profile() -> None:
    assert server_address("osrm=http://localhost:5000") == ServerAddress(
        ServerKind.OSRM, None, "http://localhost:5000"
    )
    bicycles = server_address("osrm:bicycle=https://routes.example/bikes/")
    assert bicycles.profiles == (Profile.BICYCLE,)
    assert server_address("valhalla=http://v").profiles == tuple(Profile)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "osrm",
        "http://localhost",
        "osrm=localhost:5000",
        "osrm:horse=http://h",
        "osrm=http://[::1",
        "g=http://h",
    ],
)
def test_what_names_no_server_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ServerAddressError, match="osrm=http://localhost:5000"):
        server_address(text)


def test_bicycles_go_by_their_own_server_and_not_by_one_made_for_cars() -> None:
    with (
        answering(lambda path, _: osrm_answer(path)) as cars,
        answering(valhalla_answer) as bicycles,
    ):
        named = [server_address(f"osrm={cars}"), server_address(f"valhalla:bicycle={bicycles}")]
        with closing(server_engine(named, UTC, StraightLineEngine())) as engine:
            assert engine.leg(PLACES[0], PLACES[1], Profile.CAR).duration_s == 10.0
            assert engine.leg(PLACES[0], PLACES[1], Profile.TRUCK).duration_s == 10.0
            assert engine.leg(PLACES[0], PLACES[1], Profile.BICYCLE).duration_s == 12.5
        with closing(server_engine(named[:1], UTC, StraightLineEngine())) as engine:
            assert engine.table(PLACES[:1], PLACES[1:2], Profile.BICYCLE).estimated.all()
            assert engine.fault == ""


def test_a_server_that_is_gone_is_a_fault_the_room_is_told_of() -> None:
    named = [server_address(f"valhalla=http://127.0.0.1:{free_port()}")]
    with closing(server_engine(named, UTC, StraightLineEngine())) as engine:
        assert engine.table(PLACES[:1], PLACES[1:2], Profile.CAR).estimated.all()
        assert "cannot be reached" in engine.fault
