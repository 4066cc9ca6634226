"""What the definition of a measure says: in words for people, in columns for the sums."""

from enum import StrEnum

import msgspec

from tower.kpi.facts import FactKind


class Better(StrEnum):
    """Which way a measure should go; `near` its target, where either side is bad."""

    HIGHER = "higher"
    LOWER = "lower"
    NEAR = "near"


class Group(StrEnum):
    """What a measure is about, as managers look for it."""

    SERVICE = "service"
    ARRIVALS = "arrivals"
    DRIVING = "driving"
    CUSTOMERS = "customers"
    EXCEPTIONS = "exceptions"
    AFTERWARDS = "afterwards"
    DATA = "data"


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """One measure: `scale · Σ above / Σ below` over facts, `scale · Σ above` without `below`.

    Attributes:
        key: names it on the wire and in settings.
        title: what it is, for the screen.
        words: what it means and what counts, in a sentence or two.
        formula: the same as arithmetic, for people who want to check a figure.
        unit: of the value, as `%` or `min`; "" for a count.
        kind: which facts have `above`.
        above: the column summed above the line.
        below: the column summed below it, None for a count.
        below_kind: which facts have `below`, where that is another kind: then both sums are taken
            apart alike, and a label or an ETA error, which only one of them has, divides nothing.
        scale: what the sums are multiplied by to come to the unit.
        decimals: how many are shown.
        better: which way it should go.
        target: what it should reach, stay under or be near, in the unit; None where there is none.
        tolerance: how far beyond its target it is still watched rather than bad, in the unit;
            where either side is bad also how far from it is still good.
        lineage: types of the events it rests on.
    """

    key: str
    title: str
    words: str
    formula: str
    group: Group
    kind: FactKind
    above: str
    below: str | None = None
    below_kind: FactKind | None = None
    unit: str = ""
    scale: float = 1.0
    decimals: int = 0
    better: Better
    target: float | None = None
    tolerance: float = 0.0
    lineage: tuple[str, ...]

    @property
    def is_share(self) -> bool:
        """True for hundredths of what could have been: facts of it are kept or missed.

        A fact is missed where `below - above` is more than 0; where less is better, where `above`
        is more than 0.
        """
        return self.unit == "%" and self.below_kind is None

    def value(self, above: float, below: float = 0.0) -> float | None:
        """The measure of two sums; None where it has nothing to divide by."""
        if self.below is None:
            return self.scale * above
        return self.scale * above / below if below else None
