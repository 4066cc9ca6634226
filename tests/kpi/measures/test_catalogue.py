"""Definitions say what can be added up, and name only what happens."""

import pytest

from tower.domain.events import AnyBody
from tower.domain.reporting import Reporting, Target
from tower.kpi.facts import COLUMNS
from tower.kpi.measures.catalogue import MEASURES, targets_in_force
from tower.kpi.measures.definition import Better, Definition

ALL = pytest.mark.parametrize("one", MEASURES.values(), ids=lambda one: str(one.key))


@ALL
def test_a_measure_adds_up_columns_of_facts(one: Definition) -> None:
    assert MEASURES[one.key] is one
    assert one.above in COLUMNS
    assert one.below is None or one.below in COLUMNS
    assert one.below_kind is None or (one.below and one.below_kind is not one.kind)


@ALL
def test_its_lineage_names_events_there_are(one: Definition) -> None:
    tags = {body.__struct_config__.tag for body in AnyBody.__args__}
    assert one.lineage
    assert set(one.lineage) <= tags


@ALL
def test_it_says_in_words_what_counts(one: Definition) -> None:
    assert one.words.endswith(".")
    assert one.title
    assert one.formula
    assert one.better is not Better.NEAR or one.target is not None


@ALL
def test_a_share_is_of_a_hundred(one: Definition) -> None:
    if one.is_share:
        assert one.scale == 100.0
        assert one.value(3.0, 4.0) == 75.0


def test_a_value_is_the_sums_brought_to_the_unit() -> None:
    assert MEASURES["stops_per_hour"].value(90.0, 7_200.0) == 45.0
    assert MEASURES["eta_error_60"].value(1_200.0, 4.0) == pytest.approx(5.0)
    assert MEASURES["distance_per_stop"].value(9_000.0, 6.0) == 1.5
    assert MEASURES["claims"].value(7.0) == 7.0
    assert MEASURES["nps"].value(-2.0, 8.0) == -25.0


def test_nothing_to_divide_by_is_no_value_but_a_count_of_nothing_is_nought() -> None:
    assert MEASURES["on_time"].value(0.0, 0.0) is None
    assert MEASURES["wismo"].value(0.0) == 0.0


def test_targets_are_towers_own_until_others_are_set() -> None:
    own = targets_in_force(Reporting())
    assert (own["on_time"], own["eta_coverage_60"]) == (95.0, 80.0)
    set_ = Reporting(targets=(Target(measure="on_time", value=97.0), Target(measure="x", value=1)))
    assert targets_in_force(set_) == {**own, "on_time": 97.0}
