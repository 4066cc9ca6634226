"""The request that hands Kannel one message.

Source: Kannel's user guide, "Using the SMS-gateway: sendsms". A delivery report is a request to
the address given with the message, in which Kannel fills in `%d` (the state), `%T` (when, in
seconds since 1970) and `%A` (what the network said).
"""

import hashlib
import hmac
from urllib.parse import quote

from plugins.kannel.account import KannelSettings
from tower.outreach.port import Outgoing
from tower.outreach.segments import segments

_EVERY_STATE = "31"
_SEVEN_BITS, _UCS_2 = "0", "2"


def query_of(outgoing: Outgoing, settings: KannelSettings) -> dict[str, str]:
    """The query of the request that sends the message."""
    query = {
        "username": settings.username,
        "password": settings.password,
        "to": outgoing.to,
        "text": outgoing.text,
        "charset": "UTF-8",
        "coding": _SEVEN_BITS if segments(outgoing.text).is_gsm else _UCS_2,
    }
    if settings.sender:
        query["from"] = settings.sender
    if settings.smsc:
        query["smsc"] = settings.smsc
    if outgoing.status_url:
        query["dlr-mask"] = _EVERY_STATE
        query["dlr-url"] = report_address(outgoing, settings.hook_token)
    return query


def report_address(outgoing: Outgoing, token: str) -> str:
    """Where Kannel tells what became of an attempt.

    It has a proof of its own and not the token: Kannel writes these addresses to its log.
    """
    ours = f"attempt={quote(outgoing.key, safe='')}&proof={proof(outgoing.key, token)}"
    joint = "&" if "?" in outgoing.status_url else "?"
    address = f"{outgoing.status_url}{joint}{ours}".replace("%", "%%")
    return f"{address}&state=%d&at=%T&said=%A"


def proof(key: str, token: str) -> str:
    """That an address naming this attempt was made by us."""
    return hmac.new(token.encode(), key.encode(errors="replace"), hashlib.sha256).hexdigest()
