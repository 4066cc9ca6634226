"""Equal parts of records are held once."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from tower.domain.records import Route, Stamp, Stop, StopPlan
from tower.domain.sharing import Sharing, share_equal
from tower.domain.state import State
from tower.feed.codec import CODECS
from tower.feed.messages import MESSAGEPACK

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


def _apart(text: str) -> str:
    """An equal text that is another object."""
    return text.encode().decode()


def _stop(number: int) -> Stop:
    """A stop with nothing in common with any other, as if it came off a wire."""
    plan = StopPlan(
        id=_apart(f"s{number}"),
        lat=47.0 + number,
        lon=-0.0,
        planned_at=datetime.fromisoformat("2026-03-05T12:00:00+00:00"),
        service_s=float("180"),
        parcels=(f"P-{number}",),
    )
    stamp = Stamp(float("7"), 0, _apart("event"))
    return Stop(id=f"s{number}", plan=plan, route_id=_apart("r1"), route_stamp=stamp)


def test_what_two_stops_have_in_common_is_held_once() -> None:
    sharing = Sharing()
    first, second = sharing.share(_stop(1)), sharing.share(_stop(2))
    assert (first, second) == (_stop(1), _stop(2))
    assert first.route_id is second.route_id
    assert first.route_stamp is second.route_stamp
    assert first.plan.planned_at is second.plan.planned_at
    assert first.plan.service_s is second.plan.service_s
    assert first.plan.id is first.id
    assert first.change_stamps is second.change_stamps


def test_a_state_that_was_read_names_each_stop_by_one_text() -> None:
    ids = ("s1", "s2")
    route = Route(id="r1", sequence=tuple(map(_apart, ids)))
    state = State(routes={"r1": route}, stops={_apart(f"s{n}"): _stop(n) for n in (1, 2)})
    before = CODECS[MESSAGEPACK].encode(state)
    share_equal(state)
    assert CODECS[MESSAGEPACK].encode(state) == before
    assert state.stops["s1"].route_id is state.stops["s2"].route_id is state.routes["r1"].id
    for key, named in zip(state.stops, state.routes["r1"].sequence, strict=True):
        stop = state.stops[key]
        assert stop.plan is not None
        assert key is named is stop.id is stop.plan.id


def test_what_is_equal_and_not_the_same_stays_apart() -> None:
    sharing = Sharing()
    here = NOON.astimezone(timezone(timedelta(hours=1)))
    sharing.share(_stop(1))
    other = sharing.share(Stop(id="s9", closed_at=here, plan=StopPlan(id="s9", lat=0.0, lon=0.0)))
    assert other.closed_at.utcoffset() == timedelta(hours=1)
    assert str(other.plan.lon) == "0.0"
    assert str(sharing.share(_stop(3)).plan.lon) == "-0.0"


@given(st.lists(st.builds(Route, id=st.sampled_from("ab"), sequence=st.just(("s1", "s2")))))
def test_records_are_as_they_were(routes: list[Route]) -> None:
    codec, sharing = CODECS[MESSAGEPACK], Sharing()
    before = [codec.encode(route) for route in routes]
    assert [codec.encode(sharing.share(route)) for route in routes] == before


def test_of_ever_more_that_is_different_not_all_is_remembered() -> None:
    sharing = Sharing()
    for number in range(30_000):
        sharing.share(Stop(id=f"s{number}"))
    first, second = sharing.share(_stop(1)), sharing.share(_stop(2))
    assert first.route_id is second.route_id
