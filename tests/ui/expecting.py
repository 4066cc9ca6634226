"""Predictions and rows for the tests of the panels."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest

from tests.ui.conftest import Fleet
from tests.ui.example_shift import NOON
from tower.domain.words import Punctuality
from ui.keyed import KeyedModel
from ui.session import Session
from ui.widgets.rowlist import RowList


def expect(
    session: Session, fleet: Fleet, minutes: Mapping[str, tuple[float, Punctuality]]
) -> None:
    """Predict stops so many minutes after noon, three minutes early to six late."""
    fleet.arrivals.set(
        list(minutes),
        [NOON.timestamp() + after * 60 for after, _ in minutes.values()],
        [180.0] * len(minutes),
        [360.0] * len(minutes),
        [word.code for _, word in minutes.values()],
    )
    session.apply_frames([fleet.frame()])


def place_of(rows: RowList, id_: str) -> QRect:
    """Where the row of an id is drawn, in the list's viewport."""
    model = rows.model()
    assert isinstance(model, KeyedModel)
    place = model.place_of(id_)
    assert place >= 0, f"no row for {id_}"
    return rows.visualRect(model.index(place, 0))


def click(rows: RowList, id_: str) -> None:
    """Click the row of an id."""
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place_of(rows, id_).center())


def point_at(rows: RowList, id_: str) -> None:
    """Put the pointer over the row of an id."""
    QTest.mouseMove(rows.viewport(), QPoint(1, 1))
    QTest.mouseMove(rows.viewport(), place_of(rows, id_).center())


def column(model: KeyedModel[Any], number: int) -> list[str]:
    """What stands in a column, from the top."""
    return [str(model.index(row, number).data()) for row in range(model.rowCount())]
