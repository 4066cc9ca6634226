"""What the panels draw: figures already in words, colours and shares. Knows no widgets."""

from typing import NamedTuple

from tower.kpi.measure import Mood


class Mark(NamedTuple):
    """A bar or a point.

    Attributes:
        key: of the row behind it.
        tick: what stands below it; name: what it is called in full.
        value: None leaves a gap; text: the value with its unit.
        counted: how much it rests on, in words.
        before: the value of the weeks before, None where there is none; before_text: in words.
    """

    key: str
    tick: str
    name: str
    value: float | None
    text: str
    counted: str
    before: float | None = None
    before_text: str = ""
    mood: Mood = Mood.NEUTRAL

    @property
    def words(self) -> str:
        """All of it in a sentence."""
        said = f"{self.name}: {self.text}, from {self.counted}"
        return f"{said}; before: {self.before_text}" if self.before_text else said


class Chart(NamedTuple):
    """Bars or points against a target.

    Attributes:
        floor: where the axis of values begins.
        note: a sentence beside the title.
    """

    marks: tuple[Mark, ...]
    target: float | None = None
    target_text: str = ""
    floor: float = 0.0
    note: str = ""

    @property
    def earlier(self) -> tuple[tuple[int, float], ...]:
        """Values of the weeks before, each with its place along the axis."""
        marks = enumerate(self.marks)
        return tuple((place, mark.before) for place, mark in marks if mark.before is not None)

    @property
    def drawn(self) -> tuple[float, ...]:
        """Every value that is to be seen, the target too; nothing where no mark has one."""
        now = tuple(mark.value for mark in self.marks if mark.value is not None)
        values = (*now, *(value for _, value in self.earlier))
        return values if self.target is None or not values else (*values, self.target)


class Cell(NamedTuple):
    """A figure in a table.

    Attributes:
        measure: whose figure; "" for words that open nothing.
        share: how much of the cell its bar fills, 0 to 1.
        before: it is the figure of the weeks before.
    """

    measure: str
    value: float | None
    text: str
    share: float = 0.0
    mood: Mood = Mood.NEUTRAL
    before: bool = False


class FigureRow(NamedTuple):
    """A row of a table: what it is, and its figures."""

    id: str
    name: str
    cells: tuple[Cell, ...]


class Table(NamedTuple):
    """A table of figures.

    Attributes:
        titles: of the columns, the first that of the names.
        rows: the worst first.
        note: a sentence beside the title.
    """

    titles: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    note: str = ""


class TileFigure(NamedTuple):
    """One measure over the whole period.

    Attributes:
        counted: how much it rests on, in words.
        change: against the weeks before, in words; change_mood: whether for the better.
        mood: against the target.
        line: its values step by step.
    """

    key: str
    title: str
    value: float | None
    text: str
    counted: str
    target: str
    mood: Mood
    change: str
    change_mood: Mood
    line: tuple[float, ...]
