"""The benchmark on problems with known answers: it reads what is there and believes no tour."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks._tsptw_check import BrokenTour, cost_of
from tests.benchmarks._tsptw_file import BadInstances, Instance, read_instances
from tests.benchmarks.tsptw import main, problem_of, solved
from tests.conftest import SHARED_DATA

SHARED = SHARED_DATA / "tsptw" / "instances.json"


def triangle(**changes: object) -> dict[str, Any]:
    """Depot 1; going 0 before 2 costs 6.75, the other way is shorter and too late at 0."""
    return {
        "name": "triangle",
        "depot": 1,
        "objective": "travel_cost",
        "time_windows": [[0, 2], [0, 100], [6, 9]],
        "matrix": [[5, 1, 3.5], [1.25, 5, 1], [2, 2, 5]],
        "best_known_travel_cost": 6.75,
        **changes,
    }


def written(folder: Path, *instances: object) -> Path:
    path = folder / "instances.json"
    path.write_text(json.dumps({"format": "tsptw-neutral-1", "instances": instances}))
    return path


def only(folder: Path, instance: object) -> Instance:
    [one] = read_instances(written(folder, instance))
    return one


def test_the_shorter_tour_that_is_too_late_is_not_taken(tmp_path: Path) -> None:
    instance = only(tmp_path, triangle())
    outcome = solved(instance, 0.1)
    assert outcome.cost == Decimal("6.75")
    assert outcome.gap_pct == 0


def test_the_return_counts_where_the_objective_is_the_makespan(tmp_path: Path) -> None:
    instance = only(tmp_path, triangle(objective="makespan", best_known_makespan=8))
    outcome = solved(instance, 0.1)
    assert outcome.cost == 8
    assert outcome.gap_pct == 0


def test_an_instance_without_a_tour_counts_as_infeasible(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, triangle(), triangle(time_windows=[[0, 1], [0, 100], [0, 1]]))
    monkeypatch.setattr("sys.argv", ["tsptw", str(path), "--seconds", "0.1", "--json"])
    main()
    facts = json.loads(capsys.readouterr().out)
    assert (facts["instances"], facts["at_best"], facts["infeasible"]) == (2, 1, 1)
    assert facts["mean_gap_pct"] == 0


def test_a_depot_alone_costs_nothing(tmp_path: Path) -> None:
    alone = {"name": "alone", "time_windows": [[3, 9]], "matrix": [[0]]}
    assert solved(only(tmp_path, alone), 0.1).cost == 0


def test_finer_numbers_than_fit_still_give_a_tour_that_keeps_the_windows(tmp_path: Path) -> None:
    fine = triangle(
        matrix=[[0, 1e6, 3.123456789], [1.333333333, 0, 1e6], [1e6, 2.123456789, 0]],
        time_windows=[[0, 1.34], [0, None], [0, 4.46]],
        best_known_travel_cost=None,
    )
    instance = only(tmp_path, fine)
    problem, _ = problem_of(instance)
    assert problem.durations[0].max() < 10**14
    assert solved(instance, 0.1).cost == Decimal("6.580246911")


@pytest.mark.parametrize(
    ("tour", "words"),
    [((0,), "every node once"), ((0, 2, 2), "every node once"), ((2, 0), "reaches node 0 at 8")],
)
def test_the_checker_says_which_rule_a_tour_breaks(
    tmp_path: Path, tour: tuple[int, ...], words: str
) -> None:
    with pytest.raises(BrokenTour, match=words):
        cost_of(only(tmp_path, triangle()), tour)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"matrix": [[0, 1], [1, 0]]}, "3 time windows for 2 nodes"),
        ({"matrix": [[0, 1, 2], [1, 0], [1, 1, 1]]}, "not square"),
        ({"matrix": [[0, 1, "far"], [1, 0, 1], [1, 1, 0]]}, "'far' is no number"),
        ({"matrix": [[0, 1, -2], [1, 0, 1], [1, 1, 0]]}, "below zero"),
        ({"depot": 3}, "depot 3"),
        ({"objective": "fuel"}, "objective 'fuel'"),
        ({"time_windows": [[0, 2], [9, 1], [0, 1]]}, "opens at 9 and closes at 1"),
    ],
)
def test_a_file_that_makes_no_sense_says_where(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadInstances, match=f"triangle: .*{words}"):
        read_instances(written(tmp_path, triangle(**changes)))


def test_other_files_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    for text, words in [
        ("{", "not JSON"),
        ("{}", "no list called instances"),
        ('{"format": "vrp", "instances": []}', "format 'vrp'"),
    ]:
        other.write_text(text)
        with pytest.raises(BadInstances, match=words):
            read_instances(other)
    with pytest.raises(BadInstances, match="cannot be read"):
        read_instances(tmp_path / "nowhere.json")


@pytest.mark.skipif(not SHARED.exists(), reason="the published instances are not here")
def test_the_published_best_tours_pass_the_checker_at_their_cost() -> None:
    given = {one["name"]: one for one in json.loads(SHARED.read_text())["instances"]}
    for instance in read_instances(SHARED):
        tour = given[instance.name]["best_known_tour"]
        assert instance.best_known is not None
        assert float(cost_of(instance, tour)) == pytest.approx(
            float(instance.best_known), abs=0.005
        )
