"""A carrier that sends more than can be taken in is named while it does."""

from tower.gateway.hearing import CROWDED_S, Hearing


def test_who_is_turned_away_is_named_and_forgotten_when_it_is_over() -> None:
    hearing = Hearing({}, 0.0)
    assert hearing.crowding(100.0) == ""
    hearing.turned_away("own", 100.0)
    assert hearing.crowding(101.5).startswith("Carrier own sends more than can be taken in.")
    assert hearing.crowding(100.1 + CROWDED_S) == ""
