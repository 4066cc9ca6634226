"""Shares of long work do not come one right after the other."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from ui.turns import PART_UNDER_THE_HAND, REST_S, Turns


class Shares:
    """Pieces of work, each with a timer of its own, by a clock that moves on with the work only.

    Attributes:
        took_s: how long each takes.
    """

    def __init__(self, turns: Turns, now: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("ui.turns.time.monotonic", lambda: now[0])
        self._turns, self.done, self.timers = turns, list[str](), dict[str, QTimer]()
        self._now, self.took_s = now, 0.0

    def fire(self, name: str) -> None:
        """The timer of a piece of work fires."""
        timer = self.timers.setdefault(name, QTimer())
        timer.setSingleShot(True)
        timer.stop()
        self._turns.take(timer, lambda: self._do(name))

    def _do(self, name: str) -> None:
        self.done.append(name)
        self._now[0] += self.took_s

    def waits(self, name: str) -> bool:
        """Whether it comes later."""
        return self.timers[name].isActive()


def test_of_shares_due_at_once_one_is_done_and_the_other_comes_later(
    qapp: QApplication,  # noqa: ARG001 - timers need one
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    shares = Shares(Turns(), now, monkeypatch)
    shares.fire("map")
    shares.fire("list")
    assert shares.done == ["map"]
    assert not shares.waits("map")
    assert shares.waits("list")
    now[0] += REST_S
    shares.fire("list")
    assert shares.done == ["map", "list"]
    assert not shares.waits("list")


def test_who_has_waited_comes_before_who_comes_again(
    qapp: QApplication,  # noqa: ARG001 - timers need one
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    shares = Shares(Turns(), now, monkeypatch)
    shares.fire("map")
    shares.fire("list")
    now[0] += REST_S
    shares.fire("map")
    assert shares.done == ["map"]
    shares.fire("list")
    now[0] += REST_S
    shares.fire("map")
    assert shares.done == ["map", "list", "map"]


def test_who_was_stopped_keeps_nobody_waiting(
    qapp: QApplication,  # noqa: ARG001 - timers need one
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    shares = Shares(Turns(), now, monkeypatch)
    shares.fire("map")
    shares.fire("list")
    shares.timers["list"].stop()
    now[0] += REST_S
    shares.fire("map")
    assert shares.done == ["map", "map"]


def test_what_somebody_waits_for_is_done_without_a_rest_one_share_a_turn_of_the_event_loop(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = Shares(Turns(lambda: True), [100.0], monkeypatch)
    shares.fire("map")
    shares.fire("list")
    assert shares.done == ["map"]
    assert shares.waits("list")
    qapp.processEvents()
    shares.fire("list")
    assert shares.done == ["map", "list"]


def test_while_a_hand_moves_the_map_shares_get_a_small_part_of_the_time(
    qapp: QApplication,  # noqa: ARG001 - timers need one
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, turns = [100.0], Turns()
    shares = Shares(turns, now, monkeypatch)
    turns.is_hand_moving = True
    shares.took_s = 0.010
    shares.fire("map")
    now[0] += 0.010 / PART_UNDER_THE_HAND - 0.010 - 0.002
    shares.fire("map")
    assert shares.done == ["map"]
    now[0] += 0.003
    shares.fire("map")
    assert shares.done == ["map", "map"]

    turns.is_hand_moving = False
    now[0] += 1.0
    shares.fire("map")
    now[0] += REST_S
    shares.fire("map")
    assert shares.done == ["map"] * 4


def test_a_share_that_breaks_counts_as_one(
    qapp: QApplication,  # noqa: ARG001 - timers need one
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turns = Turns()
    shares = Shares(turns, [100.0], monkeypatch)

    def breaks() -> None:
        raise ValueError("no such stop")

    with pytest.raises(ValueError, match="no such stop"):
        turns.take(QTimer(), breaks)
    shares.fire("list")
    assert shares.waits("list")
