r"""Whether a webhook comes from Meta.

Source: Meta, "Webhooks: validating payloads": `X-Hub-Signature-256` is `sha256=` and the
HMAC-SHA256 of the body with the app's secret, in hexadecimal. Meta escapes letters beyond ASCII
(`\u00e4`) before it signs, and sends the body so: the bytes as they came are what is signed.
"""

import hashlib
import hmac

_SCHEME = "sha256="


def signature(app_secret: str, body: bytes) -> str:
    """What Meta writes as X-Hub-Signature-256."""
    return _SCHEME + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(given: str, app_secret: str, body: bytes) -> bool:
    """True where the body is signed with the app's secret."""
    expected = signature(app_secret, body)
    return hmac.compare_digest(given.lower().encode(errors="replace"), expected.encode())
