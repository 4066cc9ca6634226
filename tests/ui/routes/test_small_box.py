"""The preview where there is little to say, or little room to say it."""

from pytestqt.qtbot import QtBot

from tests.ui.routes.mouse import Mouse
from tower.routes.change import Move
from ui.draft.draft import Draft
from ui.routes.dragtip import DragTip
from ui.routes.panel import RoutesPanel
from ui.routes.previewbox import Headline
from ui.session import Session
from ui.widgets.text import width_of


def test_its_first_line_stays_at_the_top_whatever_stands_below(
    panel: RoutesPanel, draft: Draft, mouse: Mouse
) -> None:
    head = panel.sheet.preview.findChild(Headline)
    assert head is not None
    mouse.press(panel.sheet.list, "s3")
    mouse.over(panel.sheet.list, "s1")
    full = head.y()
    draft.hover(Move(stops=("s3",), route_id="r0", before="s4"))
    layout = panel.sheet.preview.layout()
    assert layout is not None
    layout.activate()
    assert panel.sheet.preview.words == "Stop 4 stays where it is"
    assert head.y() == full
    mouse.release()


def test_over_a_low_sheet_a_drag_leaves_the_stops_their_room(
    panel: RoutesPanel, draft: Draft, mouse: Mouse, qtbot: QtBot
) -> None:
    panel.setFixedHeight(420)
    rows, preview = panel.sheet.list, panel.sheet.preview
    qtbot.waitUntil(lambda: panel.sheet.is_compact)
    room = rows.height()
    mouse.press(rows, "s2")
    mouse.over(rows, "s1")
    tip = panel.findChild(DragTip)
    assert tip is not None
    assert not preview.isVisible()
    assert rows.height() == room
    assert tip.isVisible()
    assert "Moving stop 3 before 2 — preview, not sent\nroute end" in tip.words
    assert tip.x() > panel.mapToGlobal(panel.rect().topRight()).x()
    mouse.release()
    assert not tip.isVisible()
    assert preview.isVisible(), "put down, the sheet says it itself"
    assert not draft.is_empty


def test_a_high_sheet_says_itself_what_a_drag_does(panel: RoutesPanel, mouse: Mouse) -> None:
    mouse.press(panel.sheet.list, "s2")
    mouse.over(panel.sheet.list, "s1")
    tip = panel.findChild(DragTip)
    assert tip is not None
    assert not tip.isVisible()
    assert panel.sheet.preview.isVisible()
    mouse.release()


def test_beside_the_pointer_the_first_line_is_whole(
    session: Session, panel: RoutesPanel, draft: Draft
) -> None:
    tip = DragTip(session, draft, panel)
    session.select("route", "r2")
    draft.hover(Move(stops=("s2",), route_id="r1", before="s7"))
    tip.tell()
    assert draft.headline == "Moving stop 3 of R-200 to R-201, before 3 — preview, not sent"
    assert tip.width() > width_of(draft.headline, bold=True) + 2
