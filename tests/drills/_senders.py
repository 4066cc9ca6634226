"""Those who send to a gateway, as in life: again until they are told that it is safe."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import Self

from tests.drills._gateway import CARRIERS, PATIENCE_S, TOKEN

NOT_THERE = (OSError, http.client.HTTPException)
_AGAIN_S = 0.1
_WORDS_KEPT = 200


class Answer:
    """What one request was answered with."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status, self.body = status, body

    @property
    def words(self) -> str:
        """The message of a refusal."""
        with suppress(ValueError, KeyError, TypeError):
            return str(json.loads(self.body)["message"])
        return self.body[:_WORDS_KEPT].decode(errors="replace")


def connect(port: int, patience_s: float = PATIENCE_S) -> http.client.HTTPConnection:
    """A connection to a gateway on loopback."""
    return http.client.HTTPConnection("127.0.0.1", port, timeout=patience_s)


def ask(
    line: http.client.HTTPConnection, method: str, path: str, body: bytes = b"", **headers: str
) -> Answer:
    """Ask once; a header's underscores stand for hyphens.

    Raises:
        OSError, HTTPException: nobody is there, or it died meanwhile.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    line.request(method, path, body, {**kind, **named})
    response = line.getresponse()
    return Answer(response.status, response.read())


class Sender:
    """Sends numbered things from several threads, each until it is acknowledged.

    Attributes:
        acknowledged: numbers that were answered as safe.
        resent: how often something was sent again.
        refused: words of answers other than "safe", and how often.
        latencies_s: seconds to each acknowledgement, in turn.
    """

    safe = http.client.OK

    def __init__(self, port: int, threads: int, pace_s: float = 0.0) -> None:
        """Nothing is sent yet.

        Args:
            port: the gateway's.
            threads: connections that send at once.
            pace_s: pause of each after an acknowledgement.
        """
        self.acknowledged: set[int] = set()
        self.refused: Counter[str] = Counter()
        self.resent = 0
        self.latencies_s: list[float] = []
        self._port, self._pace_s = port, pace_s
        self._unanswered: list[int] = []
        self._newest = 0
        self._lock = threading.Lock()
        self._ended, self._resting = threading.Event(), threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(threads)]

    def send(self, line: http.client.HTTPConnection, number: int) -> Answer:
        """Send one."""
        raise NotImplementedError

    @property
    def is_ready(self) -> bool:
        """There is something to send."""
        return True

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Send nothing new; what is under way is finished. Harmless the second time."""
        self._ended.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(PATIENCE_S)

    def rest(self) -> None:
        """Send no new numbers; what got no answer is still sent again."""
        self._resting.set()

    @property
    def is_done(self) -> bool:
        """All that ever was sent is acknowledged."""
        with self._lock:
            return len(self.acknowledged) == self._newest

    def _run(self) -> None:
        while not self._ended.is_set():
            with closing(connect(self._port)) as line, suppress(*NOT_THERE):
                self._send_all(line)
            self._ended.wait(_AGAIN_S)

    def _send_all(self, line: http.client.HTTPConnection) -> None:
        """Until the line breaks or the end."""
        while not self._ended.is_set():
            number = self._take()
            if number is None or not self._send_one(line, number):
                self._ended.wait(_AGAIN_S)
            elif self._pace_s:
                self._ended.wait(self._pace_s)

    def _send_one(self, line: http.client.HTTPConnection, number: int) -> bool:
        begun, answer = time.monotonic(), None
        try:
            answer = self.send(line, number)
        finally:
            is_safe = answer is not None and answer.status == self.safe
            with self._lock:
                self.acknowledged.add(number) if is_safe else self._unanswered.append(number)
                if is_safe:
                    self.latencies_s.append(time.monotonic() - begun)
                elif answer is not None:
                    self.refused[f"{answer.status} {answer.words}"] += 1
        return is_safe

    def _take(self) -> int | None:
        """What to send next: what got no answer, else a new number, else None."""
        with self._lock:
            if self._unanswered:
                self.resent += 1
                return self._unanswered.pop(0)
            if self._resting.is_set() or not self.is_ready:
                return None
            self._newest += 1
            return self._newest


class Alarms(Sender):
    """Carriers: each number is an alarm of a vehicle of its own."""

    safe = http.client.ACCEPTED

    def __init__(self, port: int, threads: int, pace_s: float = 0.0, weight: int = 0) -> None:
        """As `Sender`; `weight` letters more in each alarm, to fill a disk sooner."""
        super().__init__(port, threads, pace_s)
        self._at = datetime.now(UTC).isoformat()
        self._ballast = "x" * weight

    def send(self, line: http.client.HTTPConnection, number: int) -> Answer:
        """One alarm, in Traccar's format."""
        body = json.dumps(self._message(number)).encode()
        answer = ask(line, "POST", "/v1/ingest/traccar", body, X_Tower_Carrier=_carrier(number))
        if answer.status == self.safe and json.loads(answer.body)["refused"]:
            return Answer(http.client.UNPROCESSABLE_ENTITY, answer.body)
        return answer

    @staticmethod
    def vehicle(number: int) -> str:
        """The vehicle of a number, as the journal names it."""
        return f"{_carrier(number)}:van-{number}"

    def _message(self, number: int) -> dict[str, object]:
        position = {
            "id": number,
            "deviceId": number,
            "fixTime": self._at,
            "latitude": 47.14,
            "longitude": 9.52,
            "valid": True,
            "attributes": {"alarm": "sos"},
        }
        name = f"Van {number}{self._ballast}"
        return {
            "position": position,
            "device": {"id": number, "uniqueId": f"van-{number}", "name": name},
        }


def _carrier(number: int) -> str:
    return CARRIERS[number % len(CARRIERS)]


class Notes(Sender):
    """A dispatcher: each number is a note on an exception, a command with a key of its own."""

    def __init__(
        self,
        port: int,
        exceptions: Callable[[], list[str]],
        threads: int = 2,
        pace_s: float = 0.0,
        weight: int = 0,
    ) -> None:
        """As `Alarms`; `exceptions` are the ids there are to write about."""
        super().__init__(port, threads, pace_s)
        self._exceptions = exceptions
        self._about: dict[int, str] = {}
        self._ballast = "x" * weight

    def send(self, line: http.client.HTTPConnection, number: int) -> Answer:
        """One note."""
        known = self._exceptions()
        about = self._about.setdefault(number, known[number % len(known)])
        note = {"type": "note_exception", "exception_id": about, "words": self.words(number)}
        key = f"note-{number}"
        return ask(line, "POST", "/v1/commands", json.dumps(note).encode(), Idempotency_Key=key)

    @property
    def is_ready(self) -> bool:
        """There is something to write about."""
        return bool(self._exceptions())

    def words(self, number: int) -> str:
        """What note a number is."""
        return f"Note {number}{self._ballast}"
