"""What happened to this stop? The newest events about one thing, oldest first."""

from datetime import timedelta

from tests.journal.diary import NOON, arrivals, event, raised
from tower.domain import events as e
from tower.domain.messages import MessagePlan, Reach
from tower.domain.records import Carrier, Depot, RoutePlan, StopChanges, StopPlan, Vehicle
from tower.domain.words import Channel, ExceptionState, StopKind
from tower.journal.journal import Journal


def test_the_history_of_a_stop_is_its_own_events(journal: Journal) -> None:
    journal.append([*arrivals(4), event(e.StopDelivered(), stop_id="s2"), raised()]).result()

    history = journal.about("stop", "s2")

    assert [known.type for known in history] == ["stop_arrived", "stop_delivered"]
    assert [known.type for known in journal.about("stop", "s1")] == [
        "stop_arrived",
        "exception_raised",
    ]


def test_only_the_newest_are_given_where_there_are_many(journal: Journal) -> None:
    journal.append(arrivals(30)).result()

    history = journal.about("route", "r1", limit=3)

    assert [known.subject.stop_id for known in history] == ["s22", "s25", "s28"]


def test_of_the_history_of_a_route_only_what_is_asked_for_is_given(journal: Journal) -> None:
    started = [
        event(e.RouteStarted(), str(day), at=NOON + timedelta(days=day), route_id="r1")
        for day in range(4)
    ]
    journal.append([*started, *arrivals(30)]).result()

    two = NOON + timedelta(days=1), NOON + timedelta(days=2)
    history = journal.about("route", "r1", types=["route_started"], between=two)

    assert [known.at for known in history] == list(two)


def test_a_move_between_routes_is_in_the_history_of_both_and_of_the_stop(
    journal: Journal,
) -> None:
    moved = e.RoutesSequenced(
        routes=(
            e.RouteSequence(route_id="r1", version=1, stops=("s1",)),
            e.RouteSequence(route_id="r2", version=1, stops=("s2",)),
        ),
        unassigned=("s3",),
    )
    [event_] = journal.append([event(moved)]).result()

    named = [("route", "r1"), ("route", "r2"), ("stop", "s1"), ("stop", "s2"), ("stop", "s3")]
    assert [journal.about(kind, id_) for kind, id_ in named] == [[event_]] * 5


def test_a_thing_is_found_by_the_event_that_introduced_it(journal: Journal) -> None:
    journal.append(
        [
            event(e.CarrierRegistered(carrier=Carrier(id="own", name="Own fleet"))),
            event(e.DepotRegistered(depot=Depot(id="hub", name="Hub", lat=47.1, lon=9.5))),
            event(
                e.VehicleRegistered(
                    vehicle=Vehicle(id="own:1", carrier_id="own", reference="1", label="FL 1")
                )
            ),
            event(e.RoutePlanned(plan=RoutePlan(id="r1", name="R-1", carrier_id="own"))),
            event(e.StopPlanned(plan=StopPlan(id="s1", lat=47.1, lon=9.5))),
        ]
    ).result()

    named = [
        ("carrier", "own"),
        ("depot", "hub"),
        ("vehicle", "own:1"),
        ("route", "r1"),
        ("stop", "s1"),
    ]
    assert [len(journal.about(kind, id_)) for kind, id_ in named] == [1, 1, 1, 1, 1]


def test_a_lock_and_a_handover_are_in_the_history_of_the_stops_they_are_about(
    journal: Journal,
) -> None:
    meeting = StopPlan(id="h1", lat=47.1, lon=9.5, kind=StopKind.PICKUP, collects=("s1",))
    events = journal.append(
        [
            event(e.StopsLocked(stops=("s1", "s2"), locked=True)),
            event(e.StopPlanned(plan=meeting)),
        ]
    ).result()

    assert journal.about("stop", "s1") == events
    assert journal.about("stop", "s2") == events[:1]
    assert journal.about("stop", "h1") == events[1:]


def test_a_duplicate_is_in_the_history_of_what_it_repeats(journal: Journal) -> None:
    merged = e.ExceptionWorked(state=ExceptionState.RESOLVED, version=1, merged_into="x2")
    [event_] = journal.append([event(merged, exception_id="x1")]).result()

    assert journal.about("exception", "x1") == [event_]
    assert journal.about("exception", "x2") == [event_]


def test_a_conversation_is_found_by_its_stop_its_messages_and_its_replies(
    journal: Journal,
) -> None:
    plan = MessagePlan(
        stop_id="s1",
        exception_id="x1",
        reaches=(Reach(channel=Channel.SMS, address="+4179"),),
        words="Which code opens the gate?",
    )
    reply = e.ReplyReceived(
        reply_id="y1", channel=Channel.SMS, address="+4179", words="4417#", answers="m1"
    )
    asked, answered, agreed, seen = journal.append(
        [
            event(e.MessageQueued(plan=plan), message_id="m1"),
            event(reply, stop_id="s1"),
            event(
                e.StopAmended(changes=StopChanges(access_code="4417#"), reply_id="y1"),
                stop_id="s1",
            ),
            event(e.RepliesSeen(replies=("y1", "y2"), deed="attached")),
        ]
    ).result()

    assert journal.about("stop", "s1") == [asked, answered, agreed]
    assert journal.about("exception", "x1") == [asked]
    assert journal.about("message", "m1") == [asked, answered]
    assert journal.about("reply", "y1") == [answered, agreed, seen]
    assert journal.about("reply", "y2") == [seen]
