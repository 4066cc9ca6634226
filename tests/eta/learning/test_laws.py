"""Doors and legs as they are learnt from what was driven."""

import numpy as np
import pytest

from tower.domain.records import StopPlan
from tower.eta.learning.doors import LEAST_DOORS, Served, learnt_doors
from tower.eta.learning.legs import LEAST_LEGS, Leg, learnt_legs
from tower.eta.model import Door


def legs(count: int = 2_000) -> list[Leg]:
    """20 s a leg and 1.2 times the roads; 1.5 times in the eighth hour; more when wet."""
    chance = np.random.default_rng(1)
    told = []
    for _ in range(count):
        expected, hour = float(chance.uniform(60, 600)), int(chance.integers(7, 18))
        rain = float(chance.choice((0.0, 0.0, 1.0)))
        factor = (1.5 if hour == 8 else 1.2) * (1.0 + 0.5 * rain / (rain + 1.0))
        taken = (20.0 + factor * expected) * float(chance.lognormal(0.0, 0.05))
        told.append(Leg(expected, taken, hour + 0.5, 2, rain))
    return told


def test_legs_take_what_they_took() -> None:
    law = learnt_legs(legs())
    told = law.seconds(np.array([300.0, 300.0]), np.array([8.5, 12.5]), 2, 0.0)
    assert told == pytest.approx([20 + 1.5 * 300, 20 + 1.2 * 300], rel=0.06)


def test_rain_slows_legs_also_where_it_is_heavier_than_ever_seen() -> None:
    law = learnt_legs(legs())
    hour = np.array([12.5])
    dry, wet = (law.seconds(np.array([300.0]), hour, 2, rain)[0] for rain in (0.0, 6.0))
    assert wet / dry == pytest.approx(1.0 + 0.5 * 6.0 / 7.0, rel=0.1)


def test_a_stop_at_the_bakers_is_no_driving() -> None:
    told = legs()
    spoilt = [leg._replace(taken_s=9_000.0) if n % 10 == 0 else leg for n, leg in enumerate(told)]
    hour = np.array([12.5])
    clean, after = (
        learnt_legs(one).seconds(np.array([300.0]), hour, 2, 0.0) for one in (told, spoilt)
    )
    assert after == pytest.approx(clean, rel=0.03)


def test_an_hour_nobody_drove_in_is_like_the_others() -> None:
    law = learnt_legs(legs())
    assert law.factors[3] == pytest.approx(np.mean(law.factors[9:17]), rel=0.1)


def test_few_legs_leave_what_the_roads_say() -> None:
    law = learnt_legs(legs(LEAST_LEGS - 1))
    assert law.seconds(np.array([300.0]), np.array([8.5]), 2, 0.0) == pytest.approx([300.0])


def doors(count: int) -> list[Served]:
    """Twice the plan for a slow driver, the plan for the others."""
    chance = np.random.default_rng(2)
    plan = StopPlan(id="s", lat=47.0, lon=9.5, service_s=120.0)
    told = []
    for number in range(count):
        driver = f"d{number % 10}"
        law = 1.6 if driver == "d0" else 1.0
        taken = 120.0 * law * float(chance.lognormal(0.0, 0.3))
        told.append(Served(Door(plan, "own", driver=driver), taken))
    return told


def test_a_driver_who_takes_longer_is_known_to() -> None:
    law = learnt_doors(doors(3_000), threads=1)
    assert law.driver_factor("d0") / law.driver_factor("d1") == pytest.approx(1.6, rel=0.1)
    assert law.driver_factor("somebody new") == 1.0


def test_what_doors_are_expected_to_take_adds_up_to_what_they_took() -> None:
    served = doors(3_000)
    told = learnt_doors(served, threads=1).seconds([one.door for one in served])
    assert told.sum() == pytest.approx(sum(one.taken_s for one in served), rel=0.02)


def test_few_doors_leave_what_was_planned() -> None:
    served = doors(LEAST_DOORS - 1)
    assert learnt_doors(served, threads=1).seconds([served[0].door]) == pytest.approx([120.0])
