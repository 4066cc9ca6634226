"""Two dispatchers at two desktops on one gateway go for the same exceptions at the same moment."""

from collections.abc import Iterator
from contextlib import ExitStack
from operator import eq
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.end_to_end.rooms import Room, Seat, room, seat
from tests.end_to_end.test_resequence import SETTINGS, manifest
from tower.domain.commands import ClaimException, Command
from tower.domain.records import ExceptionRecord, Work
from tower.domain.words import ExceptionKind, ExceptionState
from ui.exceptions.panel import ExceptionsPanel

pytestmark = [pytest.mark.desktop, pytest.mark.slow]

STOPS, ROUNDS = 10, 3


class Hand(NamedTuple):
    """One person at one desktop."""

    seat: Seat
    sent: list[Command]
    answered: list[Command]

    @property
    def name(self) -> str:
        """As colleagues read it."""
        return self.seat.session.actor_name

    @property
    def panel(self) -> ExceptionsPanel:
        """The exception queue."""
        found = self.seat.desktop.window.findChild(ExceptionsPanel)
        assert found is not None
        return found

    def look_at(self, exception_id: str) -> None:
        """Have an exception on the card."""
        self.seat.session.select("exception", exception_id)
        self.seat.until(lambda: self.seat.session.selection == ("exception", exception_id))

    def press(self, key: Qt.Key) -> None:
        """Press a key in this window; nothing that comes over the network gets in between."""
        window = self.seat.desktop.window
        window.activateWindow()
        while not window.isActiveWindow():
            QCoreApplication.processEvents()
        QTest.keyClick(window, key)

    def work(self, exception_id: str) -> Work:
        """The work on an exception, as this desktop shows it."""
        return self.seat.session.state.exceptions[exception_id].work

    def claims(self) -> list[ClaimException]:
        """Every claim this desktop sent."""
        return [one for one in self.sent if isinstance(one, ClaimException)]


class Shift(NamedTuple):
    """A room, two people in it, and open exceptions."""

    ann: Hand
    sue: Hand
    exceptions: tuple[str, ...]


def alarms(at: str) -> list[dict[str, str]]:
    """A wrong address at each stop."""
    return [
        {
            "type": "alarm",
            "kind": "address",
            "stop": f"S{number}",
            "at": at,
            "words": "No such door",
        }
        for number in range(1, STOPS + 1)
    ]


def hand(open_things: ExitStack, joined: Room, name: str, qtbot: QtBot) -> Hand:
    """Somebody sits down."""
    sat = open_things.enter_context(seat(Room(joined.url, f"token-of-{name}"), qtbot))
    sat.desktop.window.resize(1366, 768)
    sent, answered = list[Command](), list[Command]()
    sat.session.command_issued.connect(sent.append)
    sat.session.command_answered.connect(lambda command, _: answered.append(command))
    return Hand(sat, sent, answered)


def is_open_address(record: ExceptionRecord) -> bool:
    """One of those the test raised."""
    finding = record.finding
    return finding is not None and finding.kind is ExceptionKind.ADDRESS and record.is_open


@pytest.fixture
def shift(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shift]:
    for name in ("ann", "sue", "own"):
        monkeypatch.setenv(f"{name.upper()}_TOKEN", f"token-of-{name}")
    config, file = tmp_path / "tower.toml", tmp_path / "manifest.csv"
    config.write_text(SETTINGS, "utf-8")
    file.write_text(manifest(), "utf-8")
    with ExitStack() as open_things:
        joined = open_things.enter_context(room(tmp_path / "data", "--config", str(config)))
        imported = joined.tower("shift", "import", str(file))
        assert imported.returncode == 0, imported.stderr
        ann, sue = (hand(open_things, joined, name, qtbot) for name in ("ann", "sue"))
        headers = {"Authorization": "Bearer token-of-own"}
        with httpx.Client(base_url=joined.url, headers=headers) as phone:
            now = phone.get("/v1/health").json()["now"]
            receipt = phone.post("/v1/ingest/driver_app", json=alarms(now)).json()
        assert receipt["refused"] == 0, receipt
        known = ann.seat.session.state.exceptions
        for one in (ann, sue):
            rows = one.seat.session.state.exceptions
            one.seat.until(lambda rows=rows: sum(map(is_open_address, rows.values())) == STOPS)  # type: ignore[misc]
        found = tuple(id_ for id_, record in known.items() if is_open_address(record))
        yield Shift(ann, sue, found)


def test_two_who_press_c_at_once_never_hold_one_exception(shift: Shift) -> None:
    won = set[str]()
    for fence in range(1, ROUNDS + 1):
        for turn, exception_id in enumerate(shift.exceptions):
            both = (shift.ann, shift.sue) if turn % 2 else (shift.sue, shift.ann)
            _race(both, exception_id)
            winner, loser = _settled(shift, exception_id, fence)
            _the_other_is_told_who(winner, loser)
            _what_the_winner_lets_go_is_open_for_both(winner, loser, exception_id)
            won.add(winner.name)
    races = ROUNDS * len(shift.exceptions)
    assert [len(one.claims()) for one in (shift.ann, shift.sue)] == [races, races]
    ties = sum(map(eq, shift.ann.claims(), shift.sue.claims()))
    assert ties > races / 6, "both asked about the same version: neither had heard of the other"
    assert won == {"A. Example", "S. Example"}


def _race(both: tuple[Hand, Hand], exception_id: str) -> None:
    for one in both:
        one.look_at(exception_id)
    for one in both:
        one.press(Qt.Key.Key_C)


def _the_other_is_told_who(winner: Hand, loser: Hand) -> None:
    loser.seat.until(lambda: winner.name in loser.panel.card.trouble.text())
    assert not winner.panel.card.trouble.text()


def _what_the_winner_lets_go_is_open_for_both(winner: Hand, loser: Hand, exception_id: str) -> None:
    winner.press(Qt.Key.Key_U)
    for one in (winner, loser):
        one.seat.until(lambda one=one: one.work(exception_id).state is ExceptionState.OPEN)  # type: ignore[misc]
        one.seat.until(lambda one=one: len(one.answered) == len(one.sent))  # type: ignore[misc]


def _settled(shift: Shift, exception_id: str, fence: int) -> tuple[Hand, Hand]:
    """Who holds it and who does not, once both desktops show the same."""
    both = (shift.ann, shift.sue)
    for one in both:
        one.seat.until(lambda one=one: one.work(exception_id).state is ExceptionState.CLAIMED)  # type: ignore[misc]
    held_by = {one.work(exception_id).owner_name for one in both}
    assert len(held_by) == 1, f"the desktops disagree: {held_by}"
    assert {one.work(exception_id).fence for one in both} == {fence}
    winner = next(one for one in both if one.name in held_by)
    return winner, next(one for one in both if one is not winner)
