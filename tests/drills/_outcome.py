"""What a drill found, and how it is told: a row of a table, an object of a JSON list."""

import json
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from tests.report import Line


class Outcome(NamedTuple):
    """What a drill found.

    Attributes:
        name: the drill's.
        acknowledged: messages and commands whose senders were told that they are safe.
        lost: acknowledged ones that are not there afterwards.
        doubled: ones that are there more than once.
        recovered_s: seconds from the end of the fault (for a kill: from the kill) until the first
            request is answered, or whatever was cut flows again; the worst of several. None where
            nothing was ever interrupted.
        seen: what the user read while the fault lasted, each wording once.
        cleared: the user saw all well again afterwards, without doing anything.
        skipped: why it could not be tried on this machine; "" where it was.
        more: what else is worth knowing; keys go into the JSON object.
    """

    name: str
    acknowledged: int
    lost: int
    doubled: int
    recovered_s: float | None
    seen: tuple[str, ...]
    cleared: bool
    skipped: str = ""
    more: tuple[Line, ...] = ()

    @property
    def is_good(self) -> bool:
        """Nothing lost, nothing doubled, the fault was seen and is over; or it was not tried."""
        held = self.lost == 0 and self.doubled == 0
        return bool(self.skipped) or (held and bool(self.seen) and self.cleared)

    def as_object(self) -> dict[str, object]:
        """For the JSON list."""
        return {
            "name": self.name,
            "acknowledged": self.acknowledged,
            "lost": self.lost,
            "doubled": self.doubled,
            "recovered_s": None if self.recovered_s is None else round(self.recovered_s, 3),
            "seen": list(self.seen),
            "cleared": self.cleared,
            "skipped": self.skipped,
            "good": self.is_good,
            **{line.key: line.value for line in self.more},
        }


class Drill(Protocol):
    """A module of this folder."""

    NAME: str
    WORDS: str

    def run(self, seed: int) -> Outcome:
        """Do it; the same seed brings the same trouble."""
        ...


def not_here(name: str, why: str) -> Outcome:
    """The outcome of a drill this machine does not allow."""
    return Outcome(name, 0, 0, 0, None, (), cleared=True, skipped=why)


def as_json(outcomes: Sequence[Outcome]) -> str:
    """A list of objects, one a drill."""
    return json.dumps([one.as_object() for one in outcomes], ensure_ascii=False)


_COLUMNS = ("drill", "acknowledged", "lost", "doubled", "recovered", "seen", "cleared", "")


def as_table(outcomes: Sequence[Outcome]) -> str:
    """A row a drill, and under it what the user read."""
    cells = [_COLUMNS, *(_cells(one) for one in outcomes)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(_COLUMNS))]
    heads = [_row(row, widths) for row in cells]
    told = ["", *("".join(_details(one)) for one in outcomes)]
    return "\n".join(head + more for head, more in zip(heads, told, strict=True))


def _cells(one: Outcome) -> tuple[str, ...]:
    if one.skipped:
        return (one.name, "—", "—", "—", "—", "—", "—", "not tried")
    recovered = "—" if one.recovered_s is None else f"{one.recovered_s:.1f} s"
    return (
        one.name,
        f"{one.acknowledged:,}",
        f"{one.lost:,}",
        f"{one.doubled:,}",
        recovered,
        _yes(one.seen),
        _yes(one.cleared),
        "good" if one.is_good else "BAD",
    )


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *middle, last = cells
    aligned = [f"{cell:>{width}}" for cell, width in zip(middle, widths[1:-1], strict=True)]
    return "  ".join([f"{first:<{widths[0]}}", *aligned, last])


def _details(one: Outcome) -> list[str]:
    said = [f'"{words}"' for words in one.seen]
    figures = [f"{line.title}: {_figure(line)}" for line in one.more]
    return [f"\n    {words}" for words in (one.skipped, *said, *figures) if words]


def _figure(line: Line) -> str:
    value = f"{line.value:,.2f}" if isinstance(line.value, float) else f"{line.value}"
    return f"{value} {line.unit}".rstrip()


def _yes(true: object) -> str:
    return "yes" if true else "no"
