"""The link in every e-mail by which a customer gets no more of them, with one click.

Source: RFC 8058: the mail program posts to the address; opening it must not unsubscribe anybody,
since scanners open every link, so that shows a page with a button. The address says whom it is
about and is made with the account's token, so that nobody can unsubscribe somebody else.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from html import escape
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from tower.domain.words import Channel as Medium
from tower.outreach.port import Forged, Heard, Incoming, Outgoing, Request

LINK = "unsubscribe"
"""Name in the address that carries what the link is about."""

_SEAL_BYTES = 16

_PAGES = {
    "de": ("Keine Nachrichten mehr an {}?", "Abmelden", "Sie bekommen keine Nachrichten mehr."),
    "en": ("No more messages to {}?", "Unsubscribe", "You will get no more messages."),
    "es": ("¿No más mensajes a {}?", "Darse de baja", "No recibirá más mensajes."),
    "fr": ("Plus de messages à {} ?", "Se désabonner", "Vous ne recevrez plus de messages."),
    "it": ("Niente più messaggi a {}?", "Cancella iscrizione", "Non riceverà più messaggi."),
    "pt": ("Não enviar mais mensagens a {}?", "Cancelar", "Não receberá mais mensagens."),
}


class _Link(NamedTuple):
    key: str
    language: str
    address: str


def unsubscribe_address(outgoing: Outgoing, token: str) -> str:
    """Where one click unsubscribes the customer this message goes to."""
    about = f"{outgoing.key}\n{outgoing.language}\n{outgoing.to}".encode()
    sealed = base64.urlsafe_b64encode(_seal(about, token) + about).decode().rstrip("=")
    joint = "&" if "?" in outgoing.status_url else "?"
    return f"{outgoing.status_url}{joint}{LINK}={sealed}"


def link_in(request: Request) -> str:
    """What a request says it unsubscribes from, "" where it is about something else."""
    return dict(parse_qsl(urlsplit(request.url).query)).get(LINK, "")


def unsubscribed(request: Request, token: str, now: datetime) -> Heard:
    """A click: the customer says STOP; anything but a POST only shows the button.

    Who subscribed again meanwhile may click the same link once more: a click of another minute is
    another STOP, the repetitions of one click are not.

    Raises:
        Forged: the link was not made with the account's token.
    """
    link = _opened(link_in(request), token)
    question, button, done = _PAGES.get(link.language.partition("-")[0], _PAGES["en"])
    if request.method != "POST":
        asked = f"<p>{question.format(escape(link.address))}</p>{_form(button)}"
        return Heard(answer=_page(link.language, asked), media="text/html")
    said = Incoming(
        ref=f"{LINK}-{link.key}-{now:%Y%m%dT%H%M}",
        medium=Medium.EMAIL,
        sender=link.address,
        text="STOP",
        answers=link.key,
    )
    page = _page(link.language, f"<p>{done}</p>")
    return Heard(incoming=(said,), answer=page, media="text/html")


def _opened(sealed: str, token: str) -> _Link:
    try:
        opened = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
        about = opened[_SEAL_BYTES:]
        fits = hmac.compare_digest(opened[:_SEAL_BYTES], _seal(about, token))
        key, language, address = about.decode().split("\n")
    except (binascii.Error, ValueError):
        raise Forged("The link to unsubscribe is damaged.") from None
    if not (token and fits):
        raise Forged("The link to unsubscribe was not made by this account.")
    return _Link(key, language, address)


def _seal(about: bytes, token: str) -> bytes:
    return hmac.new(token.encode(), b"unsubscribe\n" + about, hashlib.sha256).digest()[:_SEAL_BYTES]


def _form(button: str) -> str:
    return (
        '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
        f"<button>{button}</button></form>"
    )


def _page(language: str, content: str) -> bytes:
    return (
        f'<!doctype html><html lang="{escape(language or "en")}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"></head>'
        f'<body style="font:18px sans-serif;margin:3em">{content}</body></html>'
    ).encode()
