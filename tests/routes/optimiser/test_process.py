"""Searches in a process of their own: the same answers, ended when told, failures said."""

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.routes.mornings import cases_of, morning, placed
from tower.routes.optimiser.job import Job, Progress
from tower.routes.optimiser.process import SearchBrokeOff, Searchers
from tower.routes.weights import Weights

NO_CHANGE_COST = Weights(change=0.0)


def test_what_a_process_finds_comes_back_with_its_progress() -> None:
    state = morning(2, 10, 1)
    told: list[Progress] = []
    searchers = Searchers()
    searchers.warm()
    job = Job(cases=cases_of(state), weights=NO_CHANGE_COST, seconds=0.5)
    proposal = searchers.run(job, told.append)
    searchers.close()
    assert proposal is not None
    assert placed(proposal.orders) == sorted(state.stops)
    assert told[-1].is_over
    assert told[-1].best == proposal


def test_a_cancelled_search_brings_back_the_best_so_far() -> None:
    told: list[Progress] = []
    job = Job(cases=cases_of(morning(3, 15, 2)), weights=NO_CHANGE_COST, seconds=3600.0)
    proposal = Searchers().run(job, told.append, lambda: any(one.best for one in told))
    assert proposal is not None
    assert told[-1].is_over


def test_a_search_that_fails_says_why() -> None:
    [case] = cases_of(morning(1, 3, 3))
    unplanned = replace(case.open[0], plan=None)
    job = Job(cases=(replace(case, open=(unplanned, *case.open[1:])),), seconds=0.5)
    with pytest.raises(SearchBrokeOff, match="Nobody said where stop R0-0 is"):
        Searchers().run(job)


def test_a_process_that_ends_too_early_is_said_to_have_ended() -> None:
    quitter = Searchers((sys.executable, "-c", "raise SystemExit(7)"))
    with pytest.raises(SearchBrokeOff, match=r"its process ended \(7\)"):
        quitter.run(Job(cases=cases_of(morning(1, 3, 4))))


def test_what_is_ready_ends_with_its_owner(tmp_path: Path) -> None:
    said = tmp_path / "said"
    waits = f"import sys; sys.stdin.read(); open({str(said)!r}, 'w').write('ended')"
    searchers = Searchers((sys.executable, "-c", waits))
    searchers.warm()
    searchers.close()
    assert said.read_text() == "ended"
