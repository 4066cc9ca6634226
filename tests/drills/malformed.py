"""Damages three of ten messages of every carrier format, and sees what becomes of all of them.

A carrier a format sends messages, each about a vehicle of its own; a fuzzer damages some on the
way. Another carrier sends good ones only. Good messages are in the journal once; a damaged one is
refused with its reason, unless the damage left it a good one.
"""

import http.client
import json
import random
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tests.drills._formats import FORMATS, Format, damaged
from tests.drills._gateway import GatewayProcess
from tests.drills._journal import events_of, lost_and_doubled
from tests.drills._outcome import Outcome
from tests.drills._senders import Answer, Sender, ask, connect
from tests.drills._single import run_alone
from tests.drills._watcher import Watcher, until
from tests.report import Line
from tower.domain.events import VehicleRegistered

NAME = "malformed"
WORDS = "30 % of every carrier's messages are damaged on the way"

MESSAGES = 400
"""Of each format."""

_SHARE = 0.3
_PACE_S = 0.02
_PATIENCE_S = 180.0
_PAGE = 1_000
_CALM = Format("calm", "application/json", FORMATS[1].make)
_SETTINGS = "".join(
    f'[[carrier]]\nid = "{name}"\nadapter = "{adapter}"\n\n'
    for name, adapter in [*((one.adapter, one.adapter) for one in FORMATS), ("calm", "driver_app")]
)


class Fuzzed(Sender):
    """A carrier some of whose messages are damaged, each in its own way; sent until answered.

    Attributes:
        refused_parts: what the receipts say was refused.
        harmless: damaged messages nothing of which was refused.
        unexplained: answers that refuse without a reason.
    """

    safe = http.client.ACCEPTED

    def __init__(self, port: int, form: Format, share: float, seed: int) -> None:
        super().__init__(port, 1, _PACE_S)
        self.form, self.refused_parts, self.harmless, self.unexplained = form, 0, 0, 0
        self._share, self._seed = share, seed

    def is_damaged(self, number: int) -> bool:
        """Whether this one is."""
        return self._rng(number).random() < self._share

    def vehicle(self, number: int) -> str:
        """Whom a message is about."""
        kind = "damaged" if self.is_damaged(number) else "good"
        return f"{kind}-{number}"

    def send(self, line: http.client.HTTPConnection, number: int) -> Answer:
        """Send one message, as it is or damaged."""
        message = self.form.make(self.vehicle(number))
        if self.is_damaged(number):
            message = damaged(message, self._rng(number))
        adapter = "driver_app" if self.form is _CALM else self.form.adapter
        headers = {"X_Tower_Carrier": self.form.adapter, "Content_Type": self.form.media}
        answer = ask(line, "POST", f"/v1/ingest/{adapter}", message, **headers)
        if answer.status == self.safe:
            self._note(number, json.loads(answer.body))
        return answer

    def _note(self, number: int, receipt: dict[str, object]) -> None:
        refused, reasons = receipt.get("refused", 0), receipt.get("reasons", [])
        assert isinstance(refused, int)
        self.refused_parts += refused
        self.harmless += self.is_damaged(number) and not refused
        self.unexplained += bool(refused) and not reasons

    def _rng(self, number: int) -> random.Random:
        return random.Random(f"{self._seed} {self.form.adapter} {number}")


class _Log(NamedTuple):
    """The refused log: rows a carrier, and how many of them have no reason."""

    rows: Counter[str]
    unexplained: int


def run(seed: int) -> Outcome:
    """Send four hundred messages of each format."""
    with tempfile.TemporaryDirectory() as folder:
        return drill(MESSAGES, Path(folder), seed)


def drill(messages: int, folder: Path, seed: int = 1) -> Outcome:
    """Send so many messages of each format.

    Args:
        messages: of each.
        folder: where the gateway's journal lies.
        seed: decides which are damaged and how.
    """
    with GatewayProcess(folder, _SETTINGS) as gateway, Watcher(gateway.port) as watcher:
        carriers = [Fuzzed(gateway.port, form, _SHARE, seed) for form in FORMATS]
        calm = Fuzzed(gateway.port, _CALM, 0.0, seed)
        senders = [*carriers, calm]
        for one in senders:
            one.__enter__()
        until(lambda: all(len(one.acknowledged) >= messages for one in carriers), _PATIENCE_S)
        for one in senders:
            one.rest()
        done = until(lambda: all(one.is_done for one in senders), _PATIENCE_S)
        for one in senders:
            one.end()
        log = _whole_log(gateway.port, senders)
        shown = _shown(watcher, carriers)
        cleared = done and watcher.until_well()
    explained = _is_whole(log, senders)
    return _outcome(senders, folder / "data", log, shown, cleared=cleared and explained)


def _outcome(
    senders: list[Fuzzed], data: Path, log: _Log, shown: tuple[str, ...], *, cleared: bool
) -> Outcome:
    known = Counter(
        event.subject.vehicle_id
        for event in events_of(data)
        if isinstance(event.body, VehicleRegistered)
    )
    good = [
        f"{one.form.adapter}:{one.vehicle(number)}"
        for one in senders
        for number in one.acknowledged
        if not one.is_damaged(number)
    ]
    lost, doubled = lost_and_doubled(good, known)
    return Outcome(
        name=NAME,
        acknowledged=len(good),
        lost=lost,
        doubled=doubled,
        recovered_s=None,
        seen=shown,
        cleared=cleared and not log.unexplained and not any(one.unexplained for one in senders),
        more=tuple(_figures(senders, log)),
    )


def _figures(senders: list[Fuzzed], log: _Log) -> list[Line]:
    lines = [Line("unexplained", log.unexplained, "refused without a reason")]
    for one in senders:
        name = one.form.adapter
        bad = sum(one.is_damaged(number) for number in one.acknowledged)
        p95_ms = float(np.percentile(one.latencies_s, 95)) * 1000
        lines += [
            Line(f"{name}_damaged", bad, f"{name}: damaged, of {len(one.acknowledged)}"),
            Line(f"{name}_harmless", one.harmless, "... and still good"),
            Line(f"{name}_refused", log.rows[name], "... parts in the refused log"),
            Line(f"{name}_p95_ms", p95_ms, "... answered within, 95 of 100", "ms"),
        ]
    return lines


def _shown(watcher: Watcher, carriers: list[Fuzzed]) -> tuple[str, ...]:
    """What the carriers' panel shows, once it shows all that was refused."""
    until(lambda: all(_refused(watcher, one) == one.refused_parts for one in carriers), 10.0)
    return tuple(
        f"{one.form.adapter}: {_refused(watcher, one):,} refused"
        for one in carriers
        if _refused(watcher, one)
    )


def _refused(watcher: Watcher, carrier: Fuzzed) -> int:
    health = watcher.health.get(carrier.form.adapter)
    return health.refused if health else 0


def _whole_log(port: int, senders: list[Fuzzed]) -> _Log:
    """The refused log, once it holds all that was refused: it is written every two seconds."""
    carriers, log = [one.form.adapter for one in senders], _Log(Counter(), 0)

    def is_read() -> bool:
        nonlocal log
        log = _read_log(port, carriers)
        return _is_whole(log, senders)

    until(is_read, 10.0)
    return log


def _is_whole(log: _Log, senders: list[Fuzzed]) -> bool:
    """Whether the log holds all that was refused, and nothing else."""
    return all(log.rows[one.form.adapter] == one.refused_parts for one in senders)


def _read_log(port: int, carriers: list[str]) -> _Log:
    rows, unexplained = Counter[str](), 0
    with closing(connect(port)) as line:
        for carrier in carriers:
            after = 0
            while page := _page(line, carrier, after):
                rows[carrier] += len(page)
                unexplained += sum(not one["reason"] for one in page)
                after = int(str(page[-1]["id"]))
    return _Log(rows, unexplained)


def _page(line: http.client.HTTPConnection, carrier: str, after: int) -> list[dict[str, object]]:
    path = f"/v1/refused?carrier={carrier}&after={after}&limit={_PAGE}"
    page: list[dict[str, object]] = json.loads(ask(line, "GET", path).body)
    return page


if __name__ == "__main__":
    run_alone(NAME)
