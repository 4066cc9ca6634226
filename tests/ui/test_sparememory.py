"""What the window freed goes back to the machine."""

import pytest
from pytestqt.qtbot import QtBot

from ui.sparememory import SpareMemory
from ui.turns import Turns


def test_free_memory_is_given_back_again_and_again(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back: list[bool] = []
    monkeypatch.setattr("ui.sparememory.EVERY_MS", 1)
    monkeypatch.setattr("tower.heap.give_back", lambda: given_back.append(True))
    spare = SpareMemory(Turns())
    qtbot.waitUntil(lambda: len(given_back) >= 2)
    spare.deleteLater()
