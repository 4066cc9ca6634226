"""What is said to customers, by them and with them, in the words of the event log.

Knows no widgets.
"""

from tower.domain import events as e
from tower.domain.words import Channel, MessageState
from ui.eventlog.names import Names, Teller, Told, sentence

_CHANNELS = {
    Channel.SMS: "SMS",
    Channel.EMAIL: "e-mail",
    Channel.WHATSAPP: "WhatsApp",
    Channel.VOICE: "telephone",
}


def _contacted(event: e.Event, body: e.CustomerContacted, names: Names) -> Told:
    topic = "where is my order" if body.topic == "wismo" else body.topic
    way = "asks" if body.inbound else "was told"
    text = f"customer of {names.stop(event.subject.stop_id)} {way}: {topic}"
    return Told(sentence(text, body.words), "accent")


def _queued(_event: e.Event, body: e.MessageQueued, names: Names) -> Told:
    plan = body.plan
    what = plan.template.replace("_", " ") or "words of our own"
    held = f", held until {names.clock(plan.send_after)}" if plan.send_after else ""
    text = f"customer of {names.stop(plan.stop_id)} is to be told: {what}{held}"
    return Told(sentence(text, plan.words), "accent")


_MESSAGE_WORDS = {
    MessageState.QUEUED: ("is waiting", "muted"),
    MessageState.SENDING: ("is being sent", "muted"),
    MessageState.UNKNOWN: ("may have been sent or not, nobody knows", "late"),
    MessageState.NOT_SENT: ("is kept in the outbox and not sent", "at_risk"),
    MessageState.SENT: ("was sent", "text_secondary"),
    MessageState.FAILED: ("was not sent", "late"),
    MessageState.DELIVERED: ("was delivered", "on_time"),
    MessageState.READ: ("was read", "on_time"),
    MessageState.CANCELLED: ("is not sent any more", "at_risk"),
}


def _progressed(event: e.Event, body: e.MessageProgressed, names: Names) -> Told:
    words, tone = _MESSAGE_WORDS[body.attempt.state]
    medium = _CHANNELS[body.attempt.channel]
    return Told(sentence(f"{medium} to {_customer(event, names)} {words}", body.attempt.why), tone)


def _cancelled(event: e.Event, body: e.MessageCancelled, names: Names) -> Told:
    text = f"message to {_customer(event, names)} is not sent any more"
    return Told(sentence(text, body.why), "at_risk")


def _barred(event: e.Event, body: e.MessageBarred, names: Names) -> Told:
    what = body.template.replace("_", " ") or "words of our own"
    text = f"{_customer(event, names)} is not told: {what}"
    return Told(sentence(text, body.why), "at_risk")


def _replied(event: e.Event, body: e.ReplyReceived, names: Names) -> Told:
    known = event.subject.stop_id
    who = _customer(event, names) if known else f"somebody unknown, {body.address},"
    return Told(sentence(f"{who} wrote by {_CHANNELS[body.channel]}", body.words), "accent")


def _seen(event: e.Event, body: e.RepliesSeen, names: Names) -> Told:
    replies = "reply" if len(body.replies) == 1 else f"{len(body.replies)} replies"
    of = f" of {_customer(event, names)}" if event.subject.stop_id else ""
    if not body.deed:
        return Told(sentence(f"{replies}{of} read", ""), "muted")
    return Told(sentence(f"{replies}{of} dealt with", body.deed), "on_time")


def _consent(_event: e.Event, body: e.ConsentSet, _names: Names) -> Told:
    if body.allowed:
        return Told(sentence(f"{body.address} may be written to", body.words), "on_time")
    return Told(sentence(f"{body.address} is not written to any more", body.words), "at_risk")


def _amended(event: e.Event, body: e.StopAmended, names: Names) -> Told:
    text = f"agreed about {names.stop(event.subject.stop_id)}: {names.agreed(body.changes)}"
    return Told(sentence(text, body.because), "accent")


def _customer(event: e.Event, names: Names) -> str:
    stop_id = event.subject.stop_id
    message = names.state.messages.get(event.subject.message_id)
    if not stop_id and message is not None and message.plan is not None:
        stop_id = message.plan.stop_id
    return f"customer of {names.stop(stop_id)}" if stop_id else "a customer"


TELLERS: dict[type[e.Body], Teller] = {
    e.StopAmended: _amended,
    e.MessageQueued: _queued,
    e.MessageProgressed: _progressed,
    e.MessageCancelled: _cancelled,
    e.MessageBarred: _barred,
    e.ReplyReceived: _replied,
    e.RepliesSeen: _seen,
    e.ConsentSet: _consent,
    e.CustomerContacted: _contacted,
}
"""How each event about a customer is told."""
