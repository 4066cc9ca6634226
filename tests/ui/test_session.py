"""What every panel relies on."""

from datetime import timedelta

from pytestqt.qtbot import QtBot

from tests.ui.conftest import Fleet
from tests.ui.example_shift import NOON, event, raised
from tower.domain.events import StopDelivered
from tower.domain.records import Subject
from tower.domain.state import Changed
from tower.domain.telemetry import Fix
from tower.domain.words import Punctuality, StopState
from tower.feed.client import Link
from tower.replay.reader import Moment
from ui.filter import Hidden
from ui.session import ARRIVALS_AT_ONCE, RECORDS_AT_ONCE, Session


def test_an_event_changes_what_is_shown_and_says_what(session: Session) -> None:
    delivered = event(StopDelivered(), Subject(stop_id="s0"), at=NOON, seq=99)
    changed: list[object] = []
    arrived: list[object] = []
    session.records_changed.connect(changed.append)
    session.events_arrived.connect(arrived.append)
    session.fold_events([delivered])
    assert session.state.stops["s0"].state is StopState.DELIVERED
    assert changed == [frozenset({Changed("stops", "s0")})]
    assert arrived == [[delivered]]


def test_the_same_event_twice_changes_nothing_twice(session: Session, qtbot: QtBot) -> None:
    delivered = event(StopDelivered(), Subject(stop_id="s0"), at=NOON, seq=99)
    session.fold_events([delivered])
    with qtbot.assertNotEmitted(session.records_changed):
        session.fold_events([delivered])


def test_an_exception_is_told_by_its_id(session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.exceptions_changed) as told:
        session.fold_events([raised("x2", stop=3)])
    assert told.args == [frozenset({"x2"})]


def test_selecting_is_told_once_and_everywhere(session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.selection_changed) as told:
        session.select("stop", "s3")
    assert told.args == [("stop", "s3")]
    with qtbot.assertNotEmitted(session.selection_changed):
        session.select("stop", "s3")
    session.select("", "s3")
    assert session.selection == ("", "")


def test_times_are_those_of_the_shift(session: Session) -> None:
    assert session.clock_text(NOON) == "13:00"
    assert session.clock_text(NOON + timedelta(seconds=8), seconds=True) == "13:00:08"
    assert session.clock_text(None) == "—"


def test_frames_move_vehicles_and_predict_stops(session: Session, fleet: Fleet) -> None:
    assert session.data_age_s is None
    fix = Fix(vehicle_id="own:v0", at=NOON - timedelta(seconds=4), lat=47.1, lon=9.5)
    fleet.vehicles.update_fixes([fix])
    at = NOON.timestamp() + 600
    fleet.arrivals.set(["s1"], [at], [60], [120], [Punctuality.LATE.code])
    changed: list[object] = []
    session.arrivals_changed.connect(changed.append)
    session.apply_frames([fleet.frame()])
    assert changed == [{"s1"}]
    arrival = session.arrivals.row("s1")
    assert arrival is not None
    assert session.clock_text(arrival.p50) == "13:10"
    assert len(session.vehicles) == 1
    assert session.data_age_s == 4.0


def test_of_many_arrivals_panels_hear_in_several_turns(
    session: Session, fleet: Fleet, qtbot: QtBot
) -> None:
    ids = [f"s{number}" for number in range(ARRIVALS_AT_ONCE + 5)]
    at, code = [NOON.timestamp()] * len(ids), [Punctuality.LATE.code] * len(ids)
    fleet.arrivals.set(ids, at, [60] * len(ids), [60] * len(ids), code)
    told: list[set[str]] = []
    session.arrivals_changed.connect(told.append)
    session.apply_frames([fleet.frame()])
    assert [len(one) for one in told] == [ARRIVALS_AT_ONCE]
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[0] | told[1] == set(ids)


def test_a_hidden_carrier_takes_its_routes_vehicles_and_exceptions_away(
    session: Session,
) -> None:
    session.fold_events([raised("x2", stop=12)])
    session.hide(Hidden(carriers=frozenset({"gig"})))
    state = session.state
    assert [route.id for route in state.routes.values() if session.shows(route)] == ["r0", "r1"]
    assert not session.shows(state.stops["s12"])
    assert not session.shows(state.exceptions["x2"])
    assert session.shows(state.exceptions["x1"])
    assert not session.shows_vehicle("gig:v2")
    assert session.shows_vehicle("own:v0")


def test_a_hidden_depot_or_shift_takes_everything_of_it_away(session: Session) -> None:
    route = session.state.routes["r0"]
    for hidden in (Hidden(depots=frozenset({"depot-1"})), Hidden(shifts=frozenset({"day"}))):
        session.hide(hidden)
        assert not session.shows(route)
        assert not session.shows_vehicle("own:v0")
    session.hide(Hidden())
    assert session.shows(route)


def test_stops_have_the_number_of_their_place(session: Session) -> None:
    assert session.links.number_of_stop["s7"] == 3
    assert session.links.route_of_vehicle["own:v1"] == "r1"


def test_only_a_lost_or_silent_gateway_makes_the_screen_stale(session: Session) -> None:
    standings = {}
    for status in ("connecting", "live", "stale", "lost", "refused"):
        session.set_link(Link(status=status))
        standings[status] = session.is_stale
    assert standings == {
        "connecting": False,
        "live": False,
        "stale": True,
        "lost": True,
        "refused": True,
    }


def test_a_moment_in_which_much_is_otherwise_is_read_anew(session: Session) -> None:
    told: list[str] = []
    session.state_replaced.connect(lambda: told.append("all"))
    session.records_changed.connect(lambda changed: told.append(f"{len(changed)} records"))
    few = frozenset({Changed("stops", "s0"), Changed("stops", "s1")})
    many = frozenset(Changed("stops", f"s{n}") for n in range(RECORDS_AT_ONCE + 1))
    for changed in (few, few, many):
        state = session.state.copied()
        moment = Moment(NOON, state, session.vehicles, session.arrivals, 0, False, changed)
        session.show_moment(moment)
    assert told == ["all", "2 records", "all"]
