"""The draft: gestures tried out on the newest orders, and what they would do. Knows no widgets."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from tower.domain.commands import Command, Handover, SequenceRoutes
from tower.domain.events import Event, RoutesSequenced
from tower.domain.records import Stop
from tower.domain.state import Changed
from tower.routes.change import (
    UNASSIGNED,
    Arrange,
    Gesture,
    Move,
    Orders,
    changed_routes,
    loose_stops,
    open_order,
)
from tower.routes.evaluate import Prospect
from tower.routes.impact import Impact
from ui.draft import words
from ui.draft.base import BaseOrders
from ui.draft.cases import Cases
from ui.draft.footing import Footing
from ui.draft.outcome import INFEASIBLE, Refusal
from ui.draft.prefetch import Prefetch
from ui.draft.reckoning import Reckoner
from ui.draft.steps import Step, added, command_of, is_outcome, renewed, replayed, tried
from ui.draft.travel import Travels
from ui.exchange import CommandResult
from ui.session import PAST_WORDS, Session

LIFTED_TICKS = 5
"""Seconds after which what is being dragged is worked out anew while it rests."""

_CONFLICT = 409
_TABLES = frozenset({"routes", "stops", "vehicles", "depots"})


class _Sent(NamedTuple):
    """A command under way.

    Attributes:
        seq: place in the journal of what it became; 0 until the gateway answered.
    """

    command: SequenceRoutes
    words: str
    seq: int = 0


class Draft(QObject):
    """What the dispatcher is trying out.

    Gestures are kept as they were meant and done again on the newest state, so a stop that was
    served meanwhile simply stays where it is.

    Attributes:
        changed: gestures, hover, what they do or the numbers are new.
        gesture_added: words of a gesture that became part of the draft.
        emptied: the gestures can no longer be taken back one by one.
        commit_refused: a `Refusal`.
        conflict_found: a `Conflict`: somebody else changed a route of the draft.
        committed: words of what was committed.
        notice: why something could not be done, in words.
        travels: the travel times previews rest on.
        cases: the routes as they stand.
    """

    changed = Signal()
    gesture_added = Signal(str)
    emptied = Signal()
    commit_refused = Signal(object)
    conflict_found = Signal(object)
    committed = Signal(str)
    notice = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.travels = Travels(session, self)
        self.cases = Cases(session, self.travels)
        self._prefetch = Prefetch(session, self.travels, self.cases)
        self._reckoner = Reckoner(self.cases, self.stop)
        self._base = BaseOrders(session.state)
        self._begun: Orders = self._base.orders
        self._footing = Footing(session, self._reckoner, self._base.orders)
        self._steps: list[Step] = []
        self._undone: list[Step] = []
        self._added: Mapping[str, Stop] = {}
        self._lifted: tuple[str, ...] = ()
        self._hover: Gesture | None = None
        self._held_on: Orders = {}
        self._sent: _Sent | None = None
        self._ticks = 0
        self._by = ("", "")
        self._is_outdated = False
        self._unsure: _Sent | None = None
        self._work_out()
        self._listen()

    def _listen(self) -> None:
        session = self._session
        session.state_replaced.connect(self._on_state_replaced)
        session.records_changed.connect(self._on_records_changed)
        session.live_events_arrived.connect(self._on_events_arrived)
        session.shapes_changed.connect(self._on_shapes_changed)
        session.command_answered.connect(self._on_command_answered)
        session.selection_changed.connect(self._prefetch.selected)
        session.ticked.connect(self._on_ticked)
        self.travels.learnt.connect(self._on_travel_learnt)

    # Reading

    @property
    def gestures(self) -> tuple[Gesture, ...]:
        """What was done, in its order; hovering not included."""
        return tuple(step.gesture for step in self._steps)

    @property
    def hovering(self) -> Gesture | None:
        """What would be done if the pointer let go now."""
        return self._hover

    @property
    def lifted(self) -> tuple[str, ...]:
        """Ids of the stops being dragged."""
        return self._lifted

    @property
    def is_empty(self) -> bool:
        """True while nothing was done; hovering does not count."""
        return not self._steps

    @property
    def is_sending(self) -> bool:
        """True while a commit is under way."""
        return self._sent is not None

    @property
    def base(self) -> Orders:
        """The orders as they stand."""
        self._catch_up()
        return self._base.orders

    @property
    def orders(self) -> Orders:
        """The orders after the gestures and what is hovered."""
        self._catch_up()
        return self._picture.orders

    @property
    def arranged(self) -> Orders:
        """The orders after the gestures, what is hovered left out."""
        self._catch_up()
        return self._arranged

    def order_of(self, route_id: str) -> tuple[str, ...]:
        """The order of one route, hovering left out; of `UNASSIGNED` the stops on none."""
        if not self._is_outdated:
            return tuple(self._arranged.get(route_id, ()))
        state, route = self._session.state, self._session.state.routes.get(route_id)
        if route is None:
            return loose_stops(state) if route_id == UNASSIGNED else ()
        return open_order(state, route)

    @property
    def routes(self) -> frozenset[str]:
        """Ids of the routes whose order would be another."""
        return self._picture.routes

    @property
    def impact(self) -> Impact | None:
        """What all of it does; None where nothing changes."""
        return self._picture.impact

    @property
    def prospects(self) -> Mapping[str, Prospect]:
        """What each changed route comes to."""
        return self._picture.prospects

    @property
    def headline(self) -> str:
        """`Moving stop 19 before 18 — preview, not sent`; "" where there is nothing to say."""
        session, steps = self._session, self._steps
        if self._hover is not None and self.orders == self.arranged:
            return words.unmoved(session, self._hover)
        if self._hover is not None:
            return f"{words.ongoing(session, self._hover)} — preview, not sent"
        if self._lifted and not steps:
            return f"Moving {words.stops_words(session, self._lifted)} — choose a place"
        if len(steps) > 1:
            return f"{len(steps)} changes — not sent"
        return f"{words.ongoing(session, steps[0].gesture)} — not sent" if steps else ""

    def numbers(self, stop_id: str) -> tuple[int, int]:
        """A stop's number on the sheet now, and in the draft; 0 where it has none."""
        now = self._session.links.number_of_stop.get(stop_id, 0)
        return now, self._picture.numbers.get(stop_id, now)

    def stop(self, stop_id: str) -> Stop | None:
        """A stop by id, those the draft would add included."""
        return self._session.state.stops.get(stop_id) or self._added.get(stop_id)

    def why_stay(self) -> str:
        """Why the past must not be looked at now, or "": the draft is about what is so now."""
        if self._sent is not None:
            return "The change before is still being sent."
        if self._lifted:
            return "Put the stops down first."
        if self._steps:
            return "Commit or discard your changes first: they are about what is so now."
        return ""

    def why_fixed(self, stop_id: str) -> str:
        """Why a stop cannot be moved, or ""."""
        return words.why_fixed(self._session, self.stop(stop_id))

    def movable(self, stop_ids: Iterable[str]) -> tuple[str, ...]:
        """Of several stops those whose place is still open; all of them where none is."""
        wanted = tuple(dict.fromkeys(stop_ids))
        still_open = {one for order in self.arranged.values() for one in order}
        return tuple(one for one in wanted if one in still_open) or wanted

    # Doing

    def lift(self, stop_ids: Sequence[str]) -> str:
        """Begin to drag stops; of several those that are done stay where they are.

        Returns:
            Why they cannot be moved, or "".
        """
        stop_ids = self.movable(stop_ids)
        if why := self._why_not(stop_ids):
            return why
        self._lifted, self._hover = stop_ids, None
        self._held_on = self.arranged
        self._prefetch.lifted(self.orders, self._lifted)
        self._show()
        return ""

    def hover(self, gesture: Gesture | None) -> None:
        """Show what a gesture would do, without doing it; None shows the draft without it."""
        if not self._lifted:
            self._held_on = self.arranged
        if gesture is not None:
            gesture = renewed(gesture, self.arranged, self._held_on)
        if gesture != self._hover:
            self._hover = gesture
            self._show()

    def drop(self, gesture: Gesture) -> None:
        """Make a gesture part of the draft; one that changes nothing is let go."""
        self._do(Step(renewed(gesture, self.arranged, self._held_on)))

    def cancel_lift(self) -> None:
        """Put what was lifted back."""
        if self._lifted or self._hover is not None:
            self._lifted, self._hover = (), None
            self._show()

    def add(self, gesture: Gesture) -> str:
        """Lift and drop in one.

        Returns:
            Why it cannot be done, or "".
        """
        moving = gesture.stops if isinstance(gesture, Move) else ()
        if why := self._why_not(moving):
            return why
        self._prefetch.lifted(self.orders, moving)
        self._do(Step(gesture))
        return ""

    def propose(self, arrange: Arrange, handovers: Sequence[Handover] = ()) -> str:
        """Make a whole new order part of the draft, as one gesture.

        Args:
            arrange: the new orders; stops that are to be added for `handovers` stand in them.
            handovers: visits for taking over parcels.

        Returns:
            Why it cannot be done, or "".
        """
        if why := self._why_not(()):
            return why
        self._do(Step(arrange, tuple(handovers)))
        return ""

    def take_up(self, step: Step, seen: Orders, versions: Mapping[str, int]) -> str:
        """Make part of the draft what was meant for orders others have changed since.

        Where they did, a conflict is found.

        Args:
            step: what was meant.
            seen: all orders as they were then.
            versions: the versions routes had then that others changed since.

        Returns:
            Why it cannot be done, or "".
        """
        if why := self._why_not(()):
            return why
        if not self._steps:
            self._footing.seen = seen
        before = self._steps
        self._do(step)
        if self._steps is before:
            return "There is nothing to change: the routes are in that order already."
        self._footing.hold_older(versions)
        self._find_conflict()
        return ""

    def undo(self) -> bool:
        """Take the last gesture back; False where there is none."""
        return self._shift(self._steps, self._undone)

    def redo(self) -> bool:
        """Do the gesture taken back last again; False where there is none."""
        return self._shift(self._undone, self._steps)

    def discard(self) -> None:
        """Forget all gestures."""
        if self._sent is None:
            self._clear()
            self._show()

    def resolve(self, orders: Orders) -> None:
        """Let what was chosen in a conflict be the draft, against the routes as they stand now."""
        self._footing.begin_anew(self.base)
        if orders != self._done_again(self._steps):
            ids = (*changed_routes(self.base, orders), UNASSIGNED)
            wanted = Arrange(
                orders={route_id: orders[route_id] for route_id in ids}, title="resolved conflict"
            )
            handovers = tuple(one for step in self._steps for one in step.handovers)
            cancels = tuple(one for step in self._steps for one in step.cancels)
            self._clear()
            self._do(Step(wanted, handovers, cancels))
        elif orders == self.base:
            self._clear()
        self._show()

    def commit(self, reason: str = "", *, override: bool = False) -> None:
        """Send the draft as one command; `committed`, a refusal or a conflict follows.

        Args:
            reason: why, in words, or what was done where nobody says; with `override` it is needed.
            override: commit although hard constraints would be broken (a supervisor's right).
        """
        self.cancel_lift()
        if why := self._why_not(()) or ("" if self.routes else "There is nothing to commit."):
            self.notice.emit(why)
        elif self._footing.conflict is not None:
            self.conflict_found.emit(self._footing.conflict)
        elif not override and (refusal := self._foreseen()) is not None:
            self.commit_refused.emit(refusal)
        else:
            what = self._words()
            command = replace(self.command(), reason=reason or what, override=override)
            self._sent = _Sent(command, what)
            self.changed.emit()
            self._session.run(command)

    def command(self) -> SequenceRoutes:
        """The draft as a command against the versions it was made on."""
        return command_of(self._session.state, self.orders, self._footing.versions, self._steps)

    def _foreseen(self) -> Refusal | None:
        """The gateway's refusal where it is certain; estimates are left to the gateway's roads."""
        found = self.impact
        if found is None or not found.hard or found.estimated:
            return None
        says = "This breaks a constraint that only a supervisor may set aside, with a reason."
        return Refusal(status=0, error=INFEASIBLE, message=says, violations=found.hard)

    def _why_not(self, stop_ids: Iterable[str]) -> str:
        if self._session.past is not None:
            return PAST_WORDS
        if self._sent is not None:
            return "The change before is still being sent."
        return next(filter(None, map(self.why_fixed, stop_ids)), "")

    def _do(self, step: Step) -> None:
        """Make a step part of the draft, unless it changes nothing."""
        self._lifted, self._hover = (), None
        steps = [*self._steps, step]
        if not self._steps:
            self._begun = self.base
        if self._done_again(steps) == self._done_again(self._steps):
            self._show()
            return
        self._steps, self._undone = steps, []
        self._show()
        self.gesture_added.emit(words.plain(self._session, step.gesture))

    def _shift(self, source: list[Step], target: list[Step]) -> bool:
        if not source or self._sent is not None:
            return False
        target.append(source.pop())
        self._lifted, self._hover = (), None
        self._show()
        return True

    def _clear(self) -> None:
        had = bool(self._steps or self._undone)
        self._steps, self._undone = [], []
        self._lifted, self._hover = (), None
        self._footing.begin_anew(self.base)
        if had:
            self.emptied.emit()

    def _words(self) -> str:
        """What the draft is called once it is committed."""
        if len(self._steps) == 1:
            return words.plain(self._session, self._steps[0].gesture)
        names = [words.route_words(self._session, route_id) for route_id in sorted(self.routes)]
        return f"{len(self._steps)} changes on {', '.join(names[:3])}{' …' * (len(names) > 3)}"

    # Working out

    def _show(self) -> None:
        self._work_out()
        self.changed.emit()

    def _work_out(self) -> None:
        """What follows from all that is done and hovered."""
        self._added = added(self._steps)
        orders = self._done_again(self._steps)
        self._arranged = orders
        if self._hover is not None:
            self._hover = renewed(self._hover, orders, self._held_on)
            orders = tried(orders, self._hover)
        self._picture = self._reckoner.picture(self.base, orders)
        # What is only hovered is not held against anybody.
        self._footing.hold(self._picture.routes if self._steps else ())

    def _done_again(self, steps: Sequence[Step]) -> Orders:
        """Steps done again on the orders as they stand."""
        return replayed(self.base, steps, self._session.state, self._begun).orders

    # Happenings

    @property
    def _is_asleep(self) -> bool:
        """True while a moment of the past is shown: nothing is tried out, and few ask."""
        return self._session.past is not None and not (self._is_in_use or self._sent)

    def _catch_up(self) -> None:
        """Read the orders of the moment that is shown, for somebody who asks after all."""
        if self._is_outdated:
            self._is_outdated = False
            self._base = BaseOrders(self._session.state)
            self._footing.keep_up(self.base)
            self._work_out()

    def _on_state_replaced(self) -> None:
        self.cases.renew_state()
        self._is_outdated = self._is_asleep
        if self._is_outdated:
            self.changed.emit()
            return
        self._base = BaseOrders(self._session.state)
        self._settle_commit()
        self._show()
        self._find_conflict()

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        changed = tuple(changed)
        if not any(one.table in _TABLES for one in changed):
            return
        self.cases.renew_records(changed)
        if self._is_asleep:
            self._is_outdated = True
            return
        self._base.take(changed)
        self._footing.keep_up(self.base)
        self._let_go_of_fixed()
        if self._settle_commit() or self._is_in_use:
            self._show()
        else:
            self._work_out()

    def _let_go_of_fixed(self) -> None:
        """A driver who reaches a stop that is being dragged keeps it."""
        if why := next(filter(None, map(self.why_fixed, self._lifted)), ""):
            self.cancel_lift()
            self.notice.emit(why)

    def _on_events_arrived(self, events: Iterable[Event]) -> None:
        """Somebody's new sequence, or our own: it may be here before the answer, or without one."""
        for event in events:
            if not isinstance(event.body, RoutesSequenced):
                continue
            self._by = (event.actor.name or event.actor.id, event.body.reason)
            ours = self._sent or self._unsure
            if ours is not None and is_outcome(ours.command, event.body):
                self._sent, self._unsure = ours._replace(seq=event.seq), None
                self._settle_commit()
                self._show()
        self._find_conflict()

    def _on_shapes_changed(self) -> None:
        self.cases.renew()
        self._refresh()

    def _on_travel_learnt(self) -> None:
        self.cases.renew_travel()
        self._refresh()

    def _on_ticked(self) -> None:
        """Time goes on, also for what is tried out; in a drag it goes in steps of its own."""
        self._ticks += 1
        if self._lifted and self._ticks % LIFTED_TICKS:
            return
        if not self._is_in_use:
            self.travels.renew()
        self.cases.hold_fixes(
            {
                route_id: self._reckoner.stops(
                    {*self.orders[route_id][:1], *self.base[route_id][:1]}
                )
                for route_id in self.routes
            }
        )
        self.cases.renew()
        self._refresh()

    def _refresh(self) -> None:
        if self._is_in_use:
            self._show()

    @property
    def _is_in_use(self) -> bool:
        return bool(self._steps or self._lifted or self._hover is not None)

    # Committing

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        if self._sent is None or command is not self._sent.command:
            return
        if result.ok:
            self._sent = self._sent._replace(seq=result.seq)
            if self._settle_commit():
                self._show()
            return
        sent, self._sent = self._sent, None
        if result.status == _CONFLICT:
            # The change that was faster arrives on the event socket, or is here already.
            self.notice.emit(result.message)
            self._find_conflict()
        else:
            self._unsure = sent if result.status == 0 else None
            self.commit_refused.emit(_refusal(result))
        self.changed.emit()

    def _settle_commit(self) -> bool:
        """Let go of the draft once what it became has arrived."""
        sent = self._sent
        if sent is None or not sent.seq or self._session.state.seq < sent.seq:
            return False
        self._sent = None
        self._clear()
        self.committed.emit(sent.words)
        return True

    def _find_conflict(self) -> None:
        """Compare the versions the draft was made on with those that stand."""
        if self._sent is not None or not self._steps:
            return
        found = self._footing.find_conflict(self.base, self._begun, self._steps, self._by)
        if found is not None:
            self.conflict_found.emit(found)


def _refusal(result: CommandResult) -> Refusal:
    return Refusal(
        status=result.status,
        error=result.error,
        message=result.message,
        violations=result.violations,
    )
