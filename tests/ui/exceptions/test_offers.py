"""What the prompt offers: snoozes, people, causes, targets of a merge."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tower.domain.records import Subject
from tower.domain.words import Awaited, Disposition, ExceptionKind
from ui.exceptions.causes import ANYWHERE, CAUSES, causes_of
from ui.exceptions.offers import (
    Person,
    Resolution,
    Snooze,
    assign_offers,
    escalate_offers,
    false_alarm_offers,
    nearness,
    resolve_offers,
    snooze_end,
    snooze_offers,
)

NOW = datetime(2026, 11, 20, 14, 23, 8, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Vaduz")
ME = Person("ann", "A. Example")


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("45", 45), ("45 min", 45), ("2h", 120), ("2 h", 120), ("1 hour", 60), (" 5 M ", 5)],
)
def test_a_length_is_typed_in_minutes_or_hours(typed: str, minutes: int) -> None:
    assert snooze_end(typed, NOW, ZONE) == NOW + timedelta(minutes=minutes)


def test_a_time_of_day_is_the_next_one_in_the_shifts_zone() -> None:
    assert snooze_end("16:30", NOW, ZONE) == datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert snooze_end("16.30", NOW, ZONE) == datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert snooze_end("8:05", NOW, ZONE) == datetime(2026, 11, 21, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "0", "25 h", "2000", "24:10", "9:75", "soon", "-5"])
def test_what_is_no_time_or_too_long_is_none(typed: str) -> None:
    assert snooze_end(typed, NOW, ZONE) is None


def test_the_night_the_clocks_change_a_time_of_day_is_still_that_time() -> None:
    before = datetime(2026, 10, 24, 21, 0, tzinfo=UTC)
    found = snooze_end("08:00", before, ZONE)
    assert found is not None
    assert f"{found.astimezone(ZONE):%d %H:%M}" == "25 08:00"


def test_a_snooze_offers_lengths_and_what_can_wake_it() -> None:
    offers = snooze_offers("", NOW, ZONE, (Awaited.REPLY, Awaited.ARRIVAL))
    assert [one.words for one in offers] == [
        "15 minutes",
        "30 minutes",
        "1 hour",
        "Until the customer replies",
        "Until the vehicle arrives",
    ]
    assert offers[0].value == Snooze(NOW + timedelta(minutes=15))
    assert offers[3].value == Snooze(NOW + timedelta(hours=4), Awaited.REPLY)
    assert offers[0].aside == "until 15:38"


def test_words_narrow_the_offers() -> None:
    found = snooze_offers("repl", NOW, ZONE, tuple(Awaited))
    assert [one.words for one in found] == ["Until the customer replies"]
    (typed,) = snooze_offers("16:30", NOW, ZONE, tuple(Awaited))
    assert (typed.words, typed.aside) == ("Until 16:30", "67 min")


def test_one_gives_to_oneself_to_somebody_known_or_to_a_name() -> None:
    known = [Person("ben", "B. Example"), ME]
    assert [one.words for one in assign_offers("", known, ME, is_assigned=False)] == [
        "Me",
        "B. Example",
    ]
    assert assign_offers("", known, ME, is_assigned=True)[-1].value == Person("", "")
    (ben, written) = assign_offers("b.", known, ME, is_assigned=False)
    assert ben.value == Person("ben", "B. Example")
    assert (written.words, written.aside) == ("b.", "as written")
    (only,) = assign_offers("  C.  Example ", known, ME, is_assigned=False)
    assert only.value == Person("C. Example", "C. Example")


def test_a_known_name_typed_whole_is_not_offered_twice() -> None:
    found = assign_offers("b. example", [Person("ben", "B. Example")], ME, is_assigned=False)
    assert [one.value for one in found] == [Person("ben", "B. Example")]


def test_every_kind_has_causes_of_its_own() -> None:
    assert set(CAUSES) == set(ExceptionKind)
    for kind in ExceptionKind:
        causes = causes_of([kind])
        assert causes[-len(ANYWHERE) :] == ANYWHERE
        assert len(set(causes)) == len(causes) > len(ANYWHERE)


def test_several_kinds_are_offered_what_fits_all_of_them() -> None:
    both = causes_of([ExceptionKind.LATE, ExceptionKind.LATE_RISK])
    assert both == ("Customer accepts the delay", *ANYWHERE)
    assert causes_of([ExceptionKind.LATE, ExceptionKind.TEMPERATURE]) == ANYWHERE


def test_a_written_cause_goes_first_and_may_be_a_false_alarm() -> None:
    found = resolve_offers("gate", [ExceptionKind.NO_ACCESS])
    assert [(one.words, one.value) for one in found] == [
        ("gate", Resolution("gate")),
        ("Gate code passed on", Resolution("Gate code passed on")),
        ("gate", Resolution("gate", Disposition.FALSE_ALARM)),
    ]


def test_a_false_alarm_is_judged_as_one() -> None:
    assert {one.value.disposition for one in false_alarm_offers("")} == {  # type: ignore[attr-defined]
        Disposition.FALSE_ALARM
    }
    assert escalate_offers("phone is dead")[0].value == "phone is dead"


def test_the_same_stop_is_nearer_than_the_same_vehicle() -> None:
    own = Subject(stop_id="s", vehicle_id="v", route_id="r")
    others = (
        Subject(stop_id="s"),
        Subject(stop_id="t", vehicle_id="v"),
        Subject(route_id="r"),
        Subject(stop_id="t"),
    )
    assert [nearness(own, one) for one in others] == [0, 1, 2, 3]
    assert nearness(Subject(), Subject()) == 3, "what names nothing is near nothing"
