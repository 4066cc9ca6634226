"""Messages to customers, their replies, and whether they want to be written to."""

from msgspec.structs import replace

from tower.domain import events as e
from tower.domain.folds.stamps import decided, observed, recorded
from tower.domain.messages import Attempt, Consent, Message, Reply, Seen
from tower.domain.records import Stamp
from tower.domain.state import Changed, State


def _message(state: State, event: e.Event) -> Message:
    id_ = event.subject.message_id
    return state.messages.get(id_) or Message(id=id_)


def _keep(state: State, message: Message) -> list[Changed]:
    state.messages[message.id] = message
    return [Changed("messages", message.id)]


def queued(state: State, event: e.Event, body: e.MessageQueued) -> list[Changed]:
    """Somebody decided to say something; the first who did holds."""
    message, stamp = _message(state, event), recorded(event)
    if message.plan is not None and message.plan_stamp <= stamp:
        return []
    by = event.actor.name or event.actor.id
    return _keep(
        state,
        replace(
            message,
            plan=body.plan,
            plan_stamp=stamp,
            queued_at=event.at,
            by=by,
            version=max(message.version, 1),
        ),
    )


def progressed(state: State, event: e.Event, body: e.MessageProgressed) -> list[Changed]:
    """An attempt came further; later news outranks earlier, whatever came first."""
    message, stamp = _message(state, event), _progress_stamp(event, body.attempt)
    known = dict(
        zip(
            (one.number for one in message.attempts),
            zip(message.attempts, message.attempt_stamps, strict=True),
            strict=True,
        )
    )
    held = known.get(body.attempt.number)
    is_news = held is None or held[1] < stamp
    version = max(message.version, body.version)
    if not is_news and version == message.version:
        return []
    if is_news:
        known[body.attempt.number] = body.attempt, stamp
    ordered = [known[number] for number in sorted(known)]
    return _keep(
        state,
        replace(
            message,
            attempts=tuple(attempt for attempt, _ in ordered),
            attempt_stamps=tuple(one for _, one in ordered),
            version=version,
        ),
    )


def _progress_stamp(event: e.Event, attempt: Attempt) -> Stamp:
    return Stamp(attempt.state.rank, _milliseconds(event), event.id)


def cancelled(state: State, event: e.Event, body: e.MessageCancelled) -> list[Changed]:
    """A message is not sent (any more)."""
    message, stamp = _message(state, event), decided(body.version, event)
    if message.cancelled_stamp >= stamp:
        return []
    version = max(message.version, body.version)
    return _keep(
        state,
        replace(message, cancelled=body.why, cancelled_stamp=stamp, version=version),
    )


def replied(state: State, event: e.Event, body: e.ReplyReceived) -> list[Changed]:
    """A customer wrote to us; of a provider's repetitions the first recorded holds."""
    known, stamp = state.replies.get(body.reply_id), recorded(event)
    if known is not None and known.stamp <= stamp:
        return []
    state.replies[body.reply_id] = Reply(
        id=body.reply_id,
        at=event.at,
        channel=body.channel,
        address=body.address,
        words=body.words,
        stop_id=event.subject.stop_id,
        exception_id=event.subject.exception_id,
        message_id=body.answers,
        provider=body.provider,
        provider_ref=body.provider_ref,
        intents=body.intents,
        stamp=stamp,
    )
    return [Changed("replies", body.reply_id)]


def seen(state: State, event: e.Event, body: e.RepliesSeen) -> list[Changed]:
    """Somebody read replies; having done something about one outranks having read it."""
    stamp = Stamp(float(bool(body.deed)), _milliseconds(event), event.id)
    changed = []
    for reply_id in body.replies:
        known = state.seen.get(reply_id)
        if known is None or known.stamp < stamp:
            by = event.actor.name or event.actor.id
            state.seen[reply_id] = Seen(by=by, at=event.at, deed=body.deed, stamp=stamp)
            changed.append(Changed("seen", reply_id))
    return changed


def consent_set(state: State, event: e.Event, body: e.ConsentSet) -> list[Changed]:
    """Somebody wants to be written to at an address, or not any more; of one moment no holds."""
    known, stamp = state.consents.get(body.address), observed(event, int(not body.allowed))
    if known is not None and known.stamp >= stamp:
        return []
    state.consents[body.address] = Consent(
        address=body.address, allowed=body.allowed, at=event.at, words=body.words, stamp=stamp
    )
    return [Changed("consents", body.address)]


def _milliseconds(event: e.Event) -> int:
    return int(event.at.timestamp() * 1000)
