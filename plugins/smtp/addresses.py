"""E-mail addresses and Message-IDs, as strictly as a header needs them."""

import re
from urllib.parse import quote, unquote

_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}"
)
_OURS = "tower."


def is_address(text: str) -> bool:
    """True for name@example.org, with nothing in it that means something in a header."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def domain_of(address: str) -> str:
    """What is behind the @."""
    return address.rpartition("@")[2]


def message_id(key: str, domain: str) -> str:
    """The Message-ID of an attempt (RFC 5322, 3.6.4): the same attempt has the same."""
    return f"<{_OURS}{quote(key, safe='')}@{domain}>"


def keys_in(header: str, domain: str) -> list[str]:
    """The attempts named by our Message-IDs in a header, in the order they stand there."""
    pattern = rf"<{re.escape(_OURS)}([^<>@\s]{{1,200}})@{re.escape(domain)}>"
    return [unquote(found) for found in re.findall(pattern, header, re.IGNORECASE)]
