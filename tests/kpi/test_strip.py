"""Each number says what happened, and which stops are behind it."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from tests.watch.day import Day, Expected, at
from tower.domain import events as e
from tower.domain.records import StopPlan
from tower.domain.reporting import Reporting, Target
from tower.domain.words import Punctuality, StopKind, VehicleKind
from tower.kpi.attention import Predicted
from tower.kpi.measure import Measure, Mood, mood_of
from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.operation import PredictedToday
from tower.kpi.strip import strip

KM_M = 1000.0


def measures(
    day: Day, clock: str = "12:00", arrivals: Mapping[str, Predicted] | None = None
) -> dict[str, Measure]:
    return {measure.key: measure for measure in strip(day.state, arrivals or {}, at(clock))}


def day(stops: str = "s1 s2 s3 s4", windows: Mapping[str, str] | None = None) -> Day:
    return Day().opened().route("R-1", stops, windows=windows)


def test_on_time_is_served_within_the_window_over_finished_with_a_window() -> None:
    windows = {f"s{n}": "9:00-10:00" for n in range(1, 7)}
    busy = day("s1 s2 s3 s4 s5 s6 s7 s8", windows)
    busy.delivered("s1", "9:30", came="9:28")
    busy.delivered("s2", "10:02", came="9:59")
    busy.delivered("s3", "10:05", came="10:01")
    busy.delivered("s4", "8:50", came="8:40")
    busy.attempted("s5", "9:40")
    busy.tell(e.StopCancelled(), "9:41", stop_id="s6")
    busy.delivered("s7", "11:00")

    measure = measures(busy)["on_time"]

    assert measure.value == 40.0
    assert measure.text == "40.0 %"
    assert measure.note == "target 95 %"
    assert measure.mood is Mood.BAD
    assert measure.counted == 5
    assert measure.stops == ("s4", "s5", "s3")


def test_a_target_that_supervisors_set_holds_in_the_strip_too() -> None:
    busy = day("s1", {"s1": "9:00-10:00"}).attempted("s1", "9:40")
    targets = (Target(measure="on_time", value=99.5), Target(measure="eta_error_60", value=3.0))
    busy.tell(e.ReportingSet(version=1, reporting=Reporting(targets=targets)), "9:45")
    predicted = PredictedToday(5.0, 80.0, 100)
    found = {one.key: one for one in strip(busy.state, {}, at("12:00"), predicted=predicted)}
    assert found["on_time"].note == "target 99.5 %"
    assert found["on_time"].target == 99.5
    assert found["schedule_error"].target == 3.0
    assert found["schedule_error"].mood is Mood.WATCH
    assert found["first_attempt"].target == 92.0


def test_first_attempt_is_done_over_finished() -> None:
    busy = day().delivered("s1", "9:30").attempted("s2", "9:40").delivered("s3", "9:50")

    measure = measures(busy)["first_attempt"]

    assert measure.value == pytest.approx(200 / 3)
    assert measure.stops == ("s2",)


def test_only_stops_where_a_customer_waits_count() -> None:
    busy = day().delivered("s1", "9:30").attempted("s2", "9:40")
    for stop_id, kind in (("s3", StopKind.CHARGE), ("s4", StopKind.PICKUP)):
        plan = StopPlan(id=stop_id, kind=kind, lat=47.1, lon=9.5)
        busy.tell(e.StopPlanned(plan=plan), "8:30", stop_id=stop_id)
        busy.tell(e.StopCollected(), "9:50", stop_id=stop_id)

    measure = measures(busy)["first_attempt"]

    assert measure.value == 50.0
    assert measure.counted == 2


def test_a_rate_has_its_line_by_quarter_hours_and_its_trend() -> None:
    busy = day().attempted("s1", "9:40").delivered("s2", "10:10").delivered("s3", "11:20")

    measure = measures(busy, "11:30")["first_attempt"]

    clocks = ["9:45", "10:00", "10:15", "10:30", "10:45", "11:00", "11:15", "11:30"]
    assert [time for time, _ in measure.series] == [at(clock).timestamp() for clock in clocks]
    assert [round(value) for _, value in measure.series] == [0, 0, 50, 50, 50, 50, 50, 67]
    assert measure.trend == pytest.approx(200 / 3 - 50)


def test_at_risk_is_what_is_expected_late_or_nearly_within_the_hour() -> None:
    risky = {
        "s1": Expected(p50=at("12:50"), punctuality=Punctuality.LATE),
        "s2": Expected(p50=at("12:10"), punctuality=Punctuality.AT_RISK),
        "s3": Expected(p50=at("12:20"), punctuality=Punctuality.ON_TIME),
        "s4": Expected(p50=at("13:01"), punctuality=Punctuality.LATE),
        "gone": Expected(p50=at("12:01"), punctuality=Punctuality.LATE),
    }

    measure = measures(day(), arrivals=risky)["at_risk"]

    assert (measure.text, measure.note) == ("2 stops", "1 expected late")
    assert measure.stops == ("s2", "s1")
    assert measure.mood is Mood.BAD


def test_a_stop_done_meanwhile_is_no_longer_at_risk() -> None:
    risky = Expected(p50=at("12:10"), punctuality=Punctuality.AT_RISK)

    measure = measures(day().delivered("s1", "11:59"), arrivals={"s1": risky})["at_risk"]

    assert (measure.text, measure.mood) == ("0 stops", Mood.GOOD)


def test_stops_at_risk_draw_a_line_from_what_was_seen_before() -> None:
    past = tuple((at("11:00").timestamp() + 60 * n, 3.0) for n in range(60))

    measure = strip(day().state, {}, at("12:05"), past_at_risk=past)[2]

    assert measure.series[-1] == (at("12:05").timestamp(), 0.0)
    assert measure.trend == -3.0


def test_open_exceptions_and_those_past_their_time() -> None:
    busy = day()
    busy.alarm("x1", "10:00", stop_id="s1", due="10:15")
    busy.alarm("x2", "10:40", stop_id="s2", due="12:15")
    busy.alarm("x3", "10:50", stop_id="s3").resolved("x3", "11:10")

    measure = measures(busy, "11:30")["open_exceptions"]

    assert (measure.text, measure.note) == ("2", "1 past SLA")
    assert measure.stops == ("s1", "s2")
    values = dict(measure.series)
    assert [values[at(clock).timestamp()] for clock in ("10:15", "11:00", "11:15")] == [1, 3, 2]


def test_wismo_counts_customers_who_asked_today() -> None:
    busy = day()
    for clock, stop_id in (("9:00", "s1"), ("11:20", "s2"), ("11:25", "s2")):
        busy.tell(e.CustomerContacted(topic="wismo"), clock, stop_id=stop_id)
    busy.tell(e.CustomerContacted(topic="reschedule"), "11:21", stop_id="s3")
    busy.tell(e.CustomerContacted(topic="wismo", inbound=False), "11:22", stop_id="s3")

    measure = measures(busy)["wismo"]

    assert (measure.text, measure.note) == ("3", "2 in the last hour")
    assert measure.stops == ("s1", "s2")


def test_schedule_error_is_the_middle_distance_from_the_plan() -> None:
    busy = day().delivered("s1", "9:10", came="9:04").delivered("s2", "9:20", came="9:18")
    busy.delivered("s3", "10:40", came="10:31")

    measure = measures(busy)["schedule_error"]

    assert measure.value == pytest.approx(12.0)
    assert measure.text == "12.0 min"
    assert measure.stops == ("s3",)
    assert measure.mood is Mood.WATCH


def test_emissions_follow_the_vehicle_and_the_distance() -> None:
    van = day().delivered("s1", "9:10").delivered("s2", "9:30")
    bike = Day().opened().route("R-1", "s1 s2", VehicleKind.CARGO_BIKE)
    bike.delivered("s1", "9:10").delivered("s2", "9:30")

    by_van, by_bike = measures(van)["co2e_per_stop"], measures(bike)["co2e_per_stop"]

    assert by_van.value == pytest.approx(1.3 * 99.6 * (2.66155 + 0.62409), rel=1e-3)
    assert by_bike.value == pytest.approx(1.3 * 22 * 0.27522, rel=1e-3)
    assert "estimated" in by_van.note


def test_emissions_take_the_road_where_it_is_known() -> None:
    van = day().delivered("s1", "9:10").delivered("s2", "9:30")

    measure = strip(van.state, {}, at("12:00"), driven_m={"R-1": 5 * KM_M})[-1]

    assert measure.value == pytest.approx(5 * 99.6 * (2.66155 + 0.62409) / 2)
    assert measure.note == "1.6 kg today"


def test_yesterday_is_not_today_and_tomorrow_is_not_yet() -> None:
    busy = day()
    busy.delivered("s1", "0:30").delivered("s2", "9:00").delivered("s3", "14:00")

    assert measures(busy, "12:00")["first_attempt"].counted == 1


def test_an_empty_shift_says_nothing_rather_than_nought() -> None:
    by_key = measures(Day())

    for key in ("on_time", "first_attempt", "schedule_error", "co2e_per_stop"):
        assert (by_key[key].value, by_key[key].text) == (None, "—")
        assert by_key[key].mood is Mood.NEUTRAL
        assert by_key[key].series == ()
    assert by_key["open_exceptions"].text == "0"


def test_the_strip_stands_as_in_the_picture() -> None:
    assert list(measures(day())) == [
        "on_time",
        "first_attempt",
        "at_risk",
        "open_exceptions",
        "wismo",
        "schedule_error",
        "co2e_per_stop",
    ]


def test_the_line_of_a_rate_ends_now() -> None:
    busy = day().delivered("s1", "9:10")
    now = at("11:07") + timedelta(seconds=13)

    by_key = {measure.key: measure for measure in strip(busy.state, {}, now)}

    for key in ("first_attempt", "at_risk", "co2e_per_stop"):
        assert by_key[key].series[-1] == (now.timestamp(), by_key[key].value)


def test_an_hour_without_arrivals_leaves_a_gap_in_the_error() -> None:
    busy = day().delivered("s1", "9:10").delivered("s2", "11:20")

    series = dict(measures(busy, "11:30")["schedule_error"].series)

    assert at("10:30").timestamp() not in series
    assert series[at("11:30").timestamp()] == 110.0


@pytest.mark.parametrize(
    ("key", "value", "mood"),
    [
        ("on_time", 95.0, Mood.GOOD),
        ("on_time", 90.0, Mood.WATCH),
        ("on_time", 89.9, Mood.BAD),
        ("eta_error_60", 10.0, Mood.GOOD),
        ("eta_error_60", 20.1, Mood.BAD),
        ("eta_coverage_60", 78.0, Mood.GOOD),
        ("eta_coverage_60", 83.0, Mood.WATCH),
        ("eta_coverage_60", 90.0, Mood.BAD),
        ("stops", 3.0, Mood.NEUTRAL),
        ("on_time", None, Mood.NEUTRAL),
    ],
)
def test_a_value_is_good_watched_or_bad_by_its_target(
    key: str, value: float | None, mood: Mood
) -> None:
    assert mood_of(MEASURES[key], value) is mood


def test_a_target_somebody_set_goes_before_the_measures_own() -> None:
    assert mood_of(MEASURES["on_time"], 95.0, 97.0) is Mood.WATCH


def test_once_predictions_are_measured_their_error_stands_for_that_of_the_plan() -> None:
    hour = ((at("10:00").timestamp(), 8.0), (at("11:00").timestamp(), 5.0))
    today = PredictedToday(
        error_min=6.25, coverage=81.6, arrivals=120, series=hour, stops=("s2", "s1")
    )

    measure = strip(day().state, {}, at("12:00"), predicted=today)[5]

    assert (measure.key, measure.title) == ("schedule_error", "ETA error, 1 h ahead")
    assert (measure.text, measure.note) == ("6.2 min", "82 % within P10-P90, should be 80 %")
    assert (measure.mood, measure.trend) == (Mood.GOOD, -3.0)
    assert (measure.stops, measure.counted) == (("s2", "s1"), 120)
