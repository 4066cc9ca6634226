"""How often desktops are told where vehicles are."""

from tower.gateway.sockets import (
    CROWD,
    CROWD_TICK_S,
    LARGE_FLEET,
    LARGE_TICK_S,
    TICK_S,
    beat_s,
)


def test_an_ordinary_room_hears_as_often_as_it_can_show() -> None:
    assert beat_s(vehicles=10_000, desktops=3) == TICK_S


def test_many_desktops_or_vehicles_hear_more_seldom() -> None:
    assert TICK_S < beat_s(vehicles=300, desktops=CROWD) == CROWD_TICK_S
    assert beat_s(LARGE_FLEET, desktops=1) == beat_s(LARGE_FLEET, CROWD) == LARGE_TICK_S
