"""A step that moves the stop: tried out in the draft, seen in the sheet, sent when committed."""

from typing import NamedTuple

from PySide6.QtCore import QTimer

from tower.domain.records import Stop
from tower.routes.change import UNASSIGNED, Move
from ui.draft.bestplace import best_place
from ui.draft.draft import Draft
from ui.outreach.pane import Pane
from ui.outreach.playbook import Case
from ui.routes.previewbox import PreviewBox
from ui.session import Session

_TALL_PX = 150


class _Wanted(NamedTuple):
    """An earlier place being looked for.

    Attributes:
        rest: the open stops of the route without the one to be moved.
        latest: the last place that is earlier than the one it has.
    """

    route_id: str
    stop: Stop
    rest: tuple[Stop, ...]
    latest: int


class MovePane(Pane):
    """Makes a gesture part of the draft and shows what it does; Enter commits, Escape takes back.

    Attributes:
        preview: what the draft does, in words.
        commit_button: sends the draft.
    """

    def __init__(self, session: Session, draft: Draft) -> None:
        super().__init__(session.theme, "Move")
        self._session, self._draft = session, draft
        self._wanted: _Wanted | None = None
        self._move: Move | None = None
        self.preview = PreviewBox(session, draft)
        self.preview.most_px = _TALL_PX
        self.preview.is_brief = True
        self.preview.stop_chosen.connect(lambda stop_id: session.select("stop", stop_id))
        self.body.addWidget(self.preview)
        self.commit_button = self.add_button("Commit  Enter", self.accept_step, primary=True)
        self.add_button("Take back  Esc", self.close_pane)
        self.end_buttons()
        draft.changed.connect(self._on_draft_changed)
        draft.notice.connect(self._on_notice)

    def open_earlier(self, case: Case) -> None:
        """Try the stop at the best place before the one it has."""
        self._begin("Serve earlier", case.stop)
        self._wanted = wanted = _wanted(self._draft, case)
        route = self._draft.cases.case(wanted.route_id) if wanted else None
        if wanted is None or route is None:
            self.trouble.say("There is no earlier place on its route.")
            return
        table = self._draft.travels.table(route.profile)
        rest, moving, latest = wanted.rest, (wanted.stop,), wanted.latest
        self._session.compute(
            lambda: best_place(route, rest, moving, table, latest),
            lambda place: self._on_place_found(wanted, place),
        )

    def open_return(self, case: Case) -> None:
        """Try the stop off its route: its parcels go back to the depot."""
        self._begin("Return to depot", case.stop)
        if case.stop is not None:
            self._try(Move(stops=(case.stop.id,), route_id=UNASSIGNED))

    def accept_step(self) -> None:
        """Send the draft, all of it."""
        if self.commit_button.isEnabled():
            self._draft.commit()

    def close_pane(self) -> None:
        """Forget the gesture, unless it was sent."""
        self._wanted = None
        move, self._move = self._move, None
        if move is not None and self._draft.gestures[-1:] == (move,):
            self._draft.undo()
        super().close_pane()

    def _begin(self, title: str, stop: Stop | None) -> None:
        self._move = None
        self.title.say(title)
        self.trouble.say("")
        self.commit_button.setEnabled(False)
        self.show()
        self.setFocus()
        if stop is not None:
            self._session.select("stop", stop.id)

    def _on_place_found(self, wanted: _Wanted, place: int) -> None:
        if wanted is self._wanted and not self.isHidden():
            before = wanted.rest[place].id
            self._try(Move(stops=(wanted.stop.id,), route_id=wanted.route_id, before=before))

    def _try(self, move: Move) -> None:
        before = len(self._draft.gestures)
        why = self._draft.add(move)
        is_new = len(self._draft.gestures) > before
        self._move = move if is_new else None
        self.trouble.say(why or ("" if is_new else "It stands there already."))
        self.preview.refresh()
        self.commit_button.setEnabled(is_new)
        if is_new:
            self.commit_button.setFocus()

    def _on_draft_changed(self) -> None:
        """Whoever sends the gesture or takes it back elsewhere is done here, too."""
        if self._move is not None and self._draft.is_empty and not self._draft.is_sending:
            self._move = None
            QTimer.singleShot(0, self, self.close_pane)

    def _on_notice(self, words: str) -> None:
        if self._move is not None:
            self.trouble.say(words)


def _wanted(draft: Draft, case: Case) -> _Wanted | None:
    """The earlier places there are for a stop; None where there is none."""
    if case.stop is None or case.route is None:
        return None
    order = draft.arranged.get(case.route.id, ())
    rest = [draft.stop(stop_id) for stop_id in order if stop_id != case.stop.id]
    known = tuple(stop for stop in rest if stop is not None and stop.plan is not None)
    if case.stop.id not in order or len(known) != len(rest):
        return None
    latest = order.index(case.stop.id) - 1
    return _Wanted(case.route.id, case.stop, known, latest) if latest >= 0 else None
