"""Where decisions are made, one at a time: commands, rules and manifests against one state."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec

from tower.carriers.tidy import tidied
from tower.domain.commands import AnyCommand, Command, SequenceRoutes
from tower.domain.events import Event
from tower.domain.messages import Message
from tower.domain.records import ExceptionRecord, Route
from tower.domain.reporting import ReportingEntry
from tower.domain.rulebook import Playbooks, PolicyEntry, Thresholds
from tower.domain.state import State
from tower.feed.clock import Clock
from tower.gateway.answers import (
    ExceptionConflict,
    Infeasible,
    MessageConflict,
    PlaybooksConflict,
    PolicyConflict,
    Problem,
    ReportingConflict,
    RouteConflict,
    ThresholdsConflict,
)
from tower.gateway.deciding.decisions import decide, refusal_event
from tower.gateway.deciding.verdicts import (
    Accepted,
    Objected,
    Outdated,
    Refused,
    Terms,
    Versioned,
)
from tower.gateway.judging import Sight
from tower.gateway.live_state import LiveState
from tower.gateway.signin import Grant
from tower.gateway.telling.answers import done
from tower.gateway.telling.drafts import NOTHING_TOLD, Telling
from tower.journal.errors import VersionConflict
from tower.journal.idempotency import IdempotencyRecord, KeyUsed, StoredAnswer
from tower.journal.port import Appender

_OK, _CONFLICT, _UNFIT = 200, 409, 422
_ATTEMPTS = 3
_AT_ONCE = 2_000
_decoder = msgspec.json.Decoder(AnyCommand)


class Reply(msgspec.Struct, frozen=True):
    """The answer to a command: HTTP status and JSON body."""

    status: int
    body: bytes


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A command as it was asked.

    Attributes:
        key: the caller's idempotency key; the same key is done once.
        if_match: version from the `If-Match` header, or None.
    """

    body: bytes
    key: str
    grant: Grant
    if_match: int | None = None

    @property
    def stored_key(self) -> str:
        """The key among all callers' keys."""
        return f"{self.grant.actor.id}:{self.key}"

    @property
    def digest(self) -> str:
        """Digest of what was asked."""
        return hashlib.sha256(self.body).hexdigest()


Survey = Callable[[SequenceRoutes], Awaitable[Sight]]
"""Finds out what the judgement of a change of sequence rests on; see `Surveyor.survey`."""


class Desk:
    """Makes decisions, one after the other, each on the state the one before left."""

    def __init__(
        self,
        live: LiveState,
        journal: Appender,
        clock: Clock,
        lease: timedelta,
        survey: Survey,
        telling: Telling = NOTHING_TOLD,
    ) -> None:
        self._live = live
        self._journal = journal
        self._clock = clock
        self._lease = lease
        self._survey = survey
        self._telling = telling
        self._turn = asyncio.Lock()

    async def record(self, choose: Callable[[State], list[Event]]) -> list[Event]:
        """Let `choose` decide on the newest state, and record what it says.

        Much of it is recorded in parts, so that what carriers report meanwhile gets in between.

        Returns:
            The events that were new, already folded.

        Raises:
            JournalError: nothing was recorded, or not all; saying the same again completes it.
        """
        async with self._turn:
            events = choose(self._live.state)
            new: list[Event] = []
            for start in range(0, len(events), _AT_ONCE):
                appended = self._journal.append(events[start : start + _AT_ONCE])
                new += await self._live.after_commit(appended)
            return new

    async def command(self, asked: Asked) -> Reply:
        """Carry out a command, once for its key.

        Raises:
            msgspec.DecodeError: the body is no command (`ValidationError` for a wrong shape).
            JournalError: the journal cannot write; nothing was done.
        """
        command: AnyCommand = tidied(_decoder.decode(asked.body))
        mismatch = _match_problem(command, asked.if_match)
        if mismatch:
            return _problem(_UNFIT, "version_mismatch", mismatch)
        sight = await self._sight(command, asked)
        async with self._turn:
            for _ in range(_ATTEMPTS):
                stored = self._journal.answer(asked.stored_key)
                if stored is not None:
                    return _again(stored, asked)
                try:
                    return await self._carry_out(command, asked, sight)
                except KeyUsed as used:
                    return _again(used.stored, asked)
                except VersionConflict as conflict:
                    # A rule's event overtook us between deciding and appending.
                    last = conflict
            return _problem(_CONFLICT, "outdated", str(last))

    async def _sight(self, command: AnyCommand, asked: Asked) -> Sight:
        """What there is to know before a decision; others have their turn while it is found."""
        if not isinstance(command, SequenceRoutes) or self._journal.answer(asked.stored_key):
            return Sight()
        return await self._survey(command)

    async def _carry_out(self, command: AnyCommand, asked: Asked, sight: Sight) -> Reply:
        now = self._clock.now()
        terms = Terms(
            grant=asked.grant,
            now=now,
            lease=self._lease,
            sight=sight,
            templates=self._telling.names,
            telling=self._telling,
        )
        verdict = decide(command, self._live.state, terms)
        if isinstance(verdict, Accepted):
            return await self._append(list(verdict.events), asked, _OK, _done)
        body = msgspec.json.encode(_refusal(verdict))
        status = _CONFLICT if isinstance(verdict, Outdated) else _UNFIT
        trace = refusal_event(command, verdict.message, terms)
        return await self._append([trace], asked, status, lambda _: body)

    async def _append(
        self,
        events: list[Event],
        asked: Asked,
        status: int,
        respond: Callable[[list[Event]], bytes],
    ) -> Reply:
        said: list[bytes] = []

        def keep(new: list[Event]) -> bytes:
            said[:] = [respond(new)]
            return said[0]

        record = IdempotencyRecord(
            key=asked.stored_key, request_hash=asked.digest, status=status, respond=keep
        )
        await self._live.after_commit(self._journal.append(events, key=record))
        return Reply(status, said[0])


def _done(new: list[Event]) -> bytes:
    return msgspec.json.encode(done(new))


def _again(stored: StoredAnswer, asked: Asked) -> Reply:
    if stored.request_hash == asked.digest:
        return Reply(stored.status, stored.response)
    return _problem(
        _UNFIT,
        "key_reused",
        "This Idempotency-Key was used for another command. Take a new key for a new command.",
    )


def _refusal(verdict: Outdated | Refused | Objected) -> Problem:
    if isinstance(verdict, Refused):
        return Problem(error="refused", message=verdict.message)
    if isinstance(verdict, Objected):
        return Infeasible(
            error="infeasible",
            message=verdict.message,
            violations=verdict.violations,
            estimated=verdict.estimated,
        )
    return _conflict(verdict)


def _conflict(verdict: Outdated) -> Problem:
    """The conflict, with the thing as it is now."""
    message, fresh = verdict.message, verdict.fresh
    if isinstance(fresh, Route):
        return RouteConflict(error="outdated", message=message, fresh=fresh, routes=verdict.routes)
    return _CONFLICTS[type(fresh)](error="outdated", message=message, fresh=fresh)


_CONFLICTS: dict[type[Versioned], Callable[..., Problem]] = {
    ExceptionRecord: ExceptionConflict,
    Message: MessageConflict,
    Thresholds: ThresholdsConflict,
    Playbooks: PlaybooksConflict,
    PolicyEntry: PolicyConflict,
    ReportingEntry: ReportingConflict,
}


def _problem(status: int, error: str, message: str) -> Reply:
    return Reply(status, msgspec.json.encode(Problem(error=error, message=message)))


def _match_problem(command: Command, if_match: int | None) -> str:
    if if_match is None:
        return ""
    versions = _versions(command)
    if versions == {if_match}:
        return ""
    named = ", ".join(str(version) for version in sorted(versions))
    return f"If-Match says version {if_match}, the command says {named}."


def _versions(command: Command) -> set[int]:
    if isinstance(command, SequenceRoutes):
        return {wish.version for wish in command.routes}
    return {int(getattr(command, "version", 0))}
