"""What one route has to know of all: kept up record by record it is what a look at all tells."""

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.happenings import histories
from tests.routes.cases import progressed, shift, stop
from tower.domain.events import Event
from tower.domain.fold import apply, fold
from tower.domain.state import Changed, State
from tower.domain.words import StopState
from tower.routes.fleetbook import FleetBook, fleet_of


@given(histories, st.data())
def test_kept_up_with_every_event_it_is_what_all_records_tell(
    history: list[Event], data: st.DataObject
) -> None:
    state = State()
    book = FleetBook(state)

    for event in history:
        book.take(apply(state, event))
        if data.draw(st.booleans()):
            assert book.fleet == fleet_of(state)

    assert book.fleet == fleet_of(state)


@given(histories, st.data())
def test_kept_up_back_to_an_earlier_moment_it_is_what_all_records_tell(
    history: list[Event], data: st.DataObject
) -> None:
    state, before = fold(history), fold(history[: data.draw(st.integers(0, len(history)))])
    book = FleetBook(state)

    changed = [Changed("routes", id_) for id_ in state.routes]
    changed += [Changed("stops", id_) for id_ in state.stops]
    state.routes, state.stops = before.routes, before.stops
    book.take(changed)

    assert book.fleet == fleet_of(state)


def test_what_was_told_stays_as_it_was() -> None:
    state = shift(stop(1), stop(2), started=False).state
    book = FleetBook(state)
    told = book.fleet

    state.stops["s1"] = progressed(state.stops["s1"], StopState.DELIVERED)
    book.take([Changed("stops", "s1")])

    assert told.departed == frozenset()
    assert book.fleet.departed == {"A"}
