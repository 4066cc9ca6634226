"""The manual of the measures is written from their definitions, and fresh."""

from tower.kpi.manual import MANUAL, manual
from tower.kpi.measures.catalogue import MEASURES


def test_the_manual_is_fresh() -> None:
    assert MANUAL.read_text("utf-8") == manual(), "run: python -m tower.kpi.manual"


def test_every_measure_stands_in_it_with_its_lineage() -> None:
    text = manual()
    for one in MEASURES.values():
        assert f"| `{one.key}` | |" in text
        assert all(f"`{tag}`" in text for tag in one.lineage)
