"""A carrier that sends more than can be taken in is named while it does."""

from tower.gateway.hearing import CROWDED_S, Hearing


def test_who_is_turned_away_is_named_and_forgotten_when_it_is_over() -> None:
    hearing = Hearing({}, 0.0)
    assert hearing.crowding(100.0) == ""
    for number in range(1_200):
        hearing.turned_away("own", 100.0 + number / 1_000)
    words = hearing.crowding(101.5)
    assert words.startswith("Carrier own sends more than can be taken in: 1,200 of its messages")
    assert hearing.crowding(101.2 + CROWDED_S) == ""


def test_only_the_last_minute_is_told() -> None:
    hearing = Hearing({}, 0.0)
    hearing.turned_away("own", 10.0)
    hearing.turned_away("own", 100.0)
    assert ": 1 of its messages" in hearing.crowding(101.0)
