"""A running gateway, asked from the command line."""

import http.client
import os
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from tower.gateway.errors import GatewayUnreachable, SettingsError, WrongToken

_SCHEMES = {"ws": "http", "wss": "https", "http": "http", "https": "https"}
_TIMEOUT_S = 30.0
_REFUSED = (401, 403)


def token_of(variable: str, environment: Mapping[str, str] = os.environ) -> str:
    """The token in an environment variable.

    Raises:
        WrongToken: it is not set.
    """
    token = environment.get(variable, "")
    if not token:
        raise WrongToken(f"Put your token into the environment variable {variable}.")
    return token


def ask(url: str, token: str, method: str, path: str, body: bytes, kind: str) -> bytes:
    """Send one request to a gateway.

    Args:
        url: the gateway's address.
        token: sent as a header only.
        method: `GET` or `POST`.
        path: what is asked.
        body: what is sent.
        kind: its media type.

    Returns:
        The body of the answer.

    Raises:
        GatewayUnreachable: nobody answers there, or not as a gateway does.
        WrongToken: the token is not accepted.
        SettingsError: the address cannot be one of a gateway.
    """
    connection = _connect(url)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        said = response.read()
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise GatewayUnreachable(f"The gateway {url} cannot be reached: {why}.") from error
    finally:
        connection.close()
    if response.status in _REFUSED:
        raise WrongToken(f"The gateway {url} does not accept the token.")
    if response.status >= http.client.BAD_REQUEST:
        words = said.decode("utf-8", "replace")
        raise GatewayUnreachable(f"The gateway {url} said {response.status}: {words}")
    return said


def _connect(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    scheme = _SCHEMES.get(parts.scheme)
    if scheme is None or not parts.hostname:
        raise SettingsError(f"{url!r} is no gateway address; use wss://host or ws://host:port.")
    if scheme == "http":
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=_TIMEOUT_S)
    context = ssl.create_default_context()
    return http.client.HTTPSConnection(
        parts.hostname, parts.port, timeout=_TIMEOUT_S, context=context
    )
