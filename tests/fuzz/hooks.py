"""What providers of channels post, and what desktops ask for and command."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, quote_from_bytes, urlencode

from plugins.twilio.signature import signature
from tests.fuzz.decoder import Decoder
from tests.gateway.shift import GATE
from tests.plugins.hearing import hears_or_says_why
from tests.plugins.http_json import test_http_json as http_json
from tests.plugins.kannel import test_kannel as kannel
from tests.plugins.smtp import test_hearing as smtp
from tests.plugins.smtp.test_sending import opened as opened_smtp
from tests.plugins.twilio import test_twilio as twilio
from tests.plugins.whatsapp import test_whatsapp as whatsapp
from tower.domain.commands import AnyCommand
from tower.gateway.http.call import HttpRefusal, read_json
from tower.kpi.query import Ask
from tower.kpi.store.conditions import conditions, period
from tower.kpi.store.errors import AskUnfit
from tower.outreach.port import Channel, Request

_TODAY = date(2026, 3, 2)


def _heard(
    opened: Callable[[], Channel], posted: Callable[[bytes], Request]
) -> Callable[[bytes], object]:
    """A request with a signature that is right, whatever it says; see `hears_or_says_why`."""
    channel = opened()
    return lambda data: hears_or_says_why(channel, posted(data))


def _to_twilio(data: bytes) -> Request:
    fields = parse_qsl(data.decode(errors="replace"), keep_blank_values=True)
    request = twilio.signed({})
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": signature(twilio.TOKEN, twilio.HOOK, fields),
    }
    return Request(method="POST", url=request.url, headers=headers, body=data)


def _to_kannel(data: bytes) -> Request:
    token = kannel.SECRETS["hook_token"]
    query = quote_from_bytes(data, safe="&=%+")
    return Request(method="GET", url=f"{kannel.HOOK}?token={token}&{query}")


def _whatsapp_seeds() -> dict[str, bytes]:
    return {
        "question": json.dumps(whatsapp.webhook(messages=[whatsapp.QUESTION])).encode(),
        "delivered": json.dumps(whatsapp.webhook(statuses=[whatsapp.DELIVERED])).encode(),
    }


def _kannel_seeds() -> dict[str, bytes]:
    said = {"id": "7", "from": "+41790000001", "to": "Acme", "text": "Grüße", "charset": "UTF-8"}
    return {"words": urlencode(said | {"at": "2026-03-02 14:20:00"}).encode()}


def _command(data: bytes) -> object:
    kind: Any = AnyCommand
    return read_json(data, kind)


def _command_seeds() -> dict[str, bytes]:
    commands: dict[str, object] = {
        "claim": {"type": "claim_exception", "exception_id": GATE, "version": 0},
        "note": {"type": "note_exception", "exception_id": GATE, "words": "Grüße"},
        "lock": {"type": "lock_stops", "stops": ["S8"]},
        "sequence": {
            "type": "sequence_routes",
            "routes": [{"route_id": "B", "version": 1, "stops": ["S5", "S6"]}],
        },
        "send": {"type": "send_messages", "messages": [{"stop_id": "S2", "words": "Hello"}]},
    }
    return {name: json.dumps(one).encode() for name, one in commands.items()}


def _figures(data: bytes) -> object:
    ask = read_json(data, Ask)
    return conditions(ask.filters, period(ask.filters, _TODAY))


def _ask_seeds() -> dict[str, bytes]:
    filters = {"since": "2026-03-01", "until": "2026-03-02", "carriers": ["own"], "hours": [9]}
    ask = {"measures": ["on_time"], "by": ["carrier"], "filters": filters}
    days = {"measures": ["on_time"], "filters": {"days": 28, "weekdays": [1, 2]}}
    return {"spans": json.dumps(ask).encode(), "days": json.dumps(days).encode()}


DECODERS = [
    Decoder("command", _command, (HttpRefusal,), _command_seeds),
    Decoder("figures", _figures, (HttpRefusal, AskUnfit), _ask_seeds),
    Decoder(
        "hook_http_json",
        _heard(http_json.opened, http_json.signed),
        (),
        lambda: {"told": json.dumps(http_json.TOLD).encode()},
    ),
    Decoder("hook_kannel", _heard(kannel.opened, _to_kannel), (), _kannel_seeds),
    Decoder(
        "hook_smtp",
        _heard(opened_smtp, smtp.passed_on),
        (),
        lambda: {"answer": smtp.answer().as_bytes()},
    ),
    Decoder(
        "hook_twilio",
        _heard(twilio.opened, _to_twilio),
        (),
        lambda: {
            "status": urlencode(twilio.STATUS).encode(),
            "reply": urlencode(twilio.REPLY).encode(),
        },
    ),
    Decoder("hook_whatsapp", _heard(whatsapp.opened, whatsapp.signed), (), _whatsapp_seeds),
]
