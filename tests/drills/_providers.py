"""Providers of messages as bad as they come: they lose answers, are late, break down, have no time.

Three sorts over one JSON interface: one honours a key, one can be asked, one does neither.
"""

import json
import random
import threading
import time
from collections import Counter
from enum import StrEnum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import unquote

ANSWER_S = 0.6
"""A gateway in the drill waits so long for an answer; late ones come after."""

SETTLE_S = 2.5
"""Whatever a provider was given has been dealt with after so long."""

_LATE_S = (0.7, 1.2)


class Sort(StrEnum):
    """What a provider offers."""

    KEY = "key"
    STATUS = "status"
    NONE = "none"


class Mood(StrEnum):
    """What a provider does with one request."""

    GOOD = "good"
    BUSY = "busy"
    DROPS_BEFORE = "drops_before"
    DROPS_AFTER = "drops_after"
    BREAKS_BEFORE = "breaks_before"
    BREAKS_AFTER = "breaks_after"
    LATE = "late"
    TAKES_LATE = "takes_late"


_MOODS = {
    Mood.GOOD: 60,
    Mood.BUSY: 8,
    Mood.DROPS_BEFORE: 6,
    Mood.DROPS_AFTER: 6,
    Mood.BREAKS_BEFORE: 5,
    Mood.BREAKS_AFTER: 5,
    Mood.LATE: 5,
    Mood.TAKES_LATE: 5,
}
_TAKES_BEFORE_ANSWER = frozenset({Mood.DROPS_AFTER, Mood.BREAKS_AFTER, Mood.LATE, Mood.GOOD})


class Provider(ThreadingHTTPServer):
    """One provider, which remembers what each customer got."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, sort: Sort, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sort = sort
        self.got: Counter[str] = Counter()
        self.requests = 0
        self._rng = random.Random(f"{seed} {sort}")
        self._keys: dict[str, str] = {}
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, name=f"provider {sort}")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"

    def mood(self) -> Mood:
        """What it does with the next request."""
        with self._lock:
            self.requests += 1
            return self._rng.choices(list(_MOODS), list(_MOODS.values()))[0]

    def pause(self) -> float:
        """Seconds by which it is late."""
        with self._lock:
            return self._rng.uniform(*_LATE_S)

    def take(self, key: str, to: str) -> str:
        """Deliver a message, every time it is told to but for a key it honours and knows."""
        with self._lock:
            if self.sort is Sort.KEY and key in self._keys:
                return self._keys[key]
            self.got[to] += 1
            self._keys[key] = f"{self.sort}-{len(self._keys) + 1}"
            return self._keys[key]

    def known(self, key: str) -> str:
        """Its id of a message, "" where it has none of this key."""
        with self._lock:
            return self._keys.get(key, "")


class _Handler(BaseHTTPRequestHandler):
    @property
    def _provider(self) -> Provider:
        assert isinstance(self.server, Provider)
        return self.server

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return  # the gateway was killed while it spoke
        message = json.loads(body)
        mood, key, to = self._provider.mood(), self.headers["Idempotency-Key"], message["to"]
        taken = self._provider.take(key, to) if mood in _TAKES_BEFORE_ANSWER else ""
        match mood:
            case Mood.GOOD:
                self._say(HTTPStatus.ACCEPTED, {"id": taken})
            case Mood.BUSY:
                self._say(HTTPStatus.TOO_MANY_REQUESTS, {"why": "too many at once"})
            case Mood.BREAKS_BEFORE | Mood.BREAKS_AFTER:
                self._say(HTTPStatus.INTERNAL_SERVER_ERROR, {"why": "out of order"})
            case Mood.LATE | Mood.TAKES_LATE:
                time.sleep(self._provider.pause())
                self._say(HTTPStatus.ACCEPTED, {"id": taken or self._provider.take(key, to)})
            case _:
                self.close_connection = True

    def do_GET(self) -> None:
        mood = self._provider.mood()
        if mood in (Mood.DROPS_BEFORE, Mood.DROPS_AFTER):
            self.close_connection = True
            return
        if mood in (Mood.BREAKS_BEFORE, Mood.BREAKS_AFTER, Mood.BUSY):
            self._say(HTTPStatus.SERVICE_UNAVAILABLE, {"why": "out of order"})
            return
        known = self._provider.known(unquote(self.path.rpartition("/")[2]))
        if known and self._provider.sort is Sort.STATUS:
            self._say(HTTPStatus.OK, {"state": "sent", "id": known})
        else:
            self._say(HTTPStatus.NOT_FOUND, {"why": "no such message"})

    def _say(self, status: HTTPStatus, answer: dict[str, str]) -> None:
        body = json.dumps(answer).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            # Whoever asked has gone: the answer is lost, as in life.
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Nothing: the drill counts what customers got."""
