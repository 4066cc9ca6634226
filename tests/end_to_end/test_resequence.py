"""Two dispatchers at two desktops on one gateway change the same route, and a driver answers."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.end_to_end.rooms import Room, Seat, room, seat
from tests.ui.expecting import place_of
from tower.domain.records import Route
from tower.domain.words import Notice
from ui.draft_dialogs.conflict import ConflictDialog
from ui.draft_dialogs.reason import ReasonDialog
from ui.draft_dialogs.versions import Choice
from ui.routes.panel import RoutesPanel

pytestmark = [pytest.mark.desktop, pytest.mark.slow]

SETTINGS = """
[[token]]
id = "ann"
name = "A. Example"
role = "dispatcher"
env = "ANN_TOKEN"

[[token]]
id = "sue"
name = "S. Example"
role = "supervisor"
env = "SUE_TOKEN"

[[token]]
id = "own"
role = "carrier"
carrier = "own"
env = "OWN_TOKEN"
"""

LINES = ("route,stop,lat,lon,customer,depot,depot_lat,depot_lon,vehicle,carrier,needs,crew",)
PLAN: tuple[str, ...] = ("S1", "S2", "S3", "S4", "S5")


def manifest() -> str:
    """Two routes of five stops; only the crew of the first may check ages."""
    lines = list(LINES)
    for number in range(1, 11):
        route = "R-1" if number <= len(PLAN) else "R-2"
        lat, lon = 47.14 + 0.004 * number, 9.52 + 0.002 * (number % 3)
        needs = "age_check" if number == 2 else ""
        crew = "age_check" if route == "R-1" else ""
        lines.append(
            f"{route},S{number},{lat},{lon},Customer {number:04d},hub,47.17,9.51,"
            f"van-{route[-1]},own,{needs},{crew}"
        )
    return "\n".join(lines)


class Hand(NamedTuple):
    """What a person does with mouse and keyboard at one desktop."""

    seat: Seat

    @property
    def panel(self) -> RoutesPanel:
        """The routes panel."""
        found = self.seat.desktop.window.findChild(RoutesPanel)
        assert found is not None
        return found

    def open(self, route_id: str) -> None:
        """Look at a route's stops."""
        self.seat.session.select("route", route_id)
        self.seat.until(lambda: self.panel.sheet.route_id == route_id)

    def drag(self, stop_id: str, before: str) -> None:
        """Press on a stop, pull it over the upper half of another, and let go."""
        rows, left = self.panel.sheet.list, Qt.MouseButton.LeftButton
        self.seat.until(lambda: tuple(self.panel.sheet.model.ids) == self.order("R-1"))
        at = place_of(rows, before)
        assert rows.viewport().rect().contains(at.united(place_of(rows, stop_id)))
        onto = QPoint(at.center().x(), at.top() + 5)
        QTest.mousePress(rows.viewport(), left, pos=place_of(rows, stop_id).center())
        for step in (onto + QPoint(9, 9), onto):
            QTest.mouseMove(rows.viewport(), step)
        assert self.seat.desktop.draft.hovering is not None
        QTest.mouseRelease(rows.viewport(), left, pos=onto)

    def press(self, action: str) -> None:
        """Choose a menu entry."""
        self.seat.desktop.window.actions_by_id[action].trigger()

    def commit(self) -> None:
        """Press the sheet's own button."""
        buttons = self.panel.sheet.findChildren(QPushButton)
        next(one for one in buttons if one.text() == "Commit").click()

    def type_into(self, dialog: QWidget, key: Qt.Key) -> None:
        """Press a key while a dialog has the keyboard."""
        dialog.activateWindow()
        self.seat.until(dialog.isActiveWindow)
        QTest.keyClick(dialog, key)

    def shown(self, kind: type[Any]) -> Any:  # noqa: ANN401 - a dialog of that kind
        """A dialog that is open."""
        found = list[Any]()

        def is_open() -> bool:
            found[:] = [
                one for one in self.seat.desktop.window.findChildren(kind) if one.isVisible()
            ]
            return bool(found)

        self.seat.until(is_open)
        return found[0]

    def until_order(self, route_id: str, stops: tuple[str, ...]) -> None:
        """Wait until the shift has this order."""
        self.seat.until(lambda: self.order(route_id) == stops)

    def order(self, route_id: str) -> tuple[str, ...]:
        """A route as this desktop knows it."""
        state = self.seat.session.state
        return tuple(stop.id for stop in state.stops_of(state.routes[route_id]))

    def route(self, route_id: str) -> Route:
        """A route's record."""
        return self.seat.session.state.routes[route_id]


class Shift(NamedTuple):
    """A room with a dispatcher and a supervisor, and a phone on the road."""

    joined: Room
    ann: Hand
    sue: Hand
    phone: httpx.Client


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
        ann, sue = (
            Hand(open_things.enter_context(seat(Room(joined.url, f"token-of-{name}"), qtbot)))
            for name in ("ann", "sue")
        )
        headers = {"Authorization": "Bearer token-of-own"}
        phone = open_things.enter_context(httpx.Client(base_url=joined.url, headers=headers))
        for hand in (ann, sue):
            hand.seat.desktop.window.resize(1920, 1080)
            hand.seat.until(lambda one=hand: len(one.seat.session.state.stops) == 10)  # type: ignore[misc]
            hand.open("R-1")
        yield Shift(joined, ann, sue, phone)


def test_two_desktops_share_a_route(shift: Shift) -> None:
    _the_preview_agrees_with_what_the_gateway_predicts(shift)
    _a_drag_is_committed_and_taken_back(shift)
    _a_conflict_is_found_and_decided(shift)
    _the_driver_sees_and_accepts(shift)
    _what_must_not_be_needs_a_supervisor(shift)
    assert sorted(shift.ann.seat.session.state.stops) == sorted(f"S{n}" for n in range(1, 11))


def _the_preview_agrees_with_what_the_gateway_predicts(shift: Shift) -> None:
    session, draft = shift.ann.seat.session, shift.ann.seat.desktop.draft
    shift.ann.seat.until(lambda: len(session.shapes) == 2)
    shift.ann.seat.until(lambda: session.arrivals.row("S5") is not None)

    def agree() -> bool:
        present = draft.cases.present("R-1")
        assert present is not None
        told = [session.arrivals.row(one.stop_id) for one in present.arrivals]
        return all(
            row is not None and abs((row.p50 - one.p50).total_seconds()) < 20
            for one, row in zip(present.arrivals, told, strict=True)
        )

    shift.ann.seat.until(agree)


def _a_drag_is_committed_and_taken_back(shift: Shift) -> None:
    ann, sue = shift.ann, shift.sue
    ann.drag("S4", before="S2")
    assert ann.panel.sheet.preview.isVisible()
    assert sue.order("R-1") == PLAN
    ann.commit()
    moved = ("S1", "S4", "S2", "S3", "S5")
    for hand in (ann, sue):
        hand.until_order("R-1", moved)
    ann.seat.until(lambda: ann.seat.desktop.draft.is_empty)
    assert "move stop 4 of R-1 before 2" in ann.seat.desktop.undo.stack.undoText()
    ann.press("undo")
    for hand in (ann, sue):
        hand.until_order("R-1", PLAN)
    ann.seat.until(lambda: not ann.seat.desktop.undo.stack.canUndo())
    ann.press("redo")
    for hand in (ann, sue):
        hand.until_order("R-1", moved)
    ann.seat.until(ann.seat.desktop.undo.stack.canUndo)
    ann.press("undo")
    for hand in (ann, sue):
        hand.until_order("R-1", PLAN)


def _a_conflict_is_found_and_decided(shift: Shift) -> None:
    ann, sue = shift.ann, shift.sue
    ann.drag("S5", before="S1")
    sue.drag("S3", before="S2")
    sue.commit()
    sue.until_order("R-1", ("S1", "S3", "S2", "S4", "S5"))
    dialog = ann.shown(ConflictDialog)
    assert "S. Example" in dialog.views[Choice.THEIRS].says
    ann.type_into(dialog, Qt.Key.Key_3)
    assert ann.seat.desktop.draft.orders["R-1"] == ("S5", "S1", "S3", "S2", "S4")
    ann.commit()
    for hand in (ann, sue):
        hand.until_order("R-1", ("S5", "S1", "S3", "S2", "S4"))
    sue.press("undo")
    conflict = sue.shown(ConflictDialog)
    assert "A. Example" in conflict.views[Choice.THEIRS].says
    sue.type_into(conflict, Qt.Key.Key_1)
    assert sue.seat.desktop.draft.is_empty
    assert sue.order("R-1") == ("S5", "S1", "S3", "S2", "S4")


def _the_driver_sees_and_accepts(shift: Shift) -> None:
    ann, sue, phone = shift.ann, shift.sue, shift.phone
    version = ann.route("R-1").version
    assert ann.route("R-1").awaits_driver
    told = phone.get("/v1/carriers/own/sequences").json()["sequences"]
    route = next(one for one in told if one["route_id"] == "R-1")
    assert [one["id"] for one in route["stops"]] == ["S5", "S1", "S3", "S2", "S4"]
    ann.seat.until(lambda: ann.route("R-1").notice is Notice.SENT)
    for word in (Notice.SEEN, Notice.ACCEPTED):
        message = {"type": "sequence", "route": "R-1", "version": version, "status": word.value}
        answer = phone.post("/v1/ingest/driver_app", json=[{**message, "at": _now(phone)}])
        assert answer.status_code == 202, answer.text
        for hand in (ann, sue):
            hand.seat.until(lambda one=hand: one.route("R-1").notice is word)  # type: ignore[misc]  # noqa: B023
    assert not ann.route("R-1").awaits_driver


def _now(phone: httpx.Client) -> str:
    """The gateway's time."""
    return str(phone.get("/v1/health").json()["now"])


def _what_must_not_be_needs_a_supervisor(shift: Shift) -> None:
    """Stop 2 needs somebody who may check ages; on the second route nobody may."""
    ann, sue = shift.ann, shift.sue
    for hand in (ann, sue):
        hand.open("R-1")
        rows, left = hand.panel.sheet.list, Qt.MouseButton.LeftButton
        QTest.mousePress(rows.viewport(), left, pos=place_of(rows, "S2").center())
        onto = hand.panel.list.viewport().mapToGlobal(place_of(hand.panel.list, "R-2").center())
        at = rows.viewport().mapFromGlobal(onto)
        for step in (at + QPoint(9, 9), at):
            QTest.mouseMove(rows.viewport(), step)
        QTest.mouseRelease(rows.viewport(), left, pos=at)
        assert hand.seat.desktop.draft.routes == {"R-1", "R-2"}
        hand.commit()
        dialog = hand.shown(ReasonDialog)
        assert "a driver who may check ages" in dialog.words
        if hand is ann:
            assert not dialog.commit_button.isVisible()
            dialog.reject()
            hand.seat.desktop.draft.discard()
        else:
            QTest.keyClicks(dialog.reason, "customer shows papers at the depot")
            dialog.commit_button.click()
    for hand in (ann, sue):
        hand.seat.until(lambda one=hand: "S2" in one.order("R-2"))  # type: ignore[misc]
    _it_is_kept_who_said_so_and_why(shift)


def _it_is_kept_who_said_so_and_why(shift: Shift) -> None:
    headers = {"Authorization": "Bearer token-of-sue"}
    answer = httpx.get(f"{shift.joined.url}/v1/events?after=0&limit=1000", headers=headers)
    kept = [one for one in answer.json()["events"] if one["body"].get("overridden")]
    assert [(one["actor"]["name"], one["body"]["reason"]) for one in kept] == [
        ("S. Example", "customer shows papers at the depot")
    ]
    (broken,) = kept[0]["body"]["overridden"]
    assert "needs a driver who may check ages" in broken
