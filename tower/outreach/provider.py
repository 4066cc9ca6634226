"""Asking a provider over HTTP, so that what is certain and what nobody knows are told apart.

A request that never left is certainly not taken and may be repeated. Once a byte of it may have
left, a lost answer says nothing: the provider may have taken the message. So every connection is
used once; a kept one that the provider closes at the wrong moment would make many such cases.

httpx is loaded with the first request: it takes a quarter of a second, and a gateway without
providers can start without it.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from tower.outreach.port import NotTaken, Outgoing, Unsure

if TYPE_CHECKING:
    import httpx

_MOST_WORDS = 300
_CONNECT_S = 10.0
_BUSY = (408, 425, 429)


class Answer(msgspec.Struct, frozen=True):
    """What a provider answered, whatever its status."""

    status: int
    body: bytes

    @property
    def is_success(self) -> bool:
        """True for the statuses 200 to 299."""
        return 200 <= self.status < 300


class Provider:
    """The HTTP interface of one provider.

    Args:
        title: what people call it, for the words of errors.
        url: where its interface begins.
        timeout_s: seconds it may take to answer.
        headers: sent with every request, the account's token among them.
        sign_in: name and password for basic authentication, None for none.
    """

    def __init__(
        self,
        title: str,
        url: str,
        timeout_s: float,
        headers: Mapping[str, str] | None = None,
        sign_in: tuple[str, str] | None = None,
    ) -> None:
        self.title = title
        self._url = url.rstrip("/")
        self._timeout_s = timeout_s
        self._headers = dict(headers or {})
        self._sign_in = sign_in
        self._client: httpx.AsyncClient | None = None

    async def post_form(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Post fields as a web form.

        Raises:
            NotTaken: the request never left.
            Unsure: it may have been read, and no answer came.
        """
        return await self._ask("POST", path, data=dict(fields))

    async def post_json(
        self, path: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Post JSON, with headers of this request besides; raises as `post_form`."""
        headers = {"Content-Type": "application/json", **(headers or {})}
        return await self._ask("POST", path, content=body, headers=headers)

    async def get(self, path: str, query: Mapping[str, str]) -> Answer:
        """Ask with a query; raises as `post_form`."""
        return await self._ask("GET", path, params=dict(query))

    async def close(self) -> None:
        """Give back what is held open."""
        if self._client is not None:
            await self._client.aclose()

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        data: dict[str, str] | None = None,
        content: bytes | None = None,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        import httpx  # noqa: PLC0415 - see the top of the file

        asking = self._opened().request(
            method, self._url + path, data=data, content=content, params=params, headers=headers
        )
        try:
            # httpx counts each read for itself: an answer that drips in would never time out.
            answer = await asyncio.wait_for(asking, _CONNECT_S + 2 * self._timeout_s)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise NotTaken(self._words("cannot be reached", error), again=True) from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
            raise NotTaken(self._words("cannot be asked", error)) from None
        except (httpx.TimeoutException, TimeoutError):
            raise Unsure(f"{self.title} gave no answer in time") from None
        except httpx.HTTPError as error:
            raise Unsure(self._words("gave no answer", error)) from None
        return Answer(answer.status_code, answer.content)

    def _opened(self) -> "httpx.AsyncClient":
        if self._client is None:
            self._client = _client(self._timeout_s, self._headers, self._sign_in)
        return self._client

    def _words(self, what: str, error: Exception) -> str:
        return short(f"{self.title} {what}: {type(error).__name__} {error}".rstrip())


def refuse_attachments(title: str, outgoing: Outgoing) -> None:
    """What a channel that carries words alone does with files.

    Raises:
        NotTaken: files are to go along.
    """
    if outgoing.attachments:
        raise NotTaken(f"{title} carries no attached files.")


def refusal(title: str, answer: Answer, words: str) -> NotTaken | Unsure:
    """What a status that is no success means where a provider's own words do not settle it.

    A request the provider calls wrong is not taken; one it had no time for may be repeated. A
    server error says nothing: whoever writes it need not know how far the message came.
    """
    said = short(f"{title} answered {answer.status}: {words}" if words else _bare(title, answer))
    if answer.status >= 500:
        return Unsure(said)
    return NotTaken(said, again=answer.status in _BUSY)


def short(words: str) -> str:
    """A provider's words on one line, as long as a dispatcher reads them."""
    line = " ".join(words.split())
    return line if len(line) <= _MOST_WORDS else line[: _MOST_WORDS - 1] + "…"


def _bare(title: str, answer: Answer) -> str:
    return f"{title} answered {answer.status}"


def _client(
    timeout_s: float, headers: Mapping[str, str], sign_in: tuple[str, str] | None
) -> "httpx.AsyncClient":
    import httpx  # noqa: PLC0415 - see the top of the file

    # They log addresses, and some providers take the customer's number and a password there.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return httpx.AsyncClient(
        headers=headers,
        auth=sign_in,
        timeout=httpx.Timeout(timeout_s, connect=min(_CONNECT_S, timeout_s)),
        limits=httpx.Limits(max_keepalive_connections=0),
    )
