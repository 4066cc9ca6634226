"""Two changes of the same routes stand side by side, and the dispatcher decides."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.deciding import DecidingGateway
from tower.domain import events as e
from tower.routes.change import UNASSIGNED, Move
from ui.draft.draft import Draft
from ui.draft_dialogs.conflict import ConflictDialog
from ui.draft_dialogs.host import DraftDialogs
from ui.draft_dialogs.versions import Choice
from ui.session import Session

THEIRS: tuple[str, ...] = ("s4", "s0", "s1", "s2", "s3")
MINE: tuple[str, ...] = ("s0", "s3", "s1", "s2", "s4")
MERGED: tuple[str, ...] = ("s4", "s0", "s3", "s1", "s2")


class Desk:
    """A window with a draft, and somebody else who changes the same route."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self.session, self.window = session, QWidget()
        self.window.resize(1366, 768)
        qtbot.addWidget(self.window)
        self.draft = Draft(session, self.window)
        self.gateway = DecidingGateway(session)
        self.dialogs = DraftDialogs(session, self.draft, self.window)
        self.window.show()
        self.draft.add(Move(stops=("s3",), route_id="r0", before="s1"))

    def crossed(self, stops: tuple[str, ...] = THEIRS) -> ConflictDialog:
        """Somebody else was faster; the dialog that says so."""
        self.gateway.others_sequence({"r0": stops})
        self.gateway.serve()
        return self.shown

    @property
    def shown(self) -> ConflictDialog:
        """The dialog that is open."""
        return next(one for one in self.window.findChildren(ConflictDialog) if one.isVisible())

    @property
    def is_asking(self) -> bool:
        """Whether the dialog is open."""
        return any(one.isVisible() for one in self.window.findChildren(ConflictDialog))

    def drafted(self) -> tuple[str, ...]:
        """The route as the draft would have it."""
        return self.draft.orders["r0"]


@pytest.fixture
def desk(session: Session, qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(session, qtbot)
    yield desk
    desk.window.close()


def column(dialog: ConflictDialog, choice: Choice) -> list[str]:
    model = dialog.views[choice].list.rows
    return [model.record(row).words for row in range(model.rowCount())]


def test_theirs_mine_and_merged_stand_side_by_side(desk: Desk) -> None:
    dialog = desk.crossed()
    theirs, mine, merged = (column(dialog, choice) for choice in Choice)
    assert theirs[0].startswith("R-200 · ends ")
    assert [row.split(" · ")[-2] for row in theirs[1:]] == [
        f"Customer 000{one[1]}" for one in THEIRS
    ]
    assert [row.split(" · ")[-2] for row in mine[1:]] == [f"Customer 000{one[1]}" for one in MINE]
    assert [row.split(" · ")[-2] for row in merged[1:]] == [
        f"Customer 000{one[1]}" for one in MERGED
    ]
    assert mine[2].startswith("stop 2 · was 4 · Customer 0003")
    assert theirs[1].startswith("stop 1 · was 5 · Customer 0004")


def test_each_says_what_it_does_in_the_words_of_the_preview(desk: Desk) -> None:
    dialog = desk.crossed()
    for choice in Choice:
        assert "distance " in dialog.views[choice].words
        assert "route end " in dialog.views[choice].words
    assert "B. Example" in dialog.views[Choice.THEIRS].says
    assert "their reason" in dialog.views[Choice.THEIRS].says


@pytest.mark.parametrize(
    ("key", "order"),
    [(Qt.Key.Key_1, THEIRS), (Qt.Key.Key_2, MINE), (Qt.Key.Key_3, MERGED)],
)
def test_one_key_decides_and_nothing_is_sent_until_it_is_committed(
    desk: Desk, qtbot: QtBot, key: Qt.Key, order: tuple[str, ...]
) -> None:
    dialog = desk.crossed()
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog, key)
    assert not desk.is_asking
    assert desk.drafted() == order
    assert desk.gateway.waiting == []
    assert desk.draft.is_empty == (order == THEIRS)
    if order != THEIRS:
        desk.draft.commit()
        desk.gateway.serve()
    state = desk.gateway.state
    assert tuple(stop.id for stop in state.stops_of(state.routes["r0"])) == order


def test_deciding_later_keeps_the_draft_and_the_commit_asks_again(desk: Desk) -> None:
    dialog = desk.crossed()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert not desk.draft.is_empty
    desk.draft.commit()
    assert desk.is_asking
    assert desk.gateway.waiting == []


def test_what_can_no_longer_be_done_is_named_with_its_reason(desk: Desk) -> None:
    desk.draft.add(Move(stops=("s0",), route_id="r1"))
    desk.gateway.happens(e.StopDelivered(), stop="s0", route="r0")
    dialog = desk.crossed(("s0", "s4", "s1", "s2", "s3"))
    assert "Stop 1 is delivered; it stays where it is." in dialog.notice.text()


def test_a_stop_whose_aim_is_gone_is_pointed_out(desk: Desk) -> None:
    desk.gateway.others_sequence(
        {"r0": ("s0", "s2", "s3", "s4"), "r1": ("s1", "s5", "s6", "s7", "s8", "s9")}
    )
    desk.gateway.serve()
    assert "You put stop 3 before one that is no longer there" in desk.shown.notice.text()
    assert "Customer 0001 · " in " ".join(column(desk.shown, Choice.THEIRS))


def test_stops_on_no_route_in_a_version_stand_below(desk: Desk) -> None:
    desk.draft.add(Move(stops=("s2",), route_id=UNASSIGNED))
    dialog = desk.crossed()
    mine = column(dialog, Choice.MINE)
    assert mine[-2] == "On no route"
    assert "Customer 0002" in mine[-1]
    assert "On no route" not in column(dialog, Choice.THEIRS)


def test_another_change_while_it_is_open_is_shown_in_it(desk: Desk) -> None:
    first = desk.crossed()
    again = desk.crossed(("s2", "s4", "s0", "s1", "s3"))
    assert again is first
    assert "Customer 0002" in column(again, Choice.THEIRS)[1]


def test_while_stops_are_dragged_the_question_waits(desk: Desk) -> None:
    assert desk.draft.lift(["s4"]) == ""
    desk.gateway.others_sequence({"r0": THEIRS})
    desk.gateway.serve()
    before = desk.is_asking
    desk.draft.cancel_lift()
    assert (before, desk.is_asking) == (False, True)


def test_the_lists_keep_to_qts_rules_and_scroll_together(desk: Desk, qtbot: QtBot) -> None:
    dialog = desk.crossed()
    testers = [QAbstractItemModelTester(view.list.rows) for view in dialog.views.values()]
    desk.crossed(("s2", "s4", "s0", "s1", "s3"))
    assert len(testers) == 3
    dialog.resize(900, 420)
    bars = [view.list.verticalScrollBar() for view in dialog.views.values()]
    qtbot.waitUntil(lambda: bars[0].maximum() > 0)
    bars[0].setValue(bars[0].maximum())
    assert bars[2].value() == bars[2].maximum()


def test_in_a_small_window_nothing_is_wider_than_it(desk: Desk) -> None:
    desk.window.resize(1180, 660)
    dialog = desk.crossed()
    assert dialog.width() <= 1180
    assert dialog.minimumSizeHint().width() <= 1100
    for view in dialog.views.values():
        assert view.button.width() >= view.button.sizeHint().width()
