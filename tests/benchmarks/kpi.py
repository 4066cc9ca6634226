"""How fast a year of figures answers: nine million stops of a 300-vehicle operation.

Every panel of the performance window asks what it asks in earnest, as JSON over the gateway would
carry it, one ask after another, on one year and on four weeks. Beside them the naive way: the rows
of one panel are read and grouped in memory. The year is made the first time, and kept in the
user's cache folder.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from tests.benchmarks._kpi_year import LAST, STOPS, Year, year
from tests.report import Line, argument_parser, show_whole
from tower.domain.reporting import Filters
from tower.kpi.facts import Dimension, Fact, FactKind
from tower.kpi.measures.catalogue import DEFINITIONS_VERSION, MEASURES
from tower.kpi.query import Answer, Ask, Behind
from tower.kpi.recount.changes import Changes
from tower.kpi.store.store import Store
from ui.performance.asks import asks_of
from ui.performance.look import BREAKDOWNS, FIELDS, Look, narrowed

PERIODS = (364, 28)
MEASURES_SHOWN = ("on_time", "co2e_per_stop", "failed_per_100_stops", "csat")
COMBINATIONS, BATCHES, BATCH = 60, 20, 200
_MOST_VALUES = 5
_SEED = 8

_asks = msgspec.json.Decoder(Ask)
_behinds = msgspec.json.Decoder(Behind)


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.kpi", str(__doc__))
    parser.add_argument(
        "--stops", type=int, default=STOPS, help="stops in the year (default: %(default)s)"
    )
    options = parser.parse_args()
    made = year(options.stops, _say)
    lines = list(measured(made))
    made.store.close()
    show_whole(lines, as_json=options.json)


def _say(words: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{words}   ")


def measured(made: Year) -> Iterator[Line]:
    """Everything that is measured of a year."""
    store = made.store
    (stops,) = _asked(store, Ask(measures=("stops",), filters=Filters(days=0))).rows[0].values
    yield Line("stops", int(stops or 0), "Stops in the year")
    yield Line("facts", made.making.facts, "Facts of every kind")
    yield Line("load_s", made.making.load_s, "Making and loading them took", "s")
    yield Line("file_mb", made.path.stat().st_size / 1e6, "File", "MB")
    yield Line("first_s", _spent(lambda: _panel(store, _looks(364)[0])), "First panels", "s")
    panels = _panels_s(store)
    yield Line("panel_p50_s", _quantile(panels, 50), "A panel, half of them within", "s")
    yield Line("panel_p95_s", _quantile(panels, 95), "A panel, 95 of 100 within", "s")
    yield Line("panel_max_s", max(panels), "The slowest panel", "s")
    one, whole = _filters_s(store)
    yield Line("filter_p95_ms", 1e3 * _quantile(one, 95), "A panel after a filter, 95 %", "ms")
    yield Line("window_p95_s", _quantile(whole, 95), "All panels after a filter, 95 %", "s")
    behind = _behind_s(store)
    yield Line("behind_p95_s", _quantile(behind, 95), "The stops behind a number, 95 %", "s")
    yield Line("put_p95_ms", 1e3 * _quantile(_put_s(store), 95), f"{BATCH} live facts, 95 %", "ms")
    naive = _full_scan_s(store)
    yield Line("full_scan_s", naive, "One panel by reading every row", "s")
    yield Line("ratio", naive / _quantile(panels, 95), "That over a panel (95 %)")


def _looks(days: int) -> list[Look]:
    """What people look at: every measure shown, taken apart by everything."""
    filters = Filters(days=days)
    return [
        Look(filters=filters, measure=measure, by=by)
        for measure in MEASURES_SHOWN
        for by in BREAKDOWNS
    ]


def _panel(store: Store, look: Look) -> dict[str, float]:
    """Seconds each panel of the window took to be answered."""
    return {
        name: _spent(lambda asks=asks: [_asked(store, ask) for ask in asks.values()])  # type: ignore[misc]
        for name, asks in asks_of(look, LAST).items()
    }


def _panels_s(store: Store) -> list[float]:
    looks = [look for days in PERIODS for look in _looks(days)]
    return [seconds for look in looks for seconds in _panel(store, look).values()]


def _filters_s(store: Store) -> tuple[list[float], list[float]]:
    """Seconds of each panel under filters that people click together, and of all of them."""
    chance = random.Random(_SEED)
    known: dict[Dimension, list[str]] = {
        dimension: [one.key for one in store.known(dimension, limit=1_000)]
        for dimension in FIELDS
        if dimension is not Dimension.WEEKDAY
    }
    known[Dimension.WEEKDAY] = [str(day) for day in range(6)]
    panels: list[float] = []
    whole: list[float] = []
    for _ in range(COMBINATIONS):
        spent = _panel(store, _filtered(known, chance)).values()
        panels += spent
        whole.append(sum(spent))
    return panels, whole


def _filtered(known: dict[Dimension, list[str]], chance: random.Random) -> Look:
    filters = Filters(days=chance.choice(PERIODS))
    for dimension in chance.sample(list(known), chance.randint(1, 3)):
        most = min(_MOST_VALUES, len(known[dimension]))
        values = chance.sample(known[dimension], chance.randint(1, most))
        filters = narrowed(filters, dimension, tuple(values))
    measure, by = chance.choice(MEASURES_SHOWN), chance.choice(list(BREAKDOWNS))
    return Look(filters=filters, measure=measure, by=by)


def _behind_s(store: Store) -> list[float]:
    """Seconds until the first page of the stops behind a bar is there."""
    spent = []
    for days in PERIODS:
        drivers = _asked(store, _by_driver(days)).rows
        for row in drivers[:: max(1, len(drivers) // 20)]:
            at = {Dimension.DRIVER: row.keys[0]}
            behind = Behind(measure="on_time", at=at, filters=Filters(days=days), only_missed=True)
            body = msgspec.json.encode(behind)
            spent.append(_spent(lambda body=body: _found(store, body)))  # type: ignore[misc]
    return spent


def _by_driver(days: int) -> Ask:
    return Ask(measures=("on_time",), by=(Dimension.DRIVER,), filters=Filters(days=days))


def _found(store: Store, body: bytes) -> bytes:
    return msgspec.json.encode(store.behind(_behinds.decode(body), MEASURES, LAST))


def _asked(store: Store, ask: Ask) -> Answer:
    """An answer on its way as JSON, there and back."""
    asked = _asks.decode(msgspec.json.encode(ask))
    answer = store.query(asked, MEASURES, LAST, DEFINITIONS_VERSION)
    return msgspec.json.decode(msgspec.json.encode(answer), type=Answer)


def _put_s(store: Store) -> list[float]:
    """Seconds of taking in what happened in a live operation; taken out again after."""
    spent = []
    for number in range(BATCHES):
        facts: dict[str, tuple[Fact, ...]] = {
            f"stop:live-{number}-{one}": (_live(number, one),) for one in range(BATCH)
        }
        changes = Changes(facts=facts, since=LAST, until=LAST)
        spent.append(_spent(lambda changes=changes: store.put(changes, 0)))  # type: ignore[misc]
        gone = Changes(facts=dict.fromkeys(facts, ()), since=LAST, until=LAST)
        store.put(gone, 0)
    return spent


def _live(batch: int, number: int) -> Fact:
    at = datetime(LAST.year, LAST.month, LAST.day, 9, tzinfo=UTC) + timedelta(seconds=number)
    return Fact(
        id=f"live-{batch}-{number}",
        kind=FactKind.STOP,
        day=LAST,
        hour=11,
        at=at,
        carrier="carrier-1",
        route=f"tour-{number % 300:03}",
        driver=f"driver-1-{number % 36}",
        postcode="9100",
        stop_id=f"live-{batch}-{number}",
        adds={"stops": 1, "done": 1, "windowed": 1, "on_time": 1, "door_s": 140, "doors": 1},
    )


def _full_scan_s(store: Store) -> float:
    """Seconds of the naive way: every row of the year is read, and grouped by hour in memory."""
    question = 'SELECT "day", "hour", "kind", "on_time", "windowed" FROM facts'
    with store._reading() as connection:
        begun = time.perf_counter()
        frame = connection.execute(question).df()
        of_stops = frame[frame["kind"] == "stop"]
        sums = of_stops.groupby("hour")[["on_time", "windowed"]].sum()
        shares = (100.0 * sums["on_time"] / sums["windowed"]).to_numpy()
        assert np.nanmax(shares) <= 100.0
        return time.perf_counter() - begun


def _spent(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _quantile(values: Sequence[float], percent: float) -> float:
    return float(np.percentile(values, percent))


if __name__ == "__main__":
    main()
