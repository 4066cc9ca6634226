"""What a person may ask the gateway to do.

A command is checked against the state and the version it was made against, becomes an event in
the journal or is refused with a reason, and never changes anything else.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from tower.domain.records import StopChanges
from tower.domain.reporting import Reporting
from tower.domain.rulebook import OutreachPolicy, Playbook, Threshold
from tower.domain.words import Awaited, Channel, ClaimKind, ClaimOutcome, Disposition

Id = Annotated[str, Meta(max_length=256)]
Words = Annotated[str, Meta(max_length=2000)]


class Command(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """Base of every command; the tag is an order."""


class ClaimException(Command, frozen=True, kw_only=True, tag="claim_exception"):
    """Take an exception; the claim is a lease that lapses when its holder falls silent."""

    exception_id: Id
    version: int


class ReleaseException(Command, frozen=True, kw_only=True, tag="release_exception"):
    """Give a claimed exception back to the queue."""

    exception_id: Id
    version: int


class AssignException(Command, frozen=True, kw_only=True, tag="assign_exception"):
    """Ask somebody to look at an exception; "" asks nobody in particular.

    Attributes:
        to: id of the person.
        to_name: what colleagues read.
    """

    exception_id: Id
    version: int
    to: Id
    to_name: Id = ""


class SnoozeException(Command, frozen=True, kw_only=True, tag="snooze_exception"):
    """Put an exception aside until a time, or until something happens if that is sooner.

    Attributes:
        until: it comes back then at the latest, UTC.
        awaits: what brings it back sooner.
    """

    exception_id: Id
    version: int
    until: datetime
    awaits: Awaited | None = None
    reason: Words = ""


class WakeException(Command, frozen=True, kw_only=True, tag="wake_exception"):
    """Bring a snoozed exception back at once."""

    exception_id: Id
    version: int


class EscalateException(Command, frozen=True, kw_only=True, tag="escalate_exception"):
    """Ask a supervisor to look at an exception; it goes back to the queue."""

    exception_id: Id
    version: int
    reason: Words = ""


class MergeException(Command, frozen=True, kw_only=True, tag="merge_exception"):
    """Close an exception as a duplicate of another.

    Attributes:
        into: the other, which must be open.
    """

    exception_id: Id
    version: int
    into: Id


class NoteException(Command, frozen=True, kw_only=True, tag="note_exception"):
    """Write something down about an exception; everybody may, whoever holds it."""

    exception_id: Id
    words: Annotated[str, Meta(min_length=1, max_length=2000)]


class ResolveException(Command, frozen=True, kw_only=True, tag="resolve_exception"):
    """Close an exception with its cause."""

    exception_id: Id
    version: int
    cause: Words = ""
    disposition: Disposition = Disposition.DONE


class ReopenException(Command, frozen=True, kw_only=True, tag="reopen_exception"):
    """Put a resolved exception back into the queue."""

    exception_id: Id
    version: int


class SequenceWish(msgspec.Struct, frozen=True, kw_only=True):
    """The order wanted for one route, and the version it was looked at in."""

    route_id: Id
    version: int
    stops: tuple[Id, ...]


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """A visit to be made so that a vehicle takes over parcels from another, or from a depot.

    Attributes:
        stop_id: id the new stop is to have; it stands in the wish of the route that collects.
        lat: where the parcels are met, degrees; lon likewise.
        stops: the stops whose parcels are taken over.
        address: where that is, in words.
        service_s: seconds it takes.
    """

    stop_id: Id
    lat: float
    lon: float
    stops: tuple[Id, ...]
    address: Words = ""
    service_s: float = 120.0


class SequenceRoutes(Command, frozen=True, kw_only=True, tag="sequence_routes"):
    """Set the order of one or more routes together; stops left out become unassigned.

    Attributes:
        override: carry it out although hard constraints are broken; a supervisor's right, and
            only with a reason.
        handovers: visits to be added; each is a new stop.
        cancels: visits that are not needed any more; each is left off every route and cancelled.
    """

    routes: tuple[SequenceWish, ...]
    reason: Words = ""
    override: bool = False
    handovers: tuple[Handover, ...] = ()
    cancels: tuple[Id, ...] = ()


class LockStops(Command, frozen=True, kw_only=True, tag="lock_stops"):
    """Lock stops where they are because they are promised, or release them."""

    stops: tuple[Id, ...]
    locked: bool = True
    reason: Words = ""


class AmendStop(Command, frozen=True, kw_only=True, tag="amend_stop"):
    """Write down what was agreed about a stop: a gate code, a safe place, a window, a place.

    Attributes:
        because: why, in words.
        reply_id: the customer's reply it rests on, which counts as dealt with then.
    """

    stop_id: Id
    changes: StopChanges
    because: Words = ""
    reply_id: Id = ""


class SetThresholds(Command, frozen=True, kw_only=True, tag="set_thresholds"):
    """Set every threshold that differs from its rule's own; a supervisor's right."""

    version: int
    thresholds: Annotated[tuple[Threshold, ...], Meta(max_length=500)]


class SetPlaybooks(Command, frozen=True, kw_only=True, tag="set_playbooks"):
    """Set the playbooks; a supervisor's right."""

    version: int
    playbooks: Annotated[tuple[Playbook, ...], Meta(max_length=50)]


class SetOutreachPolicy(Command, frozen=True, kw_only=True, tag="set_outreach_policy"):
    """Set when customers may be written to, and how; a supervisor's right."""

    version: int
    policy: OutreachPolicy


class MessageWish(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing to tell the customer of one stop.

    Attributes:
        template: name of the template, "" for `words`.
        words: what to say instead of the template's words, "" for those.
        channel: the only channel to use, None for those the customer prefers.
        language: "" for the customer's.
        options: what the template asks besides the case itself, such as the slots offered.
    """

    stop_id: Id
    exception_id: Id = ""
    template: Id = ""
    words: Words = ""
    channel: Channel | None = None
    language: Annotated[str, Meta(max_length=16)] = ""
    options: Annotated[dict[Id, Annotated[str, Meta(max_length=400)]], Meta(max_length=20)] = {}


class SendMessages(Command, frozen=True, kw_only=True, tag="send_messages"):
    """Tell customers something; whom the policy forbids to tell is left out, with the reason."""

    messages: Annotated[tuple[MessageWish, ...], Meta(min_length=1, max_length=500)]


class SettleMessage(Command, frozen=True, kw_only=True, tag="settle_message"):
    """Decide about a message of which nobody knows whether it was sent, or that failed.

    Attributes:
        again: send it again, at the risk of saying it twice; else it is left as it is.
    """

    message_id: Id
    version: int
    again: bool


class CancelMessage(Command, frozen=True, kw_only=True, tag="cancel_message"):
    """Do not send a message that has not left yet."""

    message_id: Id
    version: int


class SeeReplies(Command, frozen=True, kw_only=True, tag="see_replies"):
    """Replies were read, or dealt with.

    Attributes:
        deed: what was done about them, in words; "" where they were only read.
    """

    replies: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=500)]
    deed: Words = ""


class SetConsent(Command, frozen=True, kw_only=True, tag="set_consent"):
    """Write down that somebody wants to be written to at an address, or not any more.

    Attributes:
        words: how they let us know.
    """

    address: Annotated[str, Meta(min_length=3, max_length=320)]
    allowed: bool
    words: Words = ""


class FileClaim(Command, frozen=True, kw_only=True, tag="file_claim"):
    """Write down that somebody wants something put right about a stop.

    Attributes:
        claim_id: the shipper's own number, "" to be given one.
        at: when it reached us, UTC; None for now.
    """

    stop_id: Id
    kind: ClaimKind
    claim_id: Annotated[str, Meta(max_length=128)] = ""
    words: Words = ""
    amount: Annotated[float, Meta(ge=0.0)] = 0.0
    at: datetime | None = None


class SettleClaim(Command, frozen=True, kw_only=True, tag="settle_claim"):
    """Decide a claim.

    Attributes:
        at: when it was decided, UTC; None for now.
    """

    claim_id: Id
    outcome: ClaimOutcome
    words: Words = ""
    at: datetime | None = None


class RecordSurvey(Command, frozen=True, kw_only=True, tag="record_survey"):
    """Write down what a customer answered; the same survey twice is one.

    Attributes:
        at: when they answered, UTC; None for now.
    """

    survey_id: Id
    stop_id: Id
    csat: Annotated[int, Meta(ge=1, le=5)] | None = None
    nps: Annotated[int, Meta(ge=0, le=10)] | None = None
    words: Words = ""
    at: datetime | None = None


class CloseReturn(Command, frozen=True, kw_only=True, tag="close_return"):
    """A collected return is back where it belongs.

    Attributes:
        at: when it was booked back in, UTC; None for now.
    """

    stop_id: Id
    words: Words = ""
    at: datetime | None = None


class SetReporting(Command, frozen=True, kw_only=True, tag="set_reporting"):
    """Set targets, saved views and scheduled reports, all of them."""

    version: int
    reporting: Reporting


class SendReport(Command, frozen=True, kw_only=True, tag="send_report"):
    """Send a scheduled report to its readers now, although it is not due."""

    schedule_id: Id


AnyCommand = (
    ClaimException
    | ReleaseException
    | AssignException
    | SnoozeException
    | WakeException
    | EscalateException
    | MergeException
    | NoteException
    | ResolveException
    | ReopenException
    | SequenceRoutes
    | LockStops
    | AmendStop
    | SetThresholds
    | SetPlaybooks
    | SetOutreachPolicy
    | SendMessages
    | SettleMessage
    | CancelMessage
    | SeeReplies
    | SetConsent
    | FileClaim
    | SettleClaim
    | RecordSurvey
    | CloseReturn
    | SetReporting
    | SendReport
)
