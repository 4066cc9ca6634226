"""Routes as Hypothesis makes them up: half served, stood at, passed by, with rests and windows."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tower.domain.geometry import LatLon
from tower.domain.moments import utc
from tower.domain.records import Break, Progress, Route, RoutePlan, Stamp, Stop, StopPlan
from tower.domain.words import StopState
from tower.eta.course import Course

NOW = utc(1_795_600_000)
HUB = LatLon(47.0, 9.5)

_DONE = (StopState.DELIVERED, StopState.ATTEMPTED, StopState.CANCELLED, StopState.SKIPPED)
_STATES = st.sampled_from([None, None, None, StopState.EN_ROUTE, StopState.ARRIVED, *_DONE])


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def stop(number: int, window: tuple[float, float] | None = None, service_s: float = 120.0) -> Stop:
    """A stop so many kilometres north of the hub, its window in minutes from now."""
    plan = StopPlan(
        id=f"s{number}",
        lat=HUB.lat + number / 111.195,
        lon=HUB.lon,
        service_s=service_s,
        window_start=after(window[0]) if window else None,
        window_end=after(window[1]) if window else None,
    )
    return Stop(id=plan.id, plan=plan, route_id="R")


@st.composite
def plans(draw: st.DrawFn, stop_id: str) -> StopPlan | None:
    """A stop as promised, seldom nothing."""
    if draw(st.integers(0, 20)) == 0:
        return None
    opens = draw(st.one_of(st.none(), st.integers(-120, 400)))
    return StopPlan(
        id=stop_id,
        lat=47.0 + draw(st.integers(-40, 40)) / 1000,
        lon=9.5 + draw(st.integers(-40, 40)) / 1000,
        service_s=draw(st.integers(0, 900)),
        window_start=None if opens is None else after(opens),
        window_end=None if opens is None else after(opens + draw(st.integers(10, 120))),
        window_is_hard=draw(st.booleans()),
        planned_at=draw(st.one_of(st.none(), st.integers(-90, 500).map(after))),
    )


@st.composite
def stops(draw: st.DrawFn, stop_id: str) -> Stop:
    """A stop in any state."""
    known: dict[str, Any] = {"id": stop_id, "plan": draw(plans(stop_id)), "route_id": "R"}
    state = draw(_STATES)
    if state is None:
        return Stop(**known)
    at = after(-draw(st.integers(0, 180)))
    if not state.is_outcome:
        stood = {"arrived_at": at, "arrived_stamp": Stamp(at.timestamp())}
        known |= stood if state is StopState.ARRIVED else {}
        return Stop(**known, underway=Progress(state=state, at=at, stamp=Stamp(at.timestamp())))
    came = at - timedelta(minutes=draw(st.integers(0, 15)))
    outcome = Progress(state=state, at=at, stamp=Stamp(at.timestamp()))
    return Stop(**known, outcome=outcome, arrived_at=came, arrived_stamp=Stamp(came.timestamp()))


@st.composite
def rests(draw: st.DrawFn) -> Break:
    """A break some time around now."""
    earliest = draw(st.integers(-200, 300))
    latest = earliest + draw(st.integers(0, 120))
    return Break(
        earliest=after(earliest), latest=after(latest), duration_s=60.0 * draw(st.integers(5, 60))
    )


@st.composite
def courses(draw: st.DrawFn, name: str = "R") -> Course:
    """A route at any time of its day."""
    count = draw(st.integers(0, 9))
    told = [draw(stops(f"{name}-{place}")) for place in range(count)]
    started = draw(st.one_of(st.none(), st.integers(-240, 0).map(after)))
    breaks = tuple(draw(st.lists(rests(), max_size=2)))
    plan = RoutePlan(
        id=name,
        name=name,
        carrier_id="own",
        driver_name=draw(st.sampled_from(["", "Person One", "Person Two"])),
        starts_at=draw(st.one_of(st.none(), st.integers(-240, 120).map(after))),
        breaks=tuple(sorted(breaks, key=lambda one: one.earliest)),
    )
    is_heard = draw(st.booleans())
    near = draw(st.sampled_from([HUB, *(stop.plan.position for stop in told if stop.plan)]))
    return Course(
        route=Route(id=name, plan=plan, sequence=tuple(s.id for s in told), started_at=started),
        stops=told,
        legs_s=[float(draw(st.integers(0, 2400))) for _ in told],
        depot=draw(st.sampled_from([HUB, None])),
        position=near._replace(lat=near.lat + draw(st.integers(-9, 9)) / 1000)
        if is_heard
        else None,
        fix_at=after(-draw(st.integers(0, 3600)) / 60) if is_heard else None,
    )
