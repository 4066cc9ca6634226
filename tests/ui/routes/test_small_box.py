"""The preview box where it has little to say."""

from tests.ui.routes.mouse import Mouse
from tower.routes.change import Move
from ui.draft.draft import Draft
from ui.routes.panel import RoutesPanel
from ui.routes.previewbox import Headline


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
