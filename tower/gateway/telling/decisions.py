"""What commands about messages to customers become. Pure, like every decision."""

from msgspec.structs import replace

from tower.domain.commands import (
    CancelMessage,
    MessageWish,
    SeeReplies,
    SendMessages,
    SetConsent,
    SetOutreachPolicy,
    SettleMessage,
)
from tower.domain.events import (
    ConsentSet,
    Event,
    MessageBarred,
    MessageCancelled,
    MessageProgressed,
    MessageQueued,
    OutreachPolicySet,
    RepliesSeen,
)
from tower.domain.messages import Message
from tower.domain.records import Subject
from tower.domain.rulebook import ROOM, PolicyEntry
from tower.domain.state import State
from tower.domain.words import MessageState
from tower.gateway.deciding.rulebook import may_set
from tower.gateway.deciding.verdicts import (
    Accepted,
    Outdated,
    Refused,
    Rules,
    Terms,
    Verdict,
    new_event,
)
from tower.gateway.telling.attempts import after, subject_of
from tower.outreach.addresses import NoAddress, consent_key
from tower.outreach.drafting import Drafted
from tower.outreach.policy import Barred

_REASONS_TOLD = 10


def send(command: SendMessages, state: State, terms: Terms) -> Verdict:
    """Queue what may be sent; what may not is left out with its reason."""
    drafts = terms.telling.drafts(command.messages, state, terms.now)
    events: list[Event] = []
    queued = set[str]()
    for wish, drafted in zip(command.messages, drafts, strict=True):
        told = _once(drafted, queued)
        if isinstance(told, Drafted):
            queued.add(told.message_id)
        events.append(_drafted(wish, told, state, terms))
    if not queued:
        return Refused(_reasons(events))
    return Accepted(tuple(events))


def _once(drafted: Drafted | Barred, queued: set[str]) -> Drafted | Barred:
    if isinstance(drafted, Drafted) and drafted.message_id in queued:
        return Barred("It is named twice; it is sent once.")
    return drafted


def _drafted(wish: MessageWish, drafted: Drafted | Barred, state: State, terms: Terms) -> Event:
    stop = state.stops.get(wish.stop_id)
    subject = Subject(
        stop_id=wish.stop_id,
        exception_id=wish.exception_id,
        route_id=stop.route_id if stop else "",
        message_id=drafted.message_id if isinstance(drafted, Drafted) else "",
    )
    if isinstance(drafted, Drafted):
        body = MessageQueued(plan=drafted.plan)
        return new_event(terms.now, terms.grant.actor, subject, body)
    barred = MessageBarred(template=wish.template, why=drafted.why)
    return new_event(terms.now, terms.grant.actor, subject, barred)


def _reasons(events: list[Event]) -> str:
    whys = [
        f"{event.subject.stop_id}: {event.body.why}"
        for event in events
        if isinstance(event.body, MessageBarred)
    ]
    if len(whys) == 1:
        return f"Not sent. {whys[0].partition(': ')[2]}"
    more = f" … and {len(whys) - _REASONS_TOLD} more." if len(whys) > _REASONS_TOLD else ""
    return f"Nothing was sent. {' '.join(whys[:_REASONS_TOLD])}{more}"


def settle(command: SettleMessage, state: State, terms: Terms) -> Verdict:
    """A person decides about a message nobody knows of, or that failed."""
    message = state.messages.get(command.message_id)
    if message is None:
        return _unknown(command.message_id)
    if message.version != command.version:
        return _outdated(message)
    last = message.last
    if last is None or last.state not in (MessageState.UNKNOWN, MessageState.FAILED):
        return Refused(f"The message is {_said(message)}: there is nothing to decide.")
    who = terms.grant.actor.name or terms.grant.actor.id
    if message.cancelled:
        return Refused(f"It was decided already: {message.cancelled}")
    if not command.again:
        return Accepted((_cancelled(message, f"{who} left it as it is.", state, terms),))
    why, at = f"{who} decided to send it again. {last.why}".strip(), after(last, terms.now)
    attempt = replace(last, state=MessageState.FAILED, at=at, why=why, again=True)
    body = MessageProgressed(attempt=attempt, version=message.version + 1)
    event = new_event(terms.now, terms.grant.actor, subject_of(state, message), body)
    return Accepted((replace(event, at=at),))


def cancel(command: CancelMessage, state: State, terms: Terms) -> Verdict:
    """Do not send what has not left."""
    message = state.messages.get(command.message_id)
    if message is None:
        return _unknown(command.message_id)
    if message.version != command.version:
        return _outdated(message)
    if message.cancelled:
        return Refused("The message is cancelled already.")
    last = message.last
    if last is not None and last.state is MessageState.SENDING:
        return Refused("The message is being sent at this moment. Look again in a few seconds.")
    if last is not None and last.state is MessageState.UNKNOWN:
        return Refused("Nobody knows whether it was sent: decide whether to send it again.")
    if last is not None and last.state is not MessageState.FAILED:
        return Refused(f"The message is {_said(message)} already.")
    who = terms.grant.actor.name or terms.grant.actor.id
    return Accepted((_cancelled(message, f"{who} cancelled it.", state, terms),))


def see(command: SeeReplies, state: State, terms: Terms) -> Verdict:
    """Note that replies were read, or dealt with; what somebody else noted before is no fault."""
    missing = next((one for one in command.replies if one not in state.replies), None)
    if missing is not None:
        return Refused(f"There is no reply {missing}.")
    new = tuple(
        one
        for one in dict.fromkeys(command.replies)
        if one not in state.seen or (command.deed and state.seen[one].deed != command.deed)
    )
    if not new:
        return Accepted(())
    body = RepliesSeen(replies=new, deed=command.deed)
    subject = _subject_of_replies(new, state)
    return Accepted((new_event(terms.now, terms.grant.actor, subject, body),))


def set_consent(command: SetConsent, state: State, terms: Terms) -> Verdict:
    """Write down what somebody told us on another way about being written to."""
    try:
        address = consent_key(command.address, terms.telling.region(state))
    except NoAddress as error:
        return Refused(f"Nothing can be sent there: {error}.")
    known = state.consents.get(address)
    if known is not None and known.allowed == command.allowed:
        wants = "wants" if known.allowed else "does not want"
        return Refused(f"{address} {wants} messages; that is written down already.")
    body = ConsentSet(address=address, allowed=command.allowed, words=command.words)
    event = new_event(terms.now, terms.grant.actor, Subject(), body)
    at = known.stamp.outdone_at(terms.now) if known else terms.now
    return Accepted((replace(event, at=at),))


def set_policy(command: SetOutreachPolicy, state: State, terms: Terms) -> Verdict:
    """Set when customers may be written to, and how."""
    entry = state.policies.get(ROOM) or PolicyEntry()
    problem = may_set("the outreach policy", command.version, entry, terms)
    if problem is not None:
        return problem
    ids = [brand.id for brand in command.policy.brands]
    if len(set(ids)) < len(ids) or "" in ids:
        return Refused("Each brand needs an id of its own.")
    body = OutreachPolicySet(version=entry.version + 1, policy=command.policy)
    return Accepted((new_event(terms.now, terms.grant.actor, Subject(), body),))


def _cancelled(message: Message, why: str, state: State, terms: Terms) -> Event:
    body = MessageCancelled(version=message.version + 1, why=why)
    return new_event(terms.now, terms.grant.actor, subject_of(state, message), body)


def _subject_of_replies(replies: tuple[str, ...], state: State) -> Subject:
    """What they have in common."""
    found = [state.replies[one] for one in replies]
    stops, causes = {one.stop_id for one in found}, {one.exception_id for one in found}
    return Subject(
        stop_id=stops.pop() if len(stops) == 1 else "",
        exception_id=causes.pop() if len(causes) == 1 else "",
    )


def _unknown(message_id: str) -> Refused:
    return Refused(f"There is no message {message_id}.")


def _outdated(message: Message) -> Outdated:
    return Outdated(f"The message is {_said(message)} meanwhile.", message)


def _said(message: Message) -> str:
    return str(message.state).replace("_", " ")


RULES: Rules = {
    SendMessages: send,
    SettleMessage: settle,
    CancelMessage: cancel,
    SeeReplies: see,
    SetConsent: set_consent,
    SetOutreachPolicy: set_policy,
}
"""What decides each command about messages."""
