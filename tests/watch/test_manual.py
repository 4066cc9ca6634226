"""The page about exceptions tells what the rules do."""

from tower.domain.words import ExceptionKind
from tower.watch.manual import MANUAL, manual
from tower.watch.thresholds import DECLARED, Role


def test_the_page_is_the_one_the_rules_make() -> None:
    assert MANUAL.read_text("utf-8") == manual(), "run: python -m tower.watch.manual"


def test_every_kind_and_every_threshold_is_on_it() -> None:
    text = manual()

    assert [kind for kind in ExceptionKind if f"\n## `{kind}`\n" not in text] == []
    named = [one for one in DECLARED if one.role is not Role.ESCALATE]
    assert [one.key for one in named if f"| `{one.name}` |" not in text] == []
    rules = text.split("\n## ")[1:]
    assert all("Raised" in rule for rule in rules)
