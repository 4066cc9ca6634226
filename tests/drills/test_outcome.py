"""How drills are told, and what counts as good."""

import json

import pytest

from tests.drills._outcome import Outcome, as_json, as_table, not_here
from tests.report import Line

GOOD = Outcome("kill", 120, 0, 0, 1.25, ("Gateway lost",), cleared=True)


@pytest.mark.parametrize(
    ("outcome", "is_good"),
    [
        (GOOD, True),
        (GOOD._replace(lost=1), False),
        (GOOD._replace(doubled=1), False),
        (GOOD._replace(seen=()), False),
        (GOOD._replace(cleared=False), False),
        (GOOD._replace(recovered_s=None), True),
    ],
)
def test_a_drill_is_good_where_nothing_was_lost_and_the_user_saw_it(
    outcome: Outcome, is_good: bool
) -> None:
    assert outcome.is_good is is_good


def test_a_drill_this_machine_does_not_allow_is_not_held_against_it() -> None:
    assert not_here("disk_full", "mount is not allowed").is_good


def test_the_json_is_a_list_of_objects() -> None:
    told = json.loads(as_json([GOOD._replace(more=(Line("kills", 2, "kills"),))]))
    wanted = {"name": "kill", "acknowledged": 120, "lost": 0, "doubled": 0, "recovered_s": 1.25}
    assert told[0].items() >= wanted.items()
    assert told[0]["kills"] == 2


def test_the_table_says_what_the_user_read_and_what_was_not_tried() -> None:
    table = as_table([GOOD, GOOD._replace(lost=3), not_here("disk_full", "mount is not allowed")])
    assert '"Gateway lost"' in table
    assert "BAD" in table
    assert "not tried" in table
    assert "mount is not allowed" in table
