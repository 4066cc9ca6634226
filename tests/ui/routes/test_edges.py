"""At the edges of the sheet's list a held stop scrolls it, but not on its way in."""

from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from tests.ui.routes.mouse import Mouse, turn_down
from ui.draft.consequences import as_text
from ui.draft.draft import Draft
from ui.routes.panel import RoutesPanel


def _above(panel: RoutesPanel) -> QPoint:
    """A little above the list of stops, over the sheet's head."""
    return panel.sheet.list.mapTo(panel.sheet, QPoint(60, -20))


def test_on_the_way_in_from_the_routes_the_stops_stay_where_they_are(
    panel: RoutesPanel, mouse: Mouse, qtbot: QtBot
) -> None:
    panel.setFixedHeight(360)
    rows = panel.sheet.list
    bar = rows.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    mouse.press(rows, panel.sheet.model.id_at(0))
    mouse.over(panel.list, "r1")
    qtbot.waitUntil(lambda: panel.sheet.route_id == "r1")
    bar.setValue(bar.maximum())
    mouse.to(panel.sheet, _above(panel))
    panel._lifting._scroll()
    assert bar.value() == bar.maximum()
    mouse.to(rows.viewport(), QPoint(60, 40))
    mouse.to(panel.sheet, _above(panel))
    panel._lifting._scroll()
    assert bar.value() < bar.maximum(), "out of it again, it follows"
    mouse.release()


def test_turning_the_wheel_brings_another_place_under_what_is_held(
    panel: RoutesPanel, draft: Draft, mouse: Mouse, qtbot: QtBot
) -> None:
    rows = panel.sheet.list
    rows.setFixedHeight(2 * 40)
    qtbot.waitUntil(lambda: rows.verticalScrollBar().maximum() > 0)
    rows.scrollToTop()
    mouse.press(rows, "s0")
    at = QPoint(60, 45)
    mouse.to(rows.viewport(), at)
    before = draft.hovering
    turn_down(rows.viewport(), at, notches=10)
    shown = draft.hovering
    assert shown != before
    mouse.release()
    assert draft.gestures == (shown,), "what was shown is what is done"


def test_a_low_sheet_leaves_out_what_stays_as_it_is(
    panel: RoutesPanel, draft: Draft, mouse: Mouse, qtbot: QtBot
) -> None:
    panel.setFixedHeight(420)
    qtbot.waitUntil(lambda: panel.sheet.is_compact)
    mouse.press(panel.sheet.list, "s2")
    mouse.over(panel.sheet.list, "s1")
    mouse.release()
    said = as_text(panel.sheet.preview.lines)
    assert "route end" in said
    assert "±0 " not in said
    assert not draft.is_empty
    panel.setFixedHeight(760)
    qtbot.waitUntil(lambda: not panel.sheet.is_compact)
    assert "distance" in panel.sheet.preview.words
