"""The other end of a session's commands: the gateway's own decisions, on a state of their own."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from tests.ui.example_shift import NOON, event, example_state
from tower.domain.commands import AnyCommand, Command, SequenceRoutes, SequenceWish
from tower.domain.events import AnyBody, Event
from tower.domain.fold import apply
from tower.domain.records import Actor, Subject
from tower.gateway.deciding.decisions import decide
from tower.gateway.deciding.verdicts import Accepted, Objected, Outdated, Terms, Verdict
from tower.gateway.signin import Grant, Role
from ui.exchange import CommandResult
from ui.session import Session

ANN = Grant(actor=Actor(kind="person", id="operator", name="Ann"), role=Role.DISPATCHER)
BEN = Grant(actor=Actor(kind="person", id="ben", name="B. Example"), role=Role.DISPATCHER)
SUE = Grant(actor=Actor(kind="person", id="operator", name="Sue"), role=Role.SUPERVISOR)

_LEASE = timedelta(seconds=120)


class DecidingGateway:
    """Decides what a session commands, and tells it what happens; each only when asked to.

    Attributes:
        grant: who sits at the session.
        state: the gateway's.
        waiting: commands not answered yet.
        untold: events the session has not heard of yet.
    """

    def __init__(self, session: Session, grant: Grant = ANN) -> None:
        self._session, self.grant, self.state = session, grant, example_state()
        self._now = NOON
        self.untold: list[Event] = []
        self.waiting: list[Command] = []
        session.command_issued.connect(self.waiting.append)

    def answer(self) -> None:
        """Decide what waits; the answers come before the events, as they may."""
        while self.waiting:
            command = self.waiting.pop(0)
            assert isinstance(command, AnyCommand)
            verdict = self._decided(command, self.grant)
            self._session.answer(command, self._result(verdict))

    def decide_unanswered(self) -> None:
        """Decide what waits, as `answer`; the answers are still on their way."""
        while self.waiting:
            command = self.waiting.pop(0)
            assert isinstance(command, AnyCommand)
            self._decided(command, self.grant)

    def tell(self) -> None:
        """Let the session hear of everything that happened."""
        told, self.untold = self.untold, []
        self._session.fold_events(told)

    def serve(self) -> None:
        """Answer and tell until there is nothing left to do."""
        while self.waiting or self.untold:
            self.answer()
            self.tell()

    def happens(self, body: AnyBody, *, stop: str = "", route: str = "") -> None:
        """Something is observed; the session does not hear of it yet."""
        now = self._passes()
        self._record([event(body, Subject(stop_id=stop, route_id=route), at=now)])

    def others_sequence(self, orders: dict[str, Iterable[str]], by: Grant = BEN) -> Verdict:
        """Somebody at another desktop commits an order; the session does not hear of it yet."""
        wishes = tuple(
            SequenceWish(
                route_id=route_id,
                version=self.state.routes[route_id].version,
                stops=tuple(stops),
            )
            for route_id, stops in orders.items()
        )
        return self._decided(SequenceRoutes(routes=wishes, reason="their reason"), by)

    def others_do(self, command: AnyCommand, by: Grant = BEN) -> Verdict:
        """Somebody at another desktop commands something; the session does not hear of it yet."""
        return self._decided(command, by)

    def observes(self, *events: Event) -> None:
        """Something is observed; the session does not hear of it yet."""
        self._record(events)

    def _decided(self, command: AnyCommand, by: Grant) -> Verdict:
        verdict = decide(command, self.state, Terms(grant=by, now=self._passes(), lease=_LEASE))
        if isinstance(verdict, Accepted):
            self._record(verdict.events)
        return verdict

    def _passes(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    def _record(self, events: Iterable[Event]) -> None:
        for one in events:
            numbered = replace(one, seq=self.state.seq + 1)
            apply(self.state, numbered)
            self.untold.append(numbered)

    def _result(self, verdict: Verdict) -> CommandResult:
        if isinstance(verdict, Accepted):
            return CommandResult(status=200, seq=self.state.seq)
        if isinstance(verdict, Outdated):
            return CommandResult(status=409, error="outdated", message=verdict.message)
        if isinstance(verdict, Objected):
            return CommandResult(
                status=422,
                error="infeasible",
                message=verdict.message,
                violations=verdict.violations,
            )
        return CommandResult(status=422, error="refused", message=verdict.message)
