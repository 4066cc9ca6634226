"""Whether a request comes from Twilio.

Source: Twilio, "Security: validating requests": HMAC-SHA1 with the auth token over the address as
Twilio called it, followed by the names and values of the posted form, sorted; in base64. For other
bodies than forms the address has the body's SHA-256 in `bodySHA256` and is signed alone. Twilio
leaves a standard port out in some of its products and puts it in in others.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, urlsplit, urlunsplit

_STANDARD_PORTS = {"http": 80, "https": 443}


def signature(token: str, url: str, fields: Sequence[tuple[str, str]] = ()) -> str:
    """What Twilio writes as X-Twilio-Signature."""
    signed = url + "".join(name + value for name, value in sorted(set(fields)))
    digest = hmac.new(token.encode(), signed.encode(errors="replace"), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def is_signed_form(
    given: str, token: str, url: str, fields: Sequence[tuple[str, str]] = ()
) -> bool:
    """True where a form, or an address alone, is signed with the account's token."""
    # All are compared, whichever fits: how long it takes tells nothing.
    fits = [_same(given, signature(token, form, fields)) for form in _with_and_without_port(url)]
    return any(fits)


def is_signed_body(given: str, token: str, url: str, body: bytes) -> bool:
    """True where a body that is no form is signed with the account's token."""
    named = dict(parse_qsl(urlsplit(url).query)).get("bodySHA256", "")
    fits = _same(named.lower(), hashlib.sha256(body).hexdigest())
    return is_signed_form(given, token, url) and fits


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())


def _with_and_without_port(url: str) -> Iterator[str]:
    yield url
    parts = urlsplit(url)
    standard = _STANDARD_PORTS.get(parts.scheme)
    if standard is None or not parts.netloc:
        return
    host = parts.netloc.removesuffix(f":{standard}")
    other = host if host != parts.netloc else f"{host}:{standard}"
    yield urlunsplit((parts.scheme, other, parts.path, parts.query, parts.fragment))
