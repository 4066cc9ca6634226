"""The changes of sequence this desktop committed, and what takes each back. Knows no widgets."""

import secrets
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from tower.domain.commands import Command, Handover, SequenceRoutes
from tower.domain.events import Event, RoutesSequenced
from tower.routes.change import UNASSIGNED, Arrange, Orders, changed_routes
from ui.draft.draft import Draft
from ui.draft.steps import Step, command_of, is_outcome, replayed
from ui.exchange import CommandResult
from ui.session import Session

_REMEMBERED = 200
"""Commands of our own told apart from other people's changes."""


class Commit:
    """A committed change of sequence, as it is taken back and done again.

    Attributes:
        words: what it is called.
        command: as it was sent first.
        before: the open orders of its routes before it; under `UNASSIGNED` the stops it took
            from there.
        after: likewise after it.
        handovers: the visits it needs, by the ids they have now.
        seen: all orders after it was last done or taken back.
        versions: versions of its routes then.
        foreign: how often others had changed its routes then.
    """

    def __init__(self, words: str, command: SequenceRoutes, before: Orders, after: Orders) -> None:
        self.words, self.command = words, command
        self.before, self.after = before, after
        self.handovers = command.handovers
        self.seen: Orders = {}
        self.versions: Mapping[str, int] = {}
        self.foreign: Mapping[str, int] = {}

    @property
    def routes(self) -> tuple[str, ...]:
        """Ids of the routes it is about."""
        return tuple(wish.route_id for wish in self.command.routes)


class _Sent(NamedTuple):
    """A commit being taken back, or done again.

    Attributes:
        back: it is taken back.
        orders: what its routes are to be afterwards.
        seq: place in the journal of what it became; 0 until the gateway answered.
    """

    commit: Commit
    back: bool
    orders: Orders
    handovers: tuple[Handover, ...]
    command: SequenceRoutes
    seq: int = 0


class Commits(QObject):
    """Takes commits back and does them again, each as a command against the newest versions.

    Attributes:
        failed: a `Commit`, whether it was to be taken back, and the gateway's `CommandResult`.
        done: a `Commit`, and whether it was taken back; else it was done again.
    """

    failed = Signal(object, bool, object)
    done = Signal(object, bool)

    def __init__(self, session: Session, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._draft = session, draft
        self._issued: deque[tuple[SequenceRoutes, Orders]] = deque(maxlen=_REMEMBERED)
        self._foreign: Counter[str] = Counter()
        self._versions: dict[str, int] = {}
        self._sent: _Sent | None = None
        session.command_issued.connect(self._on_command_issued)
        session.command_answered.connect(self._on_command_answered)
        session.live_events_arrived.connect(self._on_events_arrived)
        session.live_replaced.connect(self._on_state_replaced)

    @property
    def is_sending(self) -> bool:
        """True until what was sent last has arrived, or was refused."""
        return self._sent is not None

    def newest(self, words: str) -> Commit:
        """The change that was just committed.

        Args:
            words: what it is called.
        """
        command, orders = self._issued[-1]
        before = {wish.route_id: orders.get(wish.route_id, ()) for wish in command.routes}
        after = {wish.route_id: wish.stops for wish in command.routes}
        named = {stop_id for stops in after.values() for stop_id in stops}
        came = tuple(one for one in orders[UNASSIGNED] if one in named)
        left = tuple(one for stops in before.values() for one in stops if one not in named)
        commit = Commit(words, command, {**before, UNASSIGNED: came}, {**after, UNASSIGNED: left})
        self._settle(commit, command, after)
        return commit

    def step(self, commit: Commit, *, back: bool) -> Step:
        """What has to be done to take a commit back, or to do it again."""
        if back:
            return self._backwards(commit)
        fresh = {one.stop_id: f"handover-{secrets.token_hex(6)}" for one in commit.handovers}
        orders = {
            route_id: tuple(fresh.get(stop_id, stop_id) for stop_id in stops)
            for route_id, stops in commit.after.items()
        }
        visits = tuple(replace(one, stop_id=fresh[one.stop_id]) for one in commit.handovers)
        return Step(Arrange(orders=orders, title=f"do again: {commit.words}"), visits)

    def _backwards(self, commit: Commit) -> Step:
        stops = self._session.state.stops
        visits = tuple(
            one.stop_id
            for one in commit.handovers
            if one.stop_id in stops and not stops[one.stop_id].is_done
        )
        orders = {**commit.before, UNASSIGNED: (*commit.before[UNASSIGNED], *visits)}
        title = f"take back: {commit.words}"
        return Step(Arrange(orders=orders, title=title), cancels=visits)

    def is_overtaken(self, commit: Commit, *, back: bool) -> bool:
        """True where others changed its routes since, so that it must not be sent unseen."""
        stops, visits = self._session.state.stops, commit.handovers
        if back and any(one.stop_id in stops and stops[one.stop_id].is_done for one in visits):
            return True
        touched = self._touched(self.step(commit, back=back))
        return bool(self.overtaken(commit)) or not set(touched) <= set(commit.routes)

    def overtaken(self, commit: Commit) -> dict[str, int]:
        """Its routes that others changed since, with the versions they had before."""
        return {
            route_id: commit.versions[route_id]
            for route_id in commit.routes
            if self._foreign[route_id] != commit.foreign[route_id]
        }

    def send(self, commit: Commit, *, back: bool) -> None:
        """Take a commit back, or do it again."""
        session, step = self._session, self.step(commit, back=back)
        versions = {one: session.state.routes[one].version for one in self._touched(step)}
        if not versions:
            return
        command = command_of(session.state, self._wanted(step), versions, [step])
        if back:
            command = replace(command, reason=f"Taken back: {commit.words}")
        else:
            first = commit.command
            command = replace(command, reason=first.reason, override=first.override)
        orders = step.gesture.orders if isinstance(step.gesture, Arrange) else {}
        self._sent = _Sent(commit, back, orders, step.handovers, command)
        session.run(command)

    def _wanted(self, step: Step) -> Orders:
        return replayed(self._draft.base, [step], self._session.state).orders

    def _touched(self, step: Step) -> tuple[str, ...]:
        return changed_routes(self._draft.base, self._wanted(step))

    def _settle(self, commit: Commit, command: SequenceRoutes, orders: Orders) -> None:
        """The routes were left by a command as these orders say.

        Whoever changed them right after it may have arrived with it already.
        """
        routes = self._session.state.routes
        commit.seen = self._wanted(Step(Arrange(orders=dict(orders))))
        commit.versions = {
            **{one: routes[one].version for one in commit.routes},
            **{wish.route_id: wish.version + 1 for wish in command.routes},
        }
        commit.foreign = {one: self._foreign[one] for one in commit.routes}

    # Happenings

    def _on_command_issued(self, command: Command) -> None:
        if isinstance(command, SequenceRoutes):
            self._issued.append((command, self._draft.base))

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        sent = self._sent
        if sent is None or command is not sent.command:
            return
        if result.ok:
            self._sent = sent._replace(seq=result.seq)
            self._finish()
        else:
            self._sent = None
            self.failed.emit(sent.commit, sent.back, result)

    def _on_events_arrived(self, events: Iterable[Event]) -> None:
        for event in events:
            if not isinstance(event.body, RoutesSequenced):
                continue
            self._note(event.body)
            if self._sent is not None and is_outcome(self._sent.command, event.body):
                # It may be here before the answer.
                self._sent = self._sent._replace(seq=event.seq)
        self._finish()

    def _note(self, body: RoutesSequenced) -> None:
        is_own = any(is_outcome(command, body) for command, _ in self._issued)
        for sequence in body.routes:
            self._versions[sequence.route_id] = sequence.version
            if not is_own:
                self._foreign[sequence.route_id] += 1

    def _on_state_replaced(self) -> None:
        """What happened while nobody listened may have been anybody's."""
        for route in self._session.live_state.routes.values():
            if self._versions.get(route.id, route.version) != route.version:
                self._foreign[route.id] += 1
            self._versions[route.id] = route.version
        self._finish()

    def _finish(self) -> None:
        """Let go of what was sent once it has arrived."""
        sent = self._sent
        if sent is None or not sent.seq or self._session.live_state.seq < sent.seq:
            return
        self._sent, commit = None, sent.commit
        if not sent.back:
            commit.handovers, commit.after = sent.handovers, sent.orders
        self._settle(commit, sent.command, sent.orders)
        self.done.emit(commit, sent.back)
