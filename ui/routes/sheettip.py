"""What a drag over a low sheet would do, said beside the panel: over its stops there is no room."""

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from ui.draft.draft import Draft
from ui.routes.dragtip import DragTip
from ui.routes.sheet import StopSheet
from ui.routes.targets import holds

_GAP_PX = 8


class SheetTip(QObject):
    """Takes the place of the sheet's preview while the pointer is over a panel with a low sheet.

    Args:
        tip: says it.
        draft: what is dragged.
        sheet: its preview yields.
        panel: the tip stands to the right of it.
    """

    def __init__(self, tip: DragTip, draft: Draft, sheet: StopSheet, panel: QWidget) -> None:
        super().__init__(panel)
        self._tip, self._draft, self._sheet, self._panel = tip, draft, sheet, panel
        draft.changed.connect(self._on_draft_changed)

    def follow(self, at: QPoint) -> None:
        """Stops are held at a point (global), or are about to be."""
        is_here = self._sheet.is_compact and holds(self._panel, at)
        self._sheet.preview.set_yielding(yielding=is_here)
        if is_here and self._draft.lifted:
            self._tip.tell()
            edge = self._panel.mapToGlobal(QPoint(self._panel.width() + _GAP_PX, 0))
            self._tip.stand(QPoint(edge.x(), at.y()))
        else:
            self._tip.hide()

    def _on_draft_changed(self) -> None:
        if self._draft.lifted:
            if self._tip.isVisible():
                self._tip.tell()
            return
        self._tip.hide()
        self._sheet.preview.set_yielding(yielding=False)
