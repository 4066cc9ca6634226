"""A store, and facts to put into it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tower.kpi.facts import Fact, FactKind
from tower.kpi.recount.changes import Changes
from tower.kpi.store.store import Store

THURSDAY = date(2026, 3, 5)


def fact(number: int, adds: dict[str, float] | None = None, **more: Any) -> Fact:  # noqa: ANN401
    """A stop finished on Thursday from 8:00 on, one a minute."""
    at = datetime(2026, 3, 5, 8, tzinfo=UTC) + timedelta(minutes=number)
    said: dict[str, Any] = {
        "id": f"stop:{number}",
        "kind": FactKind.STOP,
        "day": at.date(),
        "hour": at.hour,
        "at": at,
        "carrier": "c1",
        "stop_id": f"s{number}",
        "adds": adds if adds is not None else {"stops": 1, "windowed": 1, "on_time": 1},
    }
    return Fact(**{**said, **more})


def changes(*facts: Fact, **more: Any) -> Changes:  # noqa: ANN401 - any field of changes
    """Facts that are each about a thing of their own."""
    days = [one.day for one in facts]
    return Changes(
        facts={one.id: (one,) for one in facts},
        since=min(days) - timedelta(days=30),
        until=max(days) + timedelta(days=30),
        **more,
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "kpi.duckdb", "epoch")
    yield opened
    opened.close()
