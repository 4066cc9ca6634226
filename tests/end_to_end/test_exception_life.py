"""The whole life of an exception, worked by keyboard alone at a desktop on a real gateway."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.end_to_end.rooms import Room, Seat, room, seat
from tower.domain.records import ExceptionRecord
from tower.domain.words import ExceptionState, StepAction
from ui.exceptions.panel import ExceptionsPanel

pytestmark = [pytest.mark.desktop, pytest.mark.slow]

SETTINGS = """
[[token]]
id = "ann"
name = "A. Example"
role = "dispatcher"
env = "ANN_TOKEN"

[[token]]
id = "boss"
name = "B. Example"
role = "supervisor"
env = "BOSS_TOKEN"

[[token]]
id = "own"
role = "carrier"
carrier = "own"
env = "OWN_TOKEN"
"""

AT_ANY_HOUR = {
    "type": "set_outreach_policy",
    "version": 0,
    "policy": {"quiet_from": "00:00", "quiet_until": "00:00"},
}
"""Customers may be written to whenever this test runs."""

MANIFEST = """\
route,stop,lat,lon,customer,phone,language,depot,depot_lat,depot_lon,vehicle,carrier
R-1,S1,47.144,9.522,Customer 0001,+423 660 000 001,de,hub,47.17,9.51,van-1,own
R-1,S2,47.148,9.524,Customer 0002,+423 660 000 002,de,hub,47.17,9.51,van-1,own
"""


class Keyboard(NamedTuple):
    """A person at a desktop who has no mouse."""

    seat: Seat

    @property
    def panel(self) -> ExceptionsPanel:
        """The exception panel."""
        return self.seat.desktop.window.findChildren(ExceptionsPanel)[0]

    @property
    def record(self) -> ExceptionRecord:
        """The one exception of the shift, as this desktop knows it."""
        (record,) = self.seat.session.state.exceptions.values()
        return record

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        """Press a key where the keyboard is."""
        held = Qt.KeyboardModifier.NoModifier if modifier is None else modifier
        QTest.keyClick(self._focused, key, held)

    def write(self, words: str) -> None:
        """Write where the keyboard is."""
        QTest.keyClicks(self._focused, words)

    @property
    def _focused(self) -> QWidget:
        return QApplication.focusWidget() or self.seat.desktop.window

    def until_state(self, state: ExceptionState) -> None:
        """Wait until everybody knows that the exception stands so."""
        self.seat.until(lambda: self.record.work.state is state)
        self.seat.until(lambda: not self.panel.card.past.text().startswith("The past is not here"))


@pytest.fixture
def keyboard(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Keyboard, httpx.Client]]:
    """A dispatcher in a room of two stops, and the phone of their driver."""
    for name in ("ann", "boss", "own"):
        monkeypatch.setenv(f"{name.upper()}_TOKEN", f"token-of-{name}")
    config, file = tmp_path / "tower.toml", tmp_path / "manifest.csv"
    config.write_text(SETTINGS, "utf-8")
    file.write_text(MANIFEST, "utf-8")
    with ExitStack() as open_things:
        joined = open_things.enter_context(room(tmp_path / "data", "--config", str(config)))
        imported = joined.tower("shift", "import", str(file))
        assert imported.returncode == 0, imported.stderr
        _command(joined.url, AT_ANY_HOUR)
        ann = open_things.enter_context(seat(Room(joined.url, "token-of-ann"), qtbot))
        headers = {"Authorization": "Bearer token-of-own"}
        phone = open_things.enter_context(httpx.Client(base_url=joined.url, headers=headers))
        ann.until(lambda: len(ann.session.state.stops) == 2 and ann.session.actor_id == "ann")
        ann.desktop.window.activateWindow()
        ann.until(ann.desktop.window.isActiveWindow)
        yield Keyboard(ann), phone


def _command(url: str, command: dict[str, Any]) -> None:
    headers = {"Authorization": "Bearer token-of-boss", "Idempotency-Key": str(command["type"])}
    answer = httpx.post(f"{url}/v1/commands", json=command, headers=headers)
    assert answer.status_code == 200, answer.text


def test_the_whole_life_of_an_exception(keyboard: tuple[Keyboard, httpx.Client]) -> None:
    ann, phone = keyboard
    _it_comes(ann, phone)
    _it_is_walked_to_and_opened(ann)
    _it_is_claimed_and_its_customer_told(ann)
    _a_note_is_written(ann)
    _it_is_snoozed_and_woken(ann)
    _it_is_escalated(ann)
    _it_is_resolved_with_its_cause_and_reopened(ann)
    _its_history_tells_all_of_it(ann)


def _it_comes(ann: Keyboard, phone: httpx.Client) -> None:
    now = phone.get("/v1/health").json()["now"]
    alarm = {"type": "alarm", "kind": "no_access", "at": now, "stop": "S1", "vehicle": "van-1"}
    alarm |= {"severity": "critical", "words": "Gate is closed"}
    answer = phone.post("/v1/ingest/driver_app", json=[alarm])
    assert answer.status_code == 202, answer.text
    ann.seat.until(lambda: ann.panel.model.rowCount() == 1)


def _it_is_walked_to_and_opened(ann: Keyboard) -> None:
    ann.press(Qt.Key.Key_J)
    assert ann.seat.session.selection == ("exception", ann.record.id)
    assert ann.panel.queue.hasFocus()
    ann.press(Qt.Key.Key_Return)
    assert ann.seat.session.selection == ("stop", "S1")
    assert ann.panel.card.exception_id == ann.record.id


def _it_is_claimed_and_its_customer_told(ann: Keyboard) -> None:
    ann.press(Qt.Key.Key_C)
    ann.until_state(ExceptionState.CLAIMED)
    assert ann.record.work.owner == "ann"
    state = ann.seat.session.state
    first = state.room_playbooks.of(ann.record.finding.kind)[0]  # type: ignore[union-attr]
    assert first.action is StepAction.MESSAGE
    ann.press(Qt.Key.Key_1)
    playbook = ann.panel.card.playbook
    assert playbook is not None
    pane = playbook.message
    ann.seat.until(lambda: pane.isVisible() and pane.words.toPlainText() != "")
    ann.seat.until(pane.send_button.isEnabled)
    assert not state.messages, "it is seen before it is sent"
    ann.press(Qt.Key.Key_Return)
    ann.seat.until(lambda: len(state.messages) == 1)
    (message,) = state.messages.values()
    assert message.plan is not None
    assert (message.plan.stop_id, message.plan.exception_id) == ("S1", ann.record.id)
    assert (message.plan.template, message.plan.language) == (first.template, "de")
    ann.seat.until(pane.isHidden)


def _a_note_is_written(ann: Keyboard) -> None:
    ann.press(Qt.Key.Key_N)
    ann.write("The caretaker is at lunch")
    ann.press(Qt.Key.Key_Return)
    ann.seat.until(lambda: len(ann.seat.session.state.notes) == 1)
    (note,) = ann.seat.session.state.notes.values()
    assert (note.words, note.by) == ("The caretaker is at lunch", "A. Example")


def _it_is_snoozed_and_woken(ann: Keyboard) -> None:
    ann.press(Qt.Key.Key_S)
    ann.write("30")
    ann.press(Qt.Key.Key_Return)
    ann.until_state(ExceptionState.SNOOZED)
    assert ann.panel.model.rowCount() == 0
    assert ann.panel.header.tabs.tabText(2) == "Snoozed (1)"
    ann.press(Qt.Key.Key_W)
    ann.seat.until(lambda: ann.record.work.state is not ExceptionState.SNOOZED)
    ann.seat.until(lambda: ann.panel.model.rowCount() == 1)


def _it_is_escalated(ann: Keyboard) -> None:
    ann.press(Qt.Key.Key_E)
    ann.write("Nobody answers")
    ann.press(Qt.Key.Key_Return)
    ann.until_state(ExceptionState.ESCALATED)
    assert ann.record.work.escalated_because == "Nobody answers"


def _it_is_resolved_with_its_cause_and_reopened(ann: Keyboard) -> None:
    ann.press(Qt.Key.Key_R)
    ann.press(Qt.Key.Key_Down)
    ann.press(Qt.Key.Key_Return)
    ann.until_state(ExceptionState.RESOLVED)
    assert ann.record.work.cause == "Gate code passed on"
    assert ann.panel.model.rowCount() == 0
    ann.press(Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    ann.seat.until(lambda: ann.record.is_open)
    ann.seat.until(lambda: ann.panel.model.rowCount() == 1)


def _its_history_tells_all_of_it(ann: Keyboard) -> None:
    def told() -> str:
        return ann.panel.card.past.text().casefold()

    for words in ("claimed", "caretaker", "snoozed", "nobody answers", "gate code passed on"):
        ann.seat.until(lambda wanted=words: wanted in told())  # type: ignore[misc]
