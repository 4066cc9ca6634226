"""What is heard of the demo's deliveries afterwards fits what happened."""

import asyncio
from statistics import mean

import pytest

from tower.demo.aftermath import AT_ONCE, Aftermath, Heard
from tower.demo.happenings import Mishap
from tower.demo.plan import DemoPlan, Report, Say
from tower.domain.commands import CloseReturn, FileClaim, RecordSurvey, SettleClaim
from tower.domain.words import StopKind

DAY_S = 24 * 3600.0


class Desk:
    """Writes down what is heard."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []

    async def record(self, heard: Heard) -> None:
        self.heard.append(heard)


def hear(plan: DemoPlan, until_s: float = 2 * DAY_S) -> list[Heard]:
    """Everything that is heard of a day by then."""
    routes = {route.id: route for route in plan.routes}
    aftermath, desk = Aftermath(plan, 0.0), Desk()
    for report in plan.reports:
        if report.sent_s <= until_s:
            aftermath.note(report, routes[report.route_id])

    async def all_of_it() -> None:
        known = -1
        while len(desk.heard) > known:
            known = len(desk.heard)
            await aftermath.act(desk, until_s)
            assert len(desk.heard) - known <= AT_ONCE

    asyncio.run(all_of_it())
    return desk.heard


@pytest.fixture(scope="module")
def heard(plan: DemoPlan) -> list[Heard]:
    return hear(plan)


def ends_of(plan: DemoPlan) -> dict[str, Report]:
    ends = (Say.DELIVERED, Say.COLLECTED, Say.ATTEMPTED)
    return {report.stop_id: report for report in plan.reports if report.say in ends}


def test_some_customers_answer_each_once_and_those_served_late_are_less_pleased(
    plan: DemoPlan, heard: list[Heard]
) -> None:
    surveys = [one for one in heard if isinstance(one, RecordSurvey)]
    ends = ends_of(plan)
    stops = {stop.id: stop for route in plan.routes for stop in route.stops}
    assert len({one.stop_id for one in surveys}) == len(surveys)
    assert 0.1 < len(surveys) / len(ends) < 0.2

    def is_bad(one: RecordSurvey) -> bool:
        end, closes_s = ends[one.stop_id], stops[one.stop_id].window_end_s
        is_late = closes_s is not None and end.at_s > closes_s + 1_200.0
        return is_late or end.say is Say.ATTEMPTED

    bad = [one.nps for one in surveys if is_bad(one) and one.nps is not None]
    good = [one.nps for one in surveys if not is_bad(one) and one.nps is not None]
    assert mean(bad) < mean(good) - 1.0
    assert all(1 <= (one.csat or 0) <= 5 for one in surveys)


def test_claims_are_about_what_went_wrong_and_are_settled_after_they_were_filed(
    plan: DemoPlan, heard: list[Heard]
) -> None:
    claims = {one.claim_id: one for one in heard if isinstance(one, FileClaim)}
    assert 3 <= len(claims) <= 60
    wrong = {Mishap.DAMAGED, Mishap.PARCEL_SHORT, Mishap.WRONG_DOOR}
    ends, mishaps = ends_of(plan), plan.happenings.mishaps
    stops = {stop.id: stop for route in plan.routes for stop in route.stops}
    for claim in claims.values():
        closes_s = stops[claim.stop_id].window_end_s
        is_late = closes_s is not None and ends[claim.stop_id].at_s > closes_s
        assert is_late or mishaps.get(claim.stop_id) in wrong
    settled = [one for one in heard if isinstance(one, SettleClaim)]
    assert settled
    for one in settled:
        filed = claims[one.claim_id].at
        assert one.at is not None
        assert filed is not None
        assert heard.index(claims[one.claim_id]) < heard.index(one)
        assert one.at > filed


def test_only_returns_that_were_collected_are_booked_back_in_once_their_vehicle_is_home(
    plan: DemoPlan, heard: list[Heard]
) -> None:
    booked = [one for one in heard if isinstance(one, CloseReturn)]
    assert booked
    route_of = {stop.id: route for route in plan.routes for stop in route.stops}
    for one in booked:
        [stop] = [stop for stop in route_of[one.stop_id].stops if stop.id == one.stop_id]
        assert stop.kind is StopKind.RETURN
        assert ends_of(plan)[one.stop_id].say is Say.COLLECTED
        assert one.at is not None
        assert one.at.timestamp() >= route_of[one.stop_id].life.ends_s


def test_nothing_is_heard_before_its_time_and_a_day_taken_up_again_says_the_same(
    plan: DemoPlan, heard: list[Heard]
) -> None:
    noon_s = 12 * 3600.0
    early = hear(plan, noon_s)
    assert early
    assert all(one.at is not None and one.at.timestamp() <= noon_s + 1.0 for one in early)
    assert set(early) <= set(heard)
