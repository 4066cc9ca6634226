"""One search for a better order at the gateway: started, watched, cancelled. Knows no widgets."""

from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import quote

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from tower.domain.state import Changed
from tower.gateway.answers import (
    Offer,
    OptimisationAnswer,
    OptimisationStarted,
    OptimisationState,
    OptimisationWish,
)
from tower.routes.weights import Weights
from ui.exchange import Answer
from ui.proposals.scope import Scope
from ui.proposals.wire import (
    ACCEPTED,
    NOT_FOUND,
    OK,
    OPTIMISATIONS,
    TOO_MANY,
    WireError,
    read,
)
from ui.session import Session

POLL_MS = 400
"""How often the gateway is asked how the search stands, milliseconds."""

PATIENCE = 8
"""So many questions in a row may stay without an answer before the search counts as lost."""

QUEUE_MS, LONGEST_QUEUE = 1000, 60
"""Where others search just now it is tried again so often, milliseconds, and so many times."""

LOST = "the gateway does not know this search any more; it was restarted"


class SearchState(StrEnum):
    """How far a search has come."""

    IDLE = "idle"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Search(QObject):
    """Asks the gateway for a better order and keeps the best one it has found.

    Attributes:
        state: how far it has come.
        doing: what the gateway says it is doing, in words.
        trouble: why it failed, or why nothing is heard just now, in words; "" for neither.
        elapsed_s: seconds the search has taken.
        progress: share of its time that is over, 0 to 1.
        offer: the best orders so far; None before anything better was found.
        scope: what it is about; None before the first start.
        outdated: ids of its routes whose order was changed since it began.
        changed: any of these is new.
        ended: the search is over, however it went.
    """

    changed = Signal()
    ended = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._id, self._turn, self._unheard = session, "", 0, 0
        self.state, self.doing, self.trouble = SearchState.IDLE, "", ""
        self.elapsed_s, self.progress = 0.0, 0.0
        self.offer: Offer | None = None
        self.scope: Scope | None = None
        self.outdated: frozenset[str] = frozenset()
        self._versions: Mapping[str, int] = {}
        self._wants_end = False
        self._poll = QTimer(self)
        self._poll.setSingleShot(True)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._ask)
        self._queue = QTimer(self)
        self._queue.setSingleShot(True)
        self._queue.setInterval(QUEUE_MS)
        self._queue.timeout.connect(self._begin)
        self._wish = OptimisationWish()
        session.records_changed.connect(self._on_records_changed)
        session.state_replaced.connect(self._note_outdated)

    @property
    def is_running(self) -> bool:
        """True until it is over."""
        return self.state is SearchState.RUNNING

    def start(self, scope: Scope, weights: Weights) -> None:
        """Begin anew; a search that still runs is cancelled."""
        self.cancel()
        self._turn += 1
        self._id, self._unheard, self._wants_end = "", 0, False
        self.state, self.doing, self.trouble = SearchState.RUNNING, "", ""
        self.scope = scope
        self.elapsed_s, self.progress, self.offer = 0.0, 0.0, None
        self.outdated, self._versions = frozenset(), self._versions_of(scope.routes)
        self._wish = OptimisationWish(
            routes=scope.routes,
            weights=weights,
            stops=scope.stops,
            loose=scope.loose,
            out_of_service=scope.out_of_service,
        )
        self._begin()
        self.changed.emit()

    def _begin(self) -> None:
        turn = self._turn
        self._session.ask(
            OPTIMISATIONS,
            lambda answer: self._on_started(turn, answer),
            body=msgspec.json.encode(self._wish),
        )

    def cancel(self) -> None:
        """End the search; the best it has found so far stays."""
        if not self.is_running or self._wants_end:
            return
        self._wants_end = True
        if self._id:
            self._send_cancel()
        elif self._queue.isActive():
            self._queue.stop()
            self._end(SearchState.CANCELLED)

    @property
    def is_ending(self) -> bool:
        """True while the gateway was asked to end it."""
        return self.is_running and self._wants_end

    def _send_cancel(self) -> None:
        turn = self._turn
        path = f"{OPTIMISATIONS}/{quote(self._id, safe='')}/cancel"
        self._session.ask(path, lambda answer: self._on_state(turn, answer), body=b"{}")
        self.changed.emit()

    # Answers

    def _on_started(self, turn: int, answer: Answer) -> None:
        try:
            started = read(answer.body, OptimisationStarted) if answer.status == ACCEPTED else None
        except WireError as error:
            answer, started = Answer(status=answer.status, message=str(error)), None
        if started is None:
            if turn == self._turn:
                self._on_not_started(answer)
            return
        if turn != self._turn:
            # Another search took its place before this one had a name.
            path = f"{OPTIMISATIONS}/{quote(started.id, safe='')}/cancel"
            self._session.ask(path, lambda _answer: None, body=b"{}")
            return
        self._id, self._unheard, self.trouble = started.id, 0, ""
        if self._wants_end:
            self._send_cancel()
        else:
            self._ask()

    def _on_not_started(self, answer: Answer) -> None:
        """Others search just now: wait for one of them to end; else it failed."""
        self._unheard += 1
        if answer.status != TOO_MANY or self._unheard > LONGEST_QUEUE:
            self._fail(answer.message or f"the gateway said {answer.status}")
        elif self._wants_end:
            self._end(SearchState.CANCELLED)
        else:
            self.trouble = "waiting for another search to end"
            self._queue.start()
            self.changed.emit()

    def _ask(self) -> None:
        turn, path = self._turn, f"{OPTIMISATIONS}/{quote(self._id, safe='')}"
        self._session.ask(path, lambda answer: self._on_state(turn, answer))

    def _on_state(self, turn: int, answer: Answer) -> None:
        if turn != self._turn or not self.is_running:
            return
        if answer.status == NOT_FOUND:
            self._fail(LOST)
        elif answer.status != OK:
            self._on_silence(answer)
        else:
            try:
                self._take(read(answer.body, OptimisationAnswer))
            except WireError as error:
                self._fail(str(error))

    def _on_silence(self, answer: Answer) -> None:
        self._unheard += 1
        self.trouble = answer.message or f"the gateway said {answer.status}"
        if self._unheard >= PATIENCE:
            self._fail(self.trouble)
        else:
            self._poll.start()
            self.changed.emit()

    def _take(self, heard: OptimisationAnswer) -> None:
        self._unheard, self.doing, self.trouble = 0, heard.words, ""
        self.elapsed_s, self.progress = heard.elapsed_s, heard.progress
        if heard.offer is not None and heard.offer != self.offer:
            self.offer, self._versions = heard.offer, heard.offer.versions
            self._note_outdated()
        if heard.state is OptimisationState.RUNNING:
            self._poll.start()
            self.changed.emit()
        elif heard.state is OptimisationState.FAILED:
            self._fail(heard.words or "the search broke off")
        else:
            is_done = heard.state is OptimisationState.DONE
            self._end(SearchState.DONE if is_done else SearchState.CANCELLED)

    def _fail(self, why: str) -> None:
        self.trouble = why
        self._end(SearchState.FAILED)

    def _end(self, state: SearchState) -> None:
        self._poll.stop()
        self._queue.stop()
        self.state = state
        self.changed.emit()
        self.ended.emit()

    # What happens meanwhile

    def _versions_of(self, route_ids: tuple[str, ...]) -> dict[str, int]:
        routes = self._session.state.routes
        return {one: routes[one].version for one in route_ids if one in routes}

    def _on_records_changed(self, changed: frozenset[Changed]) -> None:
        if any(one.table == "routes" and one.id in self._versions for one in changed):
            self._note_outdated()

    def _note_outdated(self) -> None:
        now = self._versions_of(tuple(self._versions))
        seen = self._versions
        outdated = frozenset(one for one in seen if now.get(one) != seen[one])
        if outdated != self.outdated:
            self.outdated = outdated
            self.changed.emit()
