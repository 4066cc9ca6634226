"""How fast Ctrl+K answers a keystroke, in a shift of today's size and in a very large one.

Words of the demo's kind are typed letter by letter, with slips and words nobody has among them.
The naive way, looking into every entry in turn, runs beside it.
"""

import time
from argparse import Namespace
from collections.abc import Callable
from functools import partial

from tests.report import Line, argument_parser, show
from ui.palette.index import Entry, SearchIndex, folded

TODAY, LARGE = 1_500, 100_000
TYPED = (
    "customer 0417",
    "demo pharmacy",
    "pharmcy",
    "parcel-0000123",
    "r-204 land",
    "müller",
    "zzzzqq",
)


def entries(count: int) -> list[Entry]:
    """So many stops, each with a customer, an address and a parcel."""
    kinds = ("Customer", "Demo Pharmacy", "Bäckerei Müller", "Demo Deli")
    return [
        Entry(
            "stop",
            f"s{number}",
            f"{kinds[number % 4]} {number:06d}",
            f"Stop {number % 25 + 1} · R-{number // 25} · Landstrasse {number % 300}",
            f"ORD-{number * 7} PARCEL-{number * 13:07d}",
        )
        for number in range(count)
    ]


def measure(_options: Namespace) -> list[Line]:
    """Type everything on both sizes."""
    lines = []
    for count, size in ((TODAY, "today"), (LARGE, "large")):
        known = entries(count)
        begun = time.perf_counter()
        index = SearchIndex(known)
        build_s = time.perf_counter() - begun
        ours = _keystrokes_ms(index.search)
        naive = _keystrokes_ms(partial(_naive, known))
        lines += [
            Line(f"{size}_build_s", build_s, f"Index of {count:,} stops made", "s"),
            Line(f"{size}_key_p50_ms", _part(ours, 0.5), "A keystroke, median", "ms"),
            Line(f"{size}_key_max_ms", max(ours), "A keystroke, slowest", "ms"),
            Line(f"{size}_naive_p50_ms", _part(naive, 0.5), "The naive way, median", "ms"),
        ]
    return lines


def _keystrokes_ms(search: Callable[[str], object]) -> list[float]:
    took = []
    for words in TYPED:
        for letters in range(1, len(words) + 1):
            begun = time.perf_counter()
            search(words[:letters])
            took.append((time.perf_counter() - begun) * 1000)
    return sorted(took)


def _part(ordered: list[float], part: float) -> float:
    return ordered[int(part * (len(ordered) - 1))]


def _naive(known: list[Entry], typed: str) -> list[Entry]:
    words = folded(typed).split()
    return [
        one
        for one in known
        if all(word in folded(f"{one.title} {one.detail} {one.words}") for word in words)
    ][:50]


def main() -> None:
    """Run from the command line."""
    options = argument_parser("tests.benchmarks.palette", str(__doc__)).parse_args()
    show(measure(options), as_json=options.json)


if __name__ == "__main__":
    main()
