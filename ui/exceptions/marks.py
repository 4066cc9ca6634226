"""What stands small at the right of a row: who, unread replies, escalation. Knows no widgets."""

from collections.abc import Iterator
from typing import NamedTuple

from ui.exceptions.rows import ExceptionRow


class Mark(NamedTuple):
    """A few words on a row.

    Attributes:
        colour: name in the palette.
        framed: it stands in a frame of its colour.
    """

    words: str
    colour: str
    framed: bool = False


def marks_of(row: ExceptionRow, *, has_woken: bool) -> Iterator[Mark]:
    """The marks of a row, from the right: the most telling first."""
    if row.owner:
        is_own = row.owner == "you"
        yield Mark(row.owner, "accent" if is_own else "muted")
    elif row.assigned and row.is_open:
        yield Mark(f"for {row.assigned}", "accent" if row.assigned == "you" else "muted")
    if row.unread:
        yield Mark(f"{row.unread} unread", "accent", framed=True)
    if row.is_escalated and row.is_open:
        yield Mark("escalated", "late")
    if has_woken:
        yield Mark("woken", "at_risk")
    if row.merged:
        yield Mark(f"+{row.merged} merged", "muted")
