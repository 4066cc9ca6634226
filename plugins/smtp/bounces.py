"""What mail servers report of our letters: bounces, delays, and deliveries.

Sources: RFC 3464 (delivery status notifications), RFC 3461 (Original-Envelope-Id).
"""

from collections.abc import Iterator
from email.message import EmailMessage, Message
from email.parser import HeaderParser

from plugins.smtp.addresses import keys_in
from tower.domain.words import MessageState
from tower.outreach.port import Heard, Receipt
from tower.outreach.provider import short

_STATES = {
    "failed": MessageState.FAILED,
    "delivered": MessageState.DELIVERED,
    "relayed": MessageState.SENT,
    "expanded": MessageState.SENT,
    "delayed": MessageState.SENT,
}


def is_report(letter: EmailMessage) -> bool:
    """True for a delivery status notification."""
    return (
        letter.get_content_type() == "multipart/report"
        and str(letter.get_param("report-type", "")).lower() == "delivery-status"
    )


def bounced(letter: EmailMessage, domain: str) -> Heard:
    """What a report says of a letter of ours."""
    key = _key(letter, domain)
    if not key:
        return Heard(refusals=("A mail server reports on a letter that is not ours.",))
    receipts = tuple(_receipts(letter, key))
    if not receipts:
        return Heard(refusals=("A mail server's report does not say what became of a letter.",))
    return Heard(receipts=receipts)


def _receipts(letter: EmailMessage, key: str) -> Iterator[Receipt]:
    for block in _status_blocks(letter):
        state = _STATES.get(str(block.get("Action", "")).strip().lower())
        if state is None:
            continue
        why = _reason(block) if state is MessageState.FAILED else ""
        yield Receipt(key=key, state=state, why=why)


def _reason(block: Message) -> str:
    """As "the mail server of the customer refused it: 5.1.1 550 no such user"."""
    diagnosis = str(block.get("Diagnostic-Code", "")).rpartition(";")[2]
    said = short(f"{block.get('Status', '')} {diagnosis}")
    return f"the customer's mail server refused it: {said}" if said else "it could not be delivered"


def _status_blocks(letter: EmailMessage) -> list[Message]:
    for part in letter.walk():
        if part.get_content_type() == "message/delivery-status":
            payload = part.get_payload()
            return [one for one in payload if isinstance(one, Message)]
    return []


def _key(letter: EmailMessage, domain: str) -> str:
    """The attempt, by the header that came back, else by the envelope."""
    for part in letter.walk():
        if identity := _returned_identity(part):
            return next(iter(keys_in(identity, domain)), "")
    for block in _status_blocks(letter):
        if envelope := block.get("Original-Envelope-Id"):
            return str(envelope).strip()
    return ""


def _returned_identity(part: Message) -> str:
    kind = part.get_content_type()
    payload = part.get_payload()
    if kind == "message/rfc822" and isinstance(payload, list) and payload:
        return str(payload[0].get("Message-ID", "")) if isinstance(payload[0], Message) else ""
    if kind == "text/rfc822-headers" and isinstance(payload, str):
        return str(HeaderParser().parsestr(payload).get("Message-ID", ""))
    return ""
