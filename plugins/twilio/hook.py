"""What Twilio tells by itself: how far a message has come, and what a customer wrote.

Source: Twilio, "Track outbound message status" and "Messaging webhooks"; a status callback has a
MessageStatus, an incoming message a From and a Body.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

from plugins.twilio.asking import ATTEMPT
from plugins.twilio.signature import is_signed_body, is_signed_form
from plugins.twilio.states import STATES, failure
from tower.domain.words import Channel as Medium
from tower.domain.words import MessageState
from tower.outreach.port import Forged, Heard, Incoming, Receipt, Request, Unreadable
from tower.outreach.provider import short

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 200
_NO_REPLY = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'

Fields = Mapping[str, str]


def hear(request: Request, token: str) -> Heard:
    """Read one request of Twilio's.

    Raises:
        Forged: it is not signed with the account's token.
        Unreadable: it is, and tells nothing we know.
    """
    fields = dict(_signed_fields(request, token))
    if "MessageStatus" in fields:
        return _receipt(fields, _attempt(request))
    if fields.get("From") and fields.get("MessageSid"):
        return _answered(incoming=(_incoming(fields),))
    raise Unreadable("Twilio sent neither the status of a message nor a message")


def _signed_fields(request: Request, token: str) -> Sequence[tuple[str, str]]:
    given = request.headers.get("x-twilio-signature", "")
    if request.method == "GET":
        _only(is_signed_form(given, token, request.url))
        return _pairs(urlsplit(request.url).query)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM:
        fields = _pairs(request.body.decode(errors="replace"))
        _only(is_signed_form(given, token, request.url, fields))
        return fields
    _only(is_signed_body(given, token, request.url, request.body))
    raise Unreadable("Twilio sent a body that is not a web form")


def _only(is_signed: bool) -> None:
    if not is_signed:
        raise Forged("The request is not signed with the Twilio account's auth token.")


def _pairs(text: str) -> Sequence[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Forged("The request has more fields than Twilio ever sends.") from None


def _attempt(request: Request) -> str:
    """Our key from the address, which is signed as a whole."""
    return dict(_pairs(urlsplit(request.url).query)).get(ATTEMPT, "")


def _receipt(fields: Fields, key: str) -> Heard:
    status = fields["MessageStatus"]
    sid = fields.get("MessageSid", "")
    state = STATES.get(status)
    if state is None:
        return _answered(refusals=(f"Twilio tells a status nobody knows: {short(status)}",))
    if not (key or sid):
        raise Unreadable("Twilio tells the status of a message without saying which")
    why = ""
    if state is MessageState.FAILED:
        why = failure(fields.get("ErrorCode", ""), fields.get("ErrorMessage", ""))
    return _answered(receipts=(Receipt(key=key, ref=sid, state=state, why=why),))


def _incoming(fields: Fields) -> Incoming:
    sender = fields["From"]
    is_whatsapp = sender.startswith("whatsapp:")
    return Incoming(
        ref=fields["MessageSid"],
        medium=Medium.WHATSAPP if is_whatsapp else Medium.SMS,
        sender=sender.removeprefix("whatsapp:"),
        text=_words(fields),
        answers=fields.get("OriginalRepliedMessageSid", ""),
    )


def _words(fields: Fields) -> str:
    said = [fields.get("Body", "") or fields.get("ButtonText", "")]
    if fields.get("Latitude") and fields.get("Longitude"):
        place = fields.get("Label") or fields.get("Address", "")
        said.append(f"{place} {fields['Latitude']}, {fields['Longitude']}")
    if fields.get("NumMedia", "0") not in ("", "0"):
        said.append(f"({fields['NumMedia']} pictures or files, to be seen at Twilio)")
    return " ".join(part for part in said if part).strip()


def _answered(
    receipts: tuple[Receipt, ...] = (),
    incoming: tuple[Incoming, ...] = (),
    refusals: tuple[str, ...] = (),
) -> Heard:
    """An empty TwiML document: Twilio is to answer the customer nothing."""
    return Heard(
        receipts=receipts,
        incoming=incoming,
        refusals=refusals,
        answer=_NO_REPLY,
        media="text/xml",
    )
