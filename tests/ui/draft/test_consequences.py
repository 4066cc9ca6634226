"""What a change does, in words: ends, kilometres, windows, people, reasons."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.ui.example_shift import NOON, event, numbered
from tower.domain import events as e
from tower.domain.records import Vehicle
from tower.domain.words import Requirement, VehicleKind
from tower.routes.change import UNASSIGNED, Move
from ui.draft.consequences import as_text, consequences, signed
from ui.draft.draft import Draft
from ui.session import Session


@pytest.fixture
def draft(session: Session) -> Iterator[Draft]:
    """A draft on the example shift."""
    draft = Draft(session)
    yield draft
    draft.deleteLater()


def _plan(session: Session, stop_id: str, **changes: Any) -> e.Event:  # noqa: ANN401 - any field
    plan = session.state.stops[stop_id].plan
    assert plan is not None
    planned = e.StopPlanned(plan=replace(plan, **changes))
    return event(planned, at=NOON + timedelta(seconds=1))


def _route(session: Session, **changes: Any) -> e.Event:  # noqa: ANN401 - any field
    plan = session.state.routes["r0"].plan
    assert plan is not None
    return event(e.RoutePlanned(plan=replace(plan, **changes)), at=NOON + timedelta(seconds=1))


def _happens(session: Session, *happened: e.Event) -> None:
    session.fold_events(numbered(happened, start=400))


def _said(session: Session, draft: Draft) -> str:
    return as_text(consequences(session, draft.impact)) if draft.impact else ""


def test_the_route_s_end_and_what_it_takes_stand_first(session: Session, draft: Draft) -> None:
    draft.hover(Move(stops=("s4",), route_id="r0", before="s2"))
    first = _said(session, draft).splitlines()[0]
    assert first.startswith("route end ")
    assert " → " in first
    assert "distance +" in first
    assert "energy " in first
    assert "kWh" in first
    assert "driver hours" not in first, "nothing limits them here"
    assert "load" not in first, "nobody said what the vehicle holds"


def test_with_several_routes_each_line_says_whose_it_is(session: Session, draft: Draft) -> None:
    draft.hover(Move(stops=("s4",), route_id="r1"))
    lines = _said(session, draft).splitlines()
    assert [line.split(" · ")[0] for line in lines[:2]] == ["R-200", "R-201"]


def test_a_window_that_would_be_missed_is_said_with_the_minutes(
    session: Session, draft: Draft
) -> None:
    _happens(session, _plan(session, "s1", window_end=NOON + timedelta(minutes=5)))
    draft.hover(Move(stops=("s1",), route_id="r0"))
    assert "stop 2 misses its window by " in _said(session, draft)
    impact = draft.impact
    assert impact is not None
    phrases = [phrase for line in consequences(session, impact) for phrase in line]
    link = next(one for one in phrases if one.words.startswith("stop 2 misses"))
    assert (link.tone, link.stops) == ("bad", ("s1",))


def test_a_window_that_would_be_kept_again_is_said(session: Session, draft: Draft) -> None:
    _happens(session, _plan(session, "s4", window_end=NOON + timedelta(minutes=6)))
    draft.hover(Move(stops=("s4",), route_id="r0", before="s0"))
    assert "stop 5 back inside its window" in _said(session, draft)


def test_lateness_that_only_changes_is_said_in_minutes(session: Session, draft: Draft) -> None:
    _happens(session, _plan(session, "s4", window_end=NOON - timedelta(minutes=1)))
    draft.hover(Move(stops=("s4",), route_id="r0", before="s2"))
    said = _said(session, draft)
    assert "stop 5 late " in said
    was, will = said.split("stop 5 late ")[1].split(" min")[0].split(" → ")
    assert int(will) < int(was)


def test_hard_reasons_are_told_apart_from_soft_ones(session: Session, draft: Draft) -> None:
    _happens(session, _plan(session, "s5", needs=(Requirement.TAIL_LIFT,)))
    draft.hover(Move(stops=("s5",), route_id="r0"))
    said = _said(session, draft).splitlines()
    assert "■" not in "".join(said), "it had no tail lift on the other route either"
    lift = Vehicle(
        id="own:v1",
        carrier_id="own",
        reference="v1",
        label="FL 4001",
        kind=VehicleKind.E_VAN,
        equipment=(Requirement.TAIL_LIFT,),
    )
    _happens(session, event(e.VehicleRegistered(vehicle=lift), at=NOON + timedelta(seconds=2)))
    said = _said(session, draft).splitlines()
    assert "■ R-201 stop 1 needs a tail lift" in said
    assert any(line.startswith("▲ R-201 stop 1 ") and "parcels" in line for line in said)


def test_hours_load_and_cold_chain_are_said_where_they_matter(
    session: Session, draft: Draft
) -> None:
    small = Vehicle(
        id="own:v0",
        carrier_id="own",
        reference="v0",
        label="FL 4000",
        capacity_pieces=5,
        temperature_limit_c=5.0,
    )
    _happens(
        session,
        _route(session, duty_ends_at=NOON + timedelta(hours=5)),
        _plan(session, "s0", temperature_limit_c=8.0),
        event(e.VehicleRegistered(vehicle=small), at=NOON + timedelta(seconds=1)),
    )
    draft.hover(Move(stops=("s4",), route_id="r0", before="s0"))
    first = _said(session, draft).splitlines()[0]
    assert "driver hours OK · load OK · cold chain OK" in first
    draft.hover(Move(stops=("s5",), route_id="r0"))
    said = _said(session, draft)
    assert "load 120%" in said
    assert "■ R-200 has FL 4000 120% full: 6 of 5 pieces" in said


def test_who_would_have_to_be_told_is_counted(session: Session, draft: Draft) -> None:
    draft.hover(Move(stops=("s2", "s3"), route_id=UNASSIGNED))
    assert "2 customers to tell" in _said(session, draft)
    draft.hover(Move(stops=("s2",), route_id=UNASSIGNED))
    assert "1 customer to tell" in _said(session, draft)


def test_estimates_are_owned_up_to(session: Session, draft: Draft) -> None:
    draft.hover(Move(stops=("s4",), route_id="r0", before="s0"))
    assert "some travel times are estimates" in _said(session, draft)


@pytest.mark.parametrize(
    ("amount", "words"), [(2.14, "+2.1 km"), (-2.16, "−2.2 km"), (0.04, "±0 km"), (-0.04, "±0 km")]
)
def test_differences_have_their_sign(amount: float, words: str) -> None:
    assert signed(amount, "km") == words
