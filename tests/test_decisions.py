"""Decisions are cited by their number."""

from collections import Counter
from pathlib import Path

DECISIONS = Path(__file__).parents[1] / "docs" / "decisions"


def test_each_decision_has_a_number_of_its_own() -> None:
    numbers = Counter(path.name[:4] for path in DECISIONS.glob("*.md"))
    assert numbers
    assert [number for number, times in numbers.items() if times > 1] == []
