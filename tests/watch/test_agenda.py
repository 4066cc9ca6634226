"""What is to be looked at comes in its order, each once, and not before its time."""

from datetime import timedelta

from tower.domain.moments import utc
from tower.watch.agenda import Agenda, Sort, Subject

NOW = utc(1_795_600_000.0)
A, B, C = (Subject(Sort.STOP, name) for name in "ABC")


def test_a_portion_is_taken_and_the_rest_stays_in_its_order() -> None:
    agenda = Agenda()
    agenda.put([A, B, C, A])
    assert list(agenda.take(2)) == [A, B]
    agenda.put([A])
    assert list(agenda.take()) == [C, A]
    assert len(agenda) == 0


def test_who_stops_half_way_leaves_what_was_not_handed_over() -> None:
    agenda = Agenda()
    agenda.put([A, B, C])
    assert next(agenda.take()) == A
    assert list(agenda.take()) == [B, C]


def test_what_is_put_off_again_and_again_comes_once_and_takes_no_room() -> None:
    agenda = Agenda()
    for minute in range(10_000):
        agenda.again(A, NOW + timedelta(days=1, minutes=minute))
    agenda.again(B, NOW + timedelta(minutes=1))
    agenda.again(C, NOW)
    agenda.again(C, None)
    assert len(agenda._later) < 2_000
    agenda.come_due(NOW + timedelta(days=1))
    assert list(agenda.take()) == [B]
    agenda.come_due(NOW + timedelta(days=9))
    assert list(agenda.take()) == [A]
