"""The draft: gestures tried out on the newest orders, and what they would do. Knows no widgets."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from tower.domain.commands import Command, Handover, SequenceRoutes, SequenceWish
from tower.domain.events import Event, RoutesSequenced
from tower.domain.records import Stop, StopPlan
from tower.domain.state import Changed
from tower.domain.words import StopKind
from tower.routes.change import (
    UNASSIGNED,
    Arrange,
    Gesture,
    Move,
    Orders,
    changed_routes,
    replay,
    whole_order,
)
from tower.routes.evaluate import Prospect
from tower.routes.impact import Impact, impact
from ui.draft.base import BaseOrders
from ui.draft.cases import Cases
from ui.draft.outcome import INFEASIBLE, Conflict, Refusal
from ui.draft.prefetch import Prefetch
from ui.draft.travel import Travels
from ui.draft.words import ongoing, plain, route_words, stops_words, why_fixed
from ui.session import CommandResult, Session

_CONFLICT = 409


class Step(NamedTuple):
    """A gesture of the draft, and the visits it needs for taking over parcels."""

    gesture: Gesture
    handovers: tuple[Handover, ...] = ()


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
        self._base = BaseOrders(session.state)
        self._seen: Orders = self._base.orders
        self._steps: list[Step] = []
        self._undone: list[Step] = []
        self._lifted: tuple[str, ...] = ()
        self._hover: Gesture | None = None
        self._versions: dict[str, int] = {}
        self._sent: _Sent | None = None
        self._conflict: Conflict | None = None
        self._work_out()
        self._listen()

    def _listen(self) -> None:
        session = self._session
        session.state_replaced.connect(self._on_state_replaced)
        session.records_changed.connect(self._on_records_changed)
        session.events_arrived.connect(self._on_events_arrived)
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
        return self._base.orders

    @property
    def orders(self) -> Orders:
        """The orders after the gestures and what is hovered."""
        return self._orders

    @property
    def routes(self) -> frozenset[str]:
        """Ids of the routes whose order would be another."""
        return self._routes

    @property
    def impact(self) -> Impact | None:
        """What all of it does; None where nothing changes."""
        return self._impact

    @property
    def prospects(self) -> Mapping[str, Prospect]:
        """What each changed route comes to."""
        return self._prospects

    @property
    def headline(self) -> str:
        """`Moving stop 19 before 18 — preview, not sent`; "" where there is nothing to say."""
        if self._hover is not None:
            return f"{ongoing(self._session, self._hover)} — preview, not sent"
        if self._lifted and not self._steps:
            return f"Moving {stops_words(self._session, self._lifted)} — choose a place"
        if len(self._steps) > 1:
            return f"{len(self._steps)} changes — not sent"
        if self._steps:
            return f"{ongoing(self._session, self._steps[0].gesture)} — not sent"
        return ""

    def numbers(self, stop_id: str) -> tuple[int, int]:
        """A stop's number on the sheet now, and in the draft; 0 where it has none."""
        now = self._session.links.number_of_stop.get(stop_id, 0)
        return now, self._numbers.get(stop_id, now)

    def stop(self, stop_id: str) -> Stop | None:
        """A stop by id, those the draft would add included."""
        return self._session.state.stops.get(stop_id) or self._added.get(stop_id)

    def why_fixed(self, stop_id: str) -> str:
        """Why a stop cannot be moved, or ""."""
        return why_fixed(self._session, self.stop(stop_id))

    # Doing

    def lift(self, stop_ids: Sequence[str]) -> str:
        """Begin to drag stops.

        Returns:
            Why they cannot be moved, or "".
        """
        if why := self._why_not(stop_ids):
            return why
        self._lifted = tuple(dict.fromkeys(stop_ids))
        self._hover = None
        self._prefetch.lifted(self._orders, self._lifted)
        self._show()
        return ""

    def hover(self, gesture: Gesture | None) -> None:
        """Show what a gesture would do, without doing it; None shows the draft without it."""
        if gesture != self._hover:
            self._hover = gesture
            self._show()

    def drop(self, gesture: Gesture) -> None:
        """Make a gesture part of the draft; one that changes nothing is let go."""
        self._lifted, self._hover = (), None
        self._do(Step(gesture))

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
        why = self._why_not(moving) if moving else self._why_busy()
        if not why:
            if moving:
                self._prefetch.lifted(self._orders, moving)
            self.drop(gesture)
        return why

    def propose(self, arrange: Arrange, handovers: Sequence[Handover] = ()) -> str:
        """Make a whole new order part of the draft, as one gesture.

        Args:
            arrange: the new orders; stops that are to be added for `handovers` stand in them.
            handovers: visits for taking over parcels.

        Returns:
            Why it cannot be done, or "".
        """
        if why := self._why_busy():
            return why
        self._lifted, self._hover = (), None
        self._do(Step(arrange, tuple(handovers)))
        return ""

    def undo(self) -> bool:
        """Take the last gesture back; False where there is none."""
        if not self._steps or self._sent is not None:
            return False
        self._undone.append(self._steps.pop())
        self._hover = None
        self._show()
        return True

    def redo(self) -> bool:
        """Do the gesture taken back last again; False where there is none."""
        if not self._undone or self._sent is not None:
            return False
        self._steps.append(self._undone.pop())
        self._hover = None
        self._show()
        return True

    def discard(self) -> None:
        """Forget all gestures."""
        if self._sent is None:
            self._clear()
            self._show()

    def resolve(self, orders: Orders) -> None:
        """Let what was chosen in a conflict be the draft, against the routes as they stand now."""
        self._conflict, self._seen = None, self._base.orders
        self._versions = {}
        if orders == self._base.orders:
            self._clear()
        elif orders != self._after(self._steps):
            keep = {handover for step in self._steps for handover in step.handovers}
            ids = changed_routes(self._base.orders, orders)
            wanted = {route_id: orders[route_id] for route_id in (*ids, UNASSIGNED)}
            self._clear()
            step = Step(Arrange(orders=wanted, title="Resolved conflict"), tuple(keep))
            self._steps.append(step)
            self.gesture_added.emit(plain(self._session, step.gesture))
        self._show()

    def commit(self, reason: str = "", *, override: bool = False) -> None:
        """Send the draft as one command; `committed`, a refusal or a conflict follows.

        Args:
            reason: why, in words; with `override` it is needed.
            override: commit although hard constraints would be broken (a supervisor's right).
        """
        self.cancel_lift()
        if why := self._why_busy() or ("" if self._routes else "There is nothing to commit."):
            self.notice.emit(why)
        elif self._conflict is not None:
            self.conflict_found.emit(self._conflict)
        elif not override and (refusal := self._foreseen()) is not None:
            self.commit_refused.emit(refusal)
        else:
            command = self.command(reason, override=override)
            self._sent = _Sent(command, self._words())
            self.changed.emit()
            self._session.run(command)

    def command(self, reason: str = "", *, override: bool = False) -> SequenceRoutes:
        """The draft as a command against the versions it was made on."""
        state = self._session.state
        wishes = tuple(
            SequenceWish(
                route_id=route_id,
                version=self._versions.get(route_id, state.routes[route_id].version),
                stops=whole_order(state, state.routes[route_id], self._orders[route_id]),
            )
            for route_id in sorted(self._routes)
        )
        named = {stop_id for wish in wishes for stop_id in wish.stops}
        handovers = tuple(
            handover
            for step in self._steps
            for handover in step.handovers
            if handover.stop_id in named
        )
        return SequenceRoutes(routes=wishes, reason=reason, override=override, handovers=handovers)

    def _foreseen(self) -> Refusal | None:
        """The gateway's refusal where it is certain; estimates are left to the gateway's roads."""
        found = self._impact
        if found is None or not found.hard or found.estimated:
            return None
        words = "This breaks a constraint that only a supervisor may set aside, with a reason."
        return Refusal(status=0, error=INFEASIBLE, message=words, violations=found.hard)

    def _why_not(self, stop_ids: Sequence[str]) -> str:
        found = (self.why_fixed(stop_id) for stop_id in stop_ids)
        return self._why_busy() or next(filter(None, found), "")

    def _why_busy(self) -> str:
        return "The change before is still being sent." if self._sent is not None else ""

    def _do(self, step: Step) -> None:
        before = self._after(self._steps)
        if self._after([*self._steps, step]) == before:
            self._show()
            return
        self._steps.append(step)
        self._undone.clear()
        self._show()
        self.gesture_added.emit(plain(self._session, step.gesture))

    def _clear(self) -> None:
        had = bool(self._steps or self._undone)
        self._steps, self._undone = [], []
        self._lifted, self._hover, self._conflict = (), None, None
        self._versions = {}
        if had:
            self.emptied.emit()

    def _words(self) -> str:
        """What the draft is called once it is committed."""
        if len(self._steps) == 1:
            return plain(self._session, self._steps[0].gesture)
        names = [route_words(self._session, route_id) for route_id in sorted(self._routes)]
        return f"{len(self._steps)} changes on {', '.join(names[:3])}{' …' * (len(names) > 3)}"

    # Working out

    def _show(self) -> None:
        self._work_out()
        self.changed.emit()

    def _after(self, steps: Sequence[Step], base: Orders | None = None) -> Orders:
        """Orders after some steps."""
        return self._replayed(steps, base)[0]

    def _replayed(
        self, steps: Sequence[Step], base: Orders | None = None
    ) -> tuple[Orders, frozenset[str]]:
        orders = dict(self._base.orders if base is None else base)
        fresh = tuple(
            handover.stop_id
            for step in steps
            for handover in step.handovers
            if handover.stop_id not in self._session.state.stops
        )
        orders[UNASSIGNED] = (*orders.get(UNASSIGNED, ()), *fresh)
        done = replay(orders, [step.gesture for step in steps])
        unused = set(fresh)
        after = dict(done.orders)
        after[UNASSIGNED] = tuple(one for one in after[UNASSIGNED] if one not in unused)
        return after, done.dropped

    def _work_out(self) -> None:
        """Orders, numbers, prospects and their comparison, for all that is done and hovered."""
        steps = self._steps if self._hover is None else [*self._steps, Step(self._hover)]
        self._added = {stop.id: stop for stop in _added(self._steps)}
        self._orders = self._after(steps) if steps else self._base.orders
        self._routes = frozenset(changed_routes(self._base.orders, self._orders))
        self._note_versions()
        self._numbers = self._count()
        before, after = self._before(self._routes), self._prospects_of(self._orders, self._routes)
        both = before.keys() & after.keys()
        self._prospects = after
        self._impact = (
            impact(
                {route_id: before[route_id] for route_id in both},
                {route_id: after[route_id] for route_id in sorted(both)},
                self._taken(self._base.orders, self._orders),
            )
            if both
            else None
        )

    def _note_versions(self) -> None:
        """Remember the version each changed route had when the draft first changed it."""
        routes, known = self._session.state.routes, self._versions
        # What is only hovered is not held against anybody.
        names = self._routes if self._steps else ()
        self._versions = {
            route_id: known.get(route_id, routes[route_id].version) for route_id in names
        }

    def _count(self) -> dict[str, int]:
        """The number of every stop on a changed route, and 0 for those taken off."""
        found = {
            stop_id: 0
            for route_id in self._routes
            for stop_id in self._base.orders.get(route_id, ())
        }
        state = self._session.state
        for route_id in self._routes:
            order = whole_order(state, state.routes[route_id], self._orders[route_id])
            found.update((stop_id, number) for number, stop_id in enumerate(order, start=1))
        return found

    def _before(self, route_ids: Iterable[str]) -> dict[str, Prospect]:
        found = ((route_id, self.cases.present(route_id)) for route_id in route_ids)
        return {route_id: prospect for route_id, prospect in found if prospect is not None}

    def _prospects_of(self, orders: Orders, route_ids: Iterable[str]) -> dict[str, Prospect]:
        found = (
            (route_id, self.cases.prospect(route_id, self._stops(orders[route_id])))
            for route_id in sorted(route_ids)
        )
        return {route_id: prospect for route_id, prospect in found if prospect is not None}

    def _stops(self, ids: Iterable[str]) -> list[Stop]:
        return [stop for stop in map(self.stop, ids) if stop is not None and stop.plan is not None]

    def _taken(self, before: Orders, after: Orders) -> list[Stop]:
        """The stops that would be on no route any more."""
        loose = set(before[UNASSIGNED])
        return self._stops(stop_id for stop_id in after[UNASSIGNED] if stop_id not in loose)

    # Happenings

    def _on_state_replaced(self) -> None:
        self._base = BaseOrders(self._session.state)
        self.cases.renew_records()
        self._settle_commit()
        self._find_conflict("", "")
        self._show()

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        changed = tuple(changed)
        if not any(one.table in {"routes", "stops", "vehicles", "depots"} for one in changed):
            return
        self.cases.renew_records()
        self._base.take(changed)
        if not self._outdated():
            self._seen = self._base.orders
        if self._settle_commit() or self._is_in_use:
            self._show()

    def _on_events_arrived(self, events: Iterable[Event]) -> None:
        """Somebody's new sequence on a route of the draft."""
        for event in events:
            if isinstance(event.body, RoutesSequenced):
                self._find_conflict(event.actor.name or event.actor.id, event.body.reason)

    def _on_shapes_changed(self) -> None:
        self.cases.renew()
        self._refresh()

    def _on_travel_learnt(self) -> None:
        self.cases.renew_travel()
        self._refresh()

    def _on_ticked(self) -> None:
        firsts = {
            route_id: self._stops((*self.orders[route_id][:1], *self.base[route_id][:1]))
            for route_id in self._routes
        }
        self.cases.hold_fixes(firsts)
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
        self._sent = None
        if result.status == _CONFLICT:
            self.notice.emit(result.message)
            self._find_conflict("", "")
        else:
            self.commit_refused.emit(
                Refusal(
                    status=result.status,
                    error=result.error,
                    message=result.message,
                    violations=result.violations,
                )
            )
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

    def _find_conflict(self, who: str, why: str) -> None:
        """Compare the versions the draft was made on with those that stand."""
        if self._sent is None and self._steps and self._outdated():
            self._conflict = self._compare(self._seen, who, why)
            self.conflict_found.emit(self._conflict)

    def _outdated(self) -> list[str]:
        """Ids of the draft's routes that were put into another order since it was begun."""
        routes = self._session.state.routes
        return [
            route_id
            for route_id, version in self._versions.items()
            if route_id not in routes or routes[route_id].version != version
        ]

    def _compare(self, before: Orders, who: str, why: str) -> Conflict:
        theirs = self._base.orders
        mine, _ = self._replayed(self._steps, before)
        merged, dropped = self._replayed(self._steps)
        ids = {
            route_id
            for orders in (theirs, mine, merged)
            for route_id in changed_routes(before, orders)
            if route_id in before
        }
        return Conflict(
            routes=tuple(sorted(ids)),
            before=before,
            theirs=theirs,
            mine=mine,
            merged=merged,
            dropped=dropped,
            who=who,
            why=why,
            impact_of_theirs=self._impact_between(before, theirs, ids),
            impact_of_mine=self._impact_between(before, mine, ids),
            impact_of_merged=self._impact_between(before, merged, ids),
        )

    def _impact_between(self, before: Orders, after: Orders, ids: Iterable[str]) -> Impact:
        ids = tuple(ids)
        return impact(
            self._prospects_of(before, ids),
            self._prospects_of(after, ids),
            self._taken(before, after),
        )


def _added(steps: Iterable[Step]) -> Iterable[Stop]:
    """The visits of the draft's handovers, as the stops they would become."""
    return (
        Stop(
            id=one.stop_id,
            plan=StopPlan(
                id=one.stop_id,
                kind=StopKind.PICKUP,
                customer="Hand-over",
                address=one.address,
                lat=one.lat,
                lon=one.lon,
                service_s=one.service_s,
                collects=one.stops,
            ),
        )
        for step in steps
        for one in step.handovers
    )
