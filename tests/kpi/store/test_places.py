"""Figures by place: every fact is in one cell, and a cell leads to its facts."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kpi.store.conftest import THURSDAY, changes, fact
from tower.domain.reporting import Filters
from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.query import Behind, PlacesAsk
from tower.kpi.store.errors import AskUnfit
from tower.kpi.store.store import Store

LATE = {"stops": 1.0, "windowed": 1.0}


def test_a_cell_sums_up_what_happened_in_it(store: Store) -> None:
    here: dict[str, Any] = {"lat": 47.1001, "lon": 9.5001}
    there: dict[str, Any] = {"lat": 47.2, "lon": 9.5}
    store.put(
        changes(fact(1, **here), fact(2, LATE, **here), fact(3, **there), fact(4, LATE)), seq=1
    )
    found = store.places(PlacesAsk(measure="on_time"), MEASURES, THURSDAY)
    assert [(one.value, one.counted, one.facts) for one in found.places] == [
        (50.0, 2.0, 2),
        (100.0, 1.0, 1),
    ]
    box = found.places[0].box
    assert box.south <= 47.1001 < box.north
    assert box.west <= 9.5001 < box.east
    metres = 111_195 * (box.north - box.south)
    assert metres == pytest.approx(400, rel=0.01)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    places=st.lists(
        st.tuples(st.floats(-89, 89), st.floats(-179, 179)), min_size=1, max_size=20, unique=True
    ),
    cell_m=st.sampled_from([100.0, 400.0, 50_000.0]),
)
def test_every_fact_is_in_exactly_one_cell_and_behind_it(
    store: Store, places: list[tuple[float, float]], cell_m: float
) -> None:
    store.rebuild()
    store.put(
        changes(*(fact(number, lat=lat, lon=lon) for number, (lat, lon) in enumerate(places))),
        seq=1,
    )
    found = store.places(PlacesAsk(measure="on_time", cell_m=cell_m), MEASURES, THURSDAY)
    assert sum(one.facts for one in found.places) == len(places)
    for one in found.places:
        behind = Behind(measure="on_time", within=one.box)
        assert store.behind(behind, MEASURES, THURSDAY).total == one.facts


def test_filters_narrow_places_too(store: Store) -> None:
    here: dict[str, Any] = {"lat": 47.1, "lon": 9.5}
    store.put(changes(fact(1, carrier="c1", **here), fact(2, carrier="c2", **here)), seq=1)
    filters = Filters(carriers=("c2",))
    found = store.places(PlacesAsk(measure="on_time", filters=filters), MEASURES, THURSDAY)
    assert [one.facts for one in found.places] == [1]


@pytest.mark.parametrize("measure", ["wismo_per_100_stops", "claims_per_1000_stops"])
def test_what_divides_by_other_facts_has_no_place(store: Store, measure: str) -> None:
    with pytest.raises(AskUnfit, match="cannot be told by place"):
        store.places(PlacesAsk(measure=measure), MEASURES, THURSDAY)
