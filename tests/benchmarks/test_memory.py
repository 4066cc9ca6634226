"""How the soak tells growth from noise."""

import os
import sys

import pytest

from tests.benchmarks._growth import slope_mb_per_hour
from tests.benchmarks._memory import Diary, Sample, Used, together, used_by


def _samples(own: list[float]) -> list[Sample]:
    return [Sample(60.0 * n, {"desktop": Used(own=mb)}) for n, mb in enumerate(own)]


def test_a_steady_growth_is_found_under_noise_and_a_burst() -> None:
    growing = [200.0 + n / 30.0 + (5.0 if n % 7 == 3 else 0.0) for n in range(60)]
    assert slope_mb_per_hour(_samples(growing), "desktop") == pytest.approx(2.0, abs=0.1)
    assert slope_mb_per_hour(_samples([200.0] * 59 + [900.0]), "desktop") == 0.0


def test_one_look_has_no_slope_and_a_part_that_is_not_there_has_none() -> None:
    assert slope_mb_per_hour(_samples([200.0]), "desktop") == 0.0
    assert slope_mb_per_hour(_samples([200.0, 300.0]), "renderer") == 0.0


def test_parts_are_added_up() -> None:
    sample = Sample(0.0, {"desktop": Used(1.0, 2.0, 3.0), "web": Used(10.0, 20.0, 30.0)})
    (found,) = together([sample], "all", ("desktop", "web", "gateway"))
    assert found.parts["all"] == Used(11.0, 22.0, 33.0)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_a_process_has_is_noted_and_one_that_is_gone_has_nothing() -> None:
    diary = Diary()
    sample = diary.look({os.getpid(): "desktop", 2**22 + 1: "renderer"})
    used = sample.parts["desktop"]
    assert 0.0 < used.own <= used.pss <= used.rss
    assert sample.parts["renderer"] == Used()
    assert used_by(2**22 + 1) == Used()
    assert diary.after(3600.0) == diary.samples
