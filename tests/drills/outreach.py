"""Kills a gateway while it tells customers things, and counts what each customer got.

A desktop sends commands to message customers, each once for its key, and sends those again that
got no answer. Three providers take the messages: one honours a key, one can be asked for a
message by its key, one does neither. All of them lose answers, are late, break down before and
after taking a message, or have no time. Meanwhile the gateway is killed with -9 and started again.
"""

import http.client
import json
import random
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple

import msgspec

from tests.drills._gateway import TOKEN, GatewayProcess, free_port
from tests.drills._outcome import Outcome
from tests.drills._providers import ANSWER_S, SETTLE_S, Provider, Sort
from tests.drills._single import run_alone
from tests.drills._watcher import Watcher
from tests.report import Line
from tower.domain.fold import fold
from tower.domain.messages import Message
from tower.domain.state import State
from tower.domain.words import MessageState
from tower.feed.clock import SystemClock
from tower.gateway.answers import EventPage
from tower.gateway.server import open_journal

NAME = "outreach"
WORDS = "a gateway is killed while it tells customers things through bad providers"

INTENTS, KILLS = 500, 20
_CLIENTS = 4
_BULK = 5
_PATIENCE_S = 60.0
_SETTLES_S = 300.0
_LIFE_S = 20.0
_MEDIA = {Sort.KEY: "sms", Sort.STATUS: "email", Sort.NONE: "whatsapp"}
_NOT_THERE = (OSError, http.client.HTTPException)
_pages = msgspec.json.Decoder(EventPage)


class Told(NamedTuple):
    """What customers got.

    Attributes:
        intents: messages somebody decided to send.
        once: customers who got exactly one message.
        doubled: customers who got more.
        lost: customers who got none, and nobody is told so.
        unknown: messages left for a person to decide, at the provider that offers nothing.
        unknown_elsewhere: likewise at the others.
        resent: commands sent again for want of an answer.
        requests: what the providers were asked.
        recovered_s: seconds from a kill until the gateway serves again, at worst.
        seen: what a desktop showed meanwhile; cleared: all was well on it in the end.
    """

    kills: int
    intents: int
    once: int
    doubled: int
    lost: int
    unknown: int
    unknown_elsewhere: int
    unknown_arrived: int
    resent: int
    requests: int
    seconds: float
    recovered_s: float
    seen: tuple[str, ...]
    cleared: bool

    def outcome(self) -> Outcome:
        """As all drills tell it; a message left for a person is neither lost nor doubled."""
        return Outcome(
            name=NAME,
            acknowledged=self.intents,
            lost=self.lost,
            doubled=self.doubled,
            recovered_s=self.recovered_s,
            seen=self.seen,
            cleared=self.cleared,
            more=tuple(self._lines()),
        )

    def _lines(self) -> list[Line]:
        return [
            Line("kills", self.kills, "kill -9 while customers are told"),
            Line("once", self.once, "customers who got exactly one message"),
            Line("unknown", self.unknown, "left for a person, at the provider that offers nothing"),
            Line("unknown_arrived", self.unknown_arrived, "… of these the customer has got"),
            Line("unknown_elsewhere", self.unknown_elsewhere, "left for a person at the others"),
            Line("resent", self.resent, "commands sent again for want of an answer"),
            Line("requests", self.requests, "requests to the providers"),
            Line("seconds", self.seconds, "the drill took", "s"),
        ]


class Customer(NamedTuple):
    """Somebody to be told something, over one channel."""

    number: int
    sort: Sort

    @property
    def stop_id(self) -> str:
        """Their stop."""
        return f"D-{self.number:04}"

    @property
    def address(self) -> str:
        """An address nobody has: a number kept free for films, or a domain kept for examples."""
        if self.sort is Sort.STATUS:
            return f"customer-{self.number:04}@example.org"
        return f"+447700900{self.number % 1000:03}"


class Dispatcher:
    """Sends commands as a desktop does: each with its key, again until it is answered."""

    def __init__(self, customers: list[Customer], rng: random.Random) -> None:
        self.resent = 0
        self._lock = threading.Lock()
        self._waiting = _commands(customers, rng)
        self._sent = set[str]()
        self._gone = threading.Event()
        self._threads: list[threading.Thread] = []
        self._refusals: list[str] = []

    @property
    def is_done(self) -> bool:
        """True once every command is answered."""
        return not self._waiting and not any(one.is_alive() for one in self._threads)

    def check(self) -> None:
        """See that no command was refused.

        Raises:
            RuntimeError: one was; the drill would wait for it in vain.
        """
        if self._refusals:
            raise RuntimeError(f"a command was refused: {self._refusals[0]}")

    def begin(self, port: int) -> None:
        """Send to a gateway that was just started."""
        self._gone = threading.Event()
        self._threads = [
            threading.Thread(target=self._send_all, args=(port, self._gone))
            for _ in range(_CLIENTS)
        ]
        for thread in self._threads:
            thread.start()

    def pause(self) -> None:
        """Stop sending: the gateway is gone."""
        self._gone.set()
        for thread in self._threads:
            thread.join(_PATIENCE_S)

    def _send_all(self, port: int, gone: threading.Event) -> None:
        with closing(_connect(port)) as line:
            while not gone.is_set():
                with self._lock:
                    if not self._waiting:
                        return
                    key, body = self._waiting.pop()
                    self.resent += key in self._sent
                    self._sent.add(key)
                if not self._send(line, key, body):
                    with self._lock:
                        self._waiting.append((key, body))
                    return
                gone.wait(0.05)

    def _send(self, line: http.client.HTTPConnection, key: str, body: bytes) -> bool:
        try:
            status, said = _command(line, key, body)
        except _NOT_THERE:
            return False
        if status != http.client.OK:
            self._refusals.append(said.decode())
        return True


def run(seed: int, kills: int = KILLS, intents: int = INTENTS) -> Outcome:
    """Send so many messages while the gateway is killed so many times, on a journal of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return drill(intents, kills, Path(folder), seed).outcome()


def drill(intents: int, kills: int, folder: Path, seed: int = 1) -> Told:
    """Send so many messages while the gateway is killed so many times.

    Args:
        intents: messages.
        kills: kill -9.
        folder: where the gateway's journal lies.
        seed: decides when it is killed, and what the providers do.
    """
    began, rng, port = time.monotonic(), random.Random(seed), free_port()
    customers = [Customer(number, list(Sort)[number % 3]) for number in range(intents)]
    with ExitStack() as stack:
        providers = [stack.enter_context(Provider(sort, seed)) for sort in Sort]
        settings = _settings(providers)
        with GatewayProcess(folder, settings, port=port):
            _open_shift(port, customers)
        dispatcher = Dispatcher(customers, rng)
        watcher = stack.enter_context(Watcher(port))
        killed_at, recovered_s = time.monotonic(), 0.0
        for number in range(kills):
            with GatewayProcess(folder, settings, port=port) as gateway:
                recovered_s = max(recovered_s, time.monotonic() - killed_at)
                dispatcher.begin(port)
                share = intents * (number + 1) // (kills + 1)
                _wait_for(providers, share + rng.randint(-3, 3), rng)
                killed_at = time.monotonic()
                gateway.kill()
                dispatcher.pause()
                dispatcher.check()
        with GatewayProcess(folder, settings, port=port):
            recovered_s = max(recovered_s, time.monotonic() - killed_at)
            dispatcher.begin(port)
            _until_settled(port, dispatcher, intents)
            dispatcher.pause()
            cleared = watcher.until_well()
            watcher.close()
        time.sleep(SETTLE_S)
        got = {sort: provider.got for sort, provider in zip(Sort, providers, strict=True)}
        requests = sum(provider.requests for provider in providers)
    messages = _messages_in(folder / "data")
    counted = _count(customers, got, messages)
    return Told(
        kills=kills,
        intents=intents,
        resent=dispatcher.resent,
        requests=requests,
        seconds=time.monotonic() - began,
        recovered_s=recovered_s,
        seen=watcher.seen,
        cleared=cleared,
        **counted,
    )


def _count(
    customers: list[Customer], got: dict[Sort, Counter[str]], messages: dict[str, Message]
) -> dict[str, int]:
    counted = Counter[str](
        once=0, doubled=0, lost=0, unknown=0, unknown_arrived=0, unknown_elsewhere=0
    )
    for customer in customers:
        times = got[customer.sort][customer.address]
        message = messages.get(customer.stop_id)
        is_unknown = message is not None and message.state is MessageState.UNKNOWN
        counted["once"] += times == 1
        counted["doubled"] += times > 1
        counted["lost"] += times == 0 and not is_unknown
        at_none = customer.sort is Sort.NONE
        counted["unknown"] += is_unknown and at_none
        counted["unknown_arrived"] += is_unknown and at_none and times > 0
        counted["unknown_elsewhere"] += is_unknown and not at_none
    return dict(counted)


def _settings(providers: list[Provider]) -> str:
    parts = [
        f"""
[[channel]]
name = "{provider.sort}"
plugin = "http_json"
carries = ["{_MEDIA[provider.sort]}"]
at_once = 8
per_second = 50.0
timeout_s = {ANSWER_S}
settle_s = {SETTLE_S}
retry_s = 0.2

[channel.options]
url = "{provider.url}/messages"
status_url = "{provider.url}/messages/{{key}}"
assurance = "{provider.sort}"
"""
        for provider in providers
    ]
    return "".join(parts)


def _open_shift(port: int, customers: list[Customer]) -> None:
    """Hand in the stops, and let customers be told at any hour."""
    stops = [
        {
            "id": one.stop_id,
            "customer": f"Customer {one.number:04}",
            "lat": 47.14,
            "lon": 9.52,
            "email" if one.sort is Sort.STATUS else "phone": one.address,
            "contact_by": [_MEDIA[one.sort]],
        }
        for one in customers
    ]
    policy = {"quiet_from": "00:00", "quiet_until": "00:00"}
    rule = {"type": "set_outreach_policy", "version": 0, "policy": policy}
    with closing(_connect(port)) as line:
        body = json.dumps({"stops": stops}).encode()
        status, said = _ask(line, "POST", "/v1/manifest?name=drill.json", body)
        if status != http.client.OK or b'"problems":[]' not in said:
            raise RuntimeError(f"the stops were not taken in: {said[:500]!r}")
        status, said = _command(line, "policy", json.dumps(rule).encode())
        if status != http.client.OK:
            raise RuntimeError(f"the policy was not set: {said!r}")


def _commands(customers: list[Customer], rng: random.Random) -> list[tuple[str, bytes]]:
    """One message a command, now and then several."""
    left, commands = list(customers), []
    while left:
        many = _BULK if rng.random() < 0.1 else 1
        told, left = left[:many], left[many:]
        wishes = [{"stop_id": one.stop_id, **_said(one)} for one in told]
        body = json.dumps({"type": "send_messages", "messages": wishes}).encode()
        commands.append((f"drill-{told[0].number}", body))
    rng.shuffle(commands)
    return commands


def _said(customer: Customer) -> dict[str, str]:
    """What is said; who did not write to us first gets a template over WhatsApp."""
    medium = _MEDIA[customer.sort]
    if customer.sort is Sort.NONE:
        return {"channel": medium, "template": "gate_code"}
    return {"channel": medium, "words": f"Message {customer.number}"}


def _wait_for(providers: list[Provider], requests: int, rng: random.Random) -> None:
    """Wait until the providers got so many messages, and a moment more."""
    ends = time.monotonic() + _LIFE_S
    while sum(one.got.total() for one in providers) < requests and time.monotonic() < ends:
        time.sleep(0.005)
    time.sleep(rng.uniform(0.0, 0.3))


def _until_settled(port: int, dispatcher: Dispatcher, intents: int) -> None:
    """Wait until nothing is on its way any more, as anybody can see who asks."""
    state, ends = State(), time.monotonic() + _SETTLES_S
    with closing(_connect(port)) as line:
        while time.monotonic() < ends:
            _catch_up(line, state)
            dispatcher.check()
            if dispatcher.is_done and len(state.messages) >= intents and _is_settled(state):
                return
            time.sleep(0.2)


def _is_settled(state: State) -> bool:
    return all(_rests(message) for message in state.messages.values())


def _rests(message: Message) -> bool:
    last = message.last
    if last is None or last.state is MessageState.SENDING:
        return False
    if last.state is MessageState.FAILED:
        return not last.again
    return last.state is not MessageState.UNKNOWN or last.provider == Sort.NONE


def _catch_up(line: http.client.HTTPConnection, state: State) -> None:
    while True:
        status, said = _ask(line, "GET", f"/v1/events?after={state.seq}&limit=500", b"")
        if status != http.client.OK:
            raise RuntimeError(f"the events cannot be read: {said[:200]!r}")
        page = _pages.decode(said)
        if not page.events:
            return
        fold(page.events, state)


def _messages_in(data: Path) -> dict[str, Message]:
    """The messages of the journal, by stop."""
    with closing(open_journal(data, SystemClock())) as journal:
        state = journal.load_state()
    return {one.plan.stop_id: one for one in state.messages.values() if one.plan is not None}


def _connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)


def _command(line: http.client.HTTPConnection, key: str, body: bytes) -> tuple[int, bytes]:
    return _ask(line, "POST", "/v1/commands", body, {"Idempotency-Key": key})


def _ask(
    line: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes,
    headers: dict[str, str] | None = None,
) -> tuple[int, bytes]:
    kind = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    line.request(method, path, body, {**kind, **(headers or {})})
    response = line.getresponse()
    return response.status, response.read()


if __name__ == "__main__":
    run_alone(NAME)
