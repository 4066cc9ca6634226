"""How stops end: attempts that failed, returns that were missed, proofs that do not fit."""

import pytest

from tests.watch.day import Day, Room, at, only_cause, only_finding
from tower.domain import events as e
from tower.domain.geometry import LatLon
from tower.domain.records import Proof
from tower.domain.words import (
    AttemptReason,
    ExceptionKind,
    ExceptionState,
    Severity,
    StopKind,
)

FAILED, RETURN, PROOF = (
    ExceptionKind.FAILED_ATTEMPT,
    ExceptionKind.RETURN_MISSED,
    ExceptionKind.POD_MISMATCH,
)
PIN = LatLon(47.1 + 1 / 111.195, 9.5)


def day() -> Day:
    return Day().opened().route("R-1", "s1 s2 s3").route("R-2", "s4")


class Here(Room):
    """A room whose vans are heard."""

    def see(self, clock: str) -> list[e.Event]:
        self.skies.heard["own"] = at(clock)
        for vehicle_id in ("own:R-1", "own:R-2"):
            self.skies.seen(vehicle_id, at(clock))
        return self.look(clock)


def moved(room: Room, stop_id: str, route_id: str, clock: str) -> None:
    """The stop goes over to the end of another route."""
    routes = room.day.state.routes
    before = routes["R-1"]
    after = routes[route_id]
    sequences = (
        e.RouteSequence(
            route_id="R-1",
            version=before.version + 1,
            stops=tuple(one for one in before.sequence if one != stop_id),
        ),
        e.RouteSequence(
            route_id=route_id, version=after.version + 1, stops=(*after.sequence, stop_id)
        ),
    )
    room.day.tell(e.RoutesSequenced(routes=sequences), clock)


@pytest.mark.parametrize(
    ("reason", "severity"),
    [
        (AttemptReason.NOT_HOME, Severity.INFO),
        (AttemptReason.REFUSED, Severity.MINOR),
        (AttemptReason.DAMAGED, Severity.MINOR),
    ],
)
def test_a_failed_attempt_is_told_at_once(reason: AttemptReason, severity: Severity) -> None:
    room = Here(day().attempted("s1", "9:00", reason))

    finding = only_finding(room.see("9:01"))

    assert finding.kind is FAILED
    assert finding.severity is severity
    assert finding.headline == f"Attempted: {reason.replace('_', ' ')}"


def test_an_attempt_nobody_worked_on_leaves_the_queue_once_it_is_the_depots() -> None:
    room = Here(day().attempted("s1", "9:00"))
    room.see("9:01")
    room.see("9:59")
    assert room.only(FAILED).is_open

    assert "goes back to the depot" in only_cause(room.see("10:03"))


def test_an_attempt_somebody_works_on_stays_theirs() -> None:
    room = Here(day().attempted("s1", "9:00"))
    room.see("9:01")
    claimed = e.ExceptionWorked(state=ExceptionState.CLAIMED, version=1, owner="ann")
    room.day.tell(claimed, "9:30", exception_id=room.only(FAILED).id)

    room.see("10:03")

    assert room.only(FAILED).is_open


def test_a_gateway_started_at_noon_does_not_tell_the_failures_of_the_early_morning() -> None:
    room = Here(day().attempted("s1", "8:10").attempted("s2", "11:30"), since="12:00")

    finding = only_finding(room.see("12:00"))

    assert finding.subject.stop_id == "s2"


def test_cold_goods_not_handed_over_are_a_major_matter() -> None:
    room = Here(day().stop("s1", temperature_limit_c=8.0).attempted("s1", "9:00"))

    room.see("9:01")
    finding = room.only(FAILED).finding
    assert finding is not None
    assert finding.severity is Severity.MAJOR


def test_reasons_that_are_kinds_of_their_own_are_told_once() -> None:
    room = Here(
        day()
        .attempted("s1", "9:00", AttemptReason.NO_ACCESS)
        .attempted("s2", "9:10", AttemptReason.ADDRESS_NOT_FOUND)
    )
    room.see("9:11")

    assert sorted(room.open_kinds) == [ExceptionKind.ADDRESS, ExceptionKind.NO_ACCESS]


def test_a_second_attempt_and_a_delivery_end_it() -> None:
    room = Here(day().attempted("s1", "9:00"))
    room.see("9:01")
    room.day.tell(e.StopArrived(), "9:30", stop_id="s1")
    assert only_cause(room.see("9:31")) == "The driver tries again."
    room.day.delivered("s1", "9:35")
    room.see("9:36")
    assert room.open_kinds == []


def test_a_second_failure_within_minutes_is_the_same_exception_a_later_one_another() -> None:
    room = Here(day().attempted("s1", "9:00"))
    room.see("9:01")
    room.day.arrived("s1", "9:10")
    room.see("9:10")
    room.day.attempted("s1", "9:12")
    room.see("9:12")
    assert room.only(FAILED).is_open

    room.day.arrived("s1", "11:00")
    room.see("11:01")
    room.day.attempted("s1", "12:00")
    room.see("12:01")
    assert [record.is_open for record in room.exceptions] == [False, True]


def test_moved_to_another_route_it_is_somebodys_already_and_is_not_told_again() -> None:
    room = Here(day().attempted("s1", "9:00"))
    room.see("9:01")
    moved(room, "s1", "R-2", "9:30")

    assert only_cause(room.see("9:31")) == "The stop is on another route now."
    for clock in ("9:32", "9:50", "11:00"):
        assert room.see(clock) == []
    room.day.attempted("s1", "14:00")
    room.see("14:01")
    assert room.open_kinds == [FAILED]


def test_what_a_person_resolved_stays_resolved_until_it_happens_again() -> None:
    room = Here(day().attempted("s1", "9:00"))
    room.see("9:01")
    room.day.resolved(room.only(FAILED).id, "9:05")

    for clock in ("9:20", "9:40", "13:50", "18:00"):
        assert room.see(clock) == []
    room.day.tell(e.StopArrived(), "18:10", stop_id="s1")
    room.day.attempted("s1", "18:12")
    assert only_finding(room.see("18:13")).kind is FAILED


def test_a_return_not_collected_is_told_whatever_the_reason() -> None:
    for reason in (AttemptReason.NOT_HOME, AttemptReason.NO_ACCESS):
        told = day().stop("s1", kind=StopKind.RETURN, window="10:00-12:00")
        room = Here(told.attempted("s1", "11:00", reason))

        finding = only_finding(room.see("11:01"))

        assert finding.kind is RETURN
        assert finding.headline == f"Return not collected: {reason.replace('_', ' ')}"
        assert finding.detail == "Pickup window ended 12:00"


def test_a_return_the_van_drove_past_is_missed_once_its_window_is_over() -> None:
    room = Here(day().stop("s1", kind=StopKind.RETURN, window="10:00-12:00"))
    room.day.delivered("s2", "11:00")

    assert room.see("12:04") == []
    finding = only_finding(room.see("12:05"))
    assert finding.headline == "Return not collected: the vehicle has gone on"
    room.day.tell(e.StopCollected(), "12:30", stop_id="s1")
    assert only_cause(room.see("12:31")) == "The stop is done: collected."


def test_a_return_is_not_missed_because_a_stop_after_it_was_cancelled() -> None:
    told = day().stop("s2", kind=StopKind.RETURN, window="9:00-10:00")
    told.tell(e.StopCancelled(), "9:30", stop_id="s3")
    room = Here(told)
    room.see("10:30")
    room.see("10:32")
    assert RETURN not in room.open_kinds


def test_a_return_not_collected_is_missed_once_its_route_has_ended() -> None:
    room = Here(day().stop("s1", kind=StopKind.RETURN))
    room.day.delivered("s2", "11:00")
    assert room.see("11:30") == []
    room.day.tell(e.RouteFinished(), "12:00", route_id="R-1")

    finding = only_finding(room.see("12:01"))
    assert finding.headline == "Return not collected: its route has ended"


def test_a_return_still_ahead_of_the_van_is_not_missed() -> None:
    room = Here(day().stop("s3", place=2, kind=StopKind.RETURN, window="10:00-12:00"))
    room.day.delivered("s1", "11:00")

    assert room.see("12:30") == []


def delivered_with(proof: Proof, *parcels: str) -> Here:
    room = Here(day().stop("s1", parcels=parcels, address="Demo Street 3"))
    room.day.tell(e.StopDelivered(proof=proof), "9:00", stop_id="s1")
    room.see("9:01")
    return room


def test_a_hand_over_far_from_the_pin_is_told() -> None:
    room = delivered_with(Proof(lat=PIN.lat + 300 / 111_195, lon=PIN.lon, received_by="a son"))

    finding = room.only(PROOF).finding
    assert finding is not None
    assert finding.headline == "Handed over 300 m from the pin"
    assert finding.detail == "Demo Street 3, received by a son, at 09:00"
    assert finding.severity is Severity.MINOR


def test_parcels_missing_or_of_others_are_told_by_name() -> None:
    room = delivered_with(Proof(scanned=("P1", "P9")), "P1", "P2", "P3")

    finding = room.only(PROOF).finding
    assert finding is not None
    assert finding.headline == "2 parcels not scanned: P2, P3, 1 parcel of others: P9"
    assert finding.severity is Severity.MAJOR


def test_a_proof_that_fits_or_says_nothing_is_fine() -> None:
    fits = Proof(lat=PIN.lat, lon=PIN.lon, scanned=("P1",))

    for proof in (fits, Proof(), Proof(lat=PIN.lat + 100 / 111_195, lon=PIN.lon)):
        assert delivered_with(proof, "P1").open_kinds == []


def test_where_the_pin_is_known_to_be_wrong_the_hand_over_there_is_right() -> None:
    far = LatLon(PIN.lat + 300 / 111_195, PIN.lon)
    room = Room(day().arrived("s1", "9:00"))
    room.skies.heard["own"] = at("9:03")
    for clock in ("9:00", "9:02"):
        room.skies.seen("own:R-1", at(clock), far).seen("own:R-2", at(clock))
        room.look(clock)
    assert room.open_kinds == [ExceptionKind.ADDRESS]
    room.day.tell(e.StopDelivered(proof=Proof(lat=far.lat, lon=far.lon)), "9:03", stop_id="s1")
    room.look("9:03")

    assert room.open_kinds == []
