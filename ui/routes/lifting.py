"""Dragging stops by the mouse: what is lifted, where it hovers, where it is let go."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QToolTip, QWidget

from ui.draft.draft import Draft
from ui.routes.liftedrow import LiftedRow
from ui.routes.stopdelegate import StopDelegate
from ui.routes.stoplist import StopList
from ui.routes.stops import StopRow
from ui.routes.targets import Target, holds
from ui.session import Session
from ui.tips import plain_tip
from ui.widgets.rowlist import RowList

LINGER_MS = 650
"""How long the pointer stays on a route or a tab before that opens."""

_SCROLL_MS, _EDGE_PX, _NARROW_PX, _STEP_PX = 30, 26, 12, 9


class Lifting(QObject):
    """One drag after the other, from any of some lists to any of some targets.

    Args:
        session: what is shown.
        draft: takes the gestures.
        look: the row of a stop as the draft would have it, wherever it is.
        parent: the panel; the lifted row floats over its window.

    Attributes:
        held: where stops are held, or are about to be, global.
    """

    held = Signal(QPoint)

    def __init__(
        self,
        session: Session,
        draft: Draft,
        look: Callable[[str], StopRow | None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session, self._draft, self._look, self._panel = session, draft, look, parent
        self._targets: list[Target] = []
        self._lists: list[StopList] = []
        self._scrolled: list[RowList] = []
        self._source: StopList | None = None
        self._entered: StopList | None = None
        self._row: LiftedRow | None = None
        self._at, self._linger, self._why = QPoint(), ("", 0), ""
        self._lingering = QTimer(self)
        self._lingering.setSingleShot(True)
        self._lingering.setInterval(LINGER_MS)
        self._lingering.timeout.connect(self._on_lingered)
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(_SCROLL_MS)
        self._scrolling.timeout.connect(self._scroll)
        draft.changed.connect(self._on_draft_changed)

    def add_target(self, target: Target) -> None:
        """A place stops can be let go at."""
        self._targets.append(target)

    def add_list(self, rows: StopList, delegate: StopDelegate) -> None:
        """A list whose rows can be dragged."""
        self._lists.append(rows)
        rows.lift_wanted.connect(lambda ids, at: self._begin(rows, delegate, ids, at))
        rows.lift_moved.connect(self._move)
        rows.lift_ended.connect(self._end)
        rows.lift_cancelled.connect(self._draft.cancel_lift)
        rows.scrolled.connect(self._on_scrolled)

    def add_scrolled(self, rows: RowList) -> None:
        """A list of another kind that scrolls while stops are held at its edges."""
        self._scrolled.append(rows)
        rows.scrolled.connect(self._on_scrolled)

    # One drag

    def _begin(
        self, rows: StopList, delegate: StopDelegate, ids: Sequence[str], at: QPoint
    ) -> None:
        self.held.emit(at)
        if why := self._draft.lift(ids):
            rows.viewport().setCursor(Qt.CursorShape.ForbiddenCursor)
            QTimer.singleShot(LINGER_MS, rows.viewport(), rows.viewport().unsetCursor)
            QToolTip.showText(at, why, rows)
            self._draft.notice.emit(why)
            return
        self._source, ids = rows, self._draft.lifted
        rows.set_lifting(lifting=True)
        rows.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        window = self._panel.window()
        box = rows.row_box(ids[0])
        grip = window.mapFromGlobal(at)
        box.moveTopLeft(window.mapFromGlobal(rows.viewport().mapToGlobal(box.topLeft())))
        # Several rows hang from the pointer, wherever the first of them is.
        box.moveTop(min(max(box.top(), grip.y() - box.height() + 4), grip.y() - 4))
        self._row = LiftedRow(self._session, window)
        self._row.lift(box, grip, delegate, len(ids))
        self._row.show_row(self._look(ids[0]))
        self._scrolling.start()

    def _move(self, at: QPoint) -> None:
        self._at = at
        if self._row is not None:
            over = next((rows for rows in self._lists if holds(rows.viewport(), at)), None)
            self._entered = over or self._still_entered(at)
            self._row.follow(self._panel.window().mapFromGlobal(at), aside=over is None)
        self._hover()
        self.held.emit(at)

    def _still_entered(self, at: QPoint) -> StopList | None:
        """The list the pointer left last, until it is over a list of another kind."""
        return None if any(holds(rows, at) for rows in self._scrolled) else self._entered

    def _hover(self) -> None:
        """Try what letting go here would do."""
        stops = self._draft.lifted
        found = None
        for number, target in enumerate(self._targets):
            over = target.over(self._at, stops) if found is None else None
            if over is None:
                target.leave()
                continue
            found = over
            self._wait((over.linger, number))
        if found is None:
            self._wait(("", 0))
        self._say(found.why if found else "")
        self._draft.hover(found.gesture if found else None)

    def _say(self, why: str) -> None:
        """Why nothing can be let go here, beside the pointer."""
        if why != self._why:
            self._why = why
            QToolTip.showText(self._at, plain_tip(why) if why else "", self._panel)

    def _wait(self, linger: tuple[str, int]) -> None:
        if linger != self._linger:
            self._linger = linger
            self._lingering.stop()
            if linger[0]:
                self._lingering.start()

    def _on_lingered(self) -> None:
        name, number = self._linger
        if self._source is not None and name:
            self._targets[number].open(name)
            self._hover()

    def _end(self, at: QPoint) -> None:
        self._move(at)
        gesture = self._draft.hovering
        if gesture is None:
            self._draft.cancel_lift()
        else:
            self._draft.drop(gesture)

    def _on_scrolled(self) -> None:
        """Something else has come under the pointer."""
        if self._source is not None:
            self._hover()

    def _on_draft_changed(self) -> None:
        if self._source is None:
            return
        if not self._draft.lifted:
            self._finish()
        elif self._row is not None:
            self._row.show_row(self._look(self._draft.lifted[0]))

    def _finish(self) -> None:
        """Put everything back as it was before the drag."""
        source, row = self._source, self._row
        self._source = self._entered = self._row = None
        self._lingering.stop()
        self._scrolling.stop()
        self._say("")
        for target in self._targets:
            target.leave()
        if source is not None:
            source.set_lifting(lifting=False)
            source.viewport().unsetCursor()
        if row is not None:
            row.hide()
            row.deleteLater()

    def _scroll(self) -> None:
        """Scroll the list at whose edge the pointer is."""
        for rows in self._lists:
            # Beyond its edge only for who comes out of it, not on the way in.
            self._scroll_at_edge(rows, _EDGE_PX, 2 * _EDGE_PX if rows is self._entered else 0)
        for others in self._scrolled:
            self._scroll_at_edge(others, _NARROW_PX, 0)

    def _scroll_at_edge(self, rows: RowList, inside: int, outside: int) -> None:
        """Scroll a list while the pointer is so near to its edge, within it or beyond."""
        if not rows.isVisible() or not holds(rows.window(), self._at):
            return
        at, room = rows.viewport().mapFromGlobal(self._at), rows.viewport().rect()
        if not room.adjusted(0, -outside, 0, outside).contains(at):
            return
        bar = rows.verticalScrollBar()
        before = bar.value()
        bar.setValue(before + _step(at.y(), room.height(), inside))
        if bar.value() != before:
            rows.scrolled.emit()


def _step(y: int, height: int, edge: int) -> int:
    if y < edge:
        return -_STEP_PX
    return _STEP_PX if y > height - edge else 0
