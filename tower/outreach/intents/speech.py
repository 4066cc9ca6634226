"""What people say in one language, as pieces of patterns."""

from typing import NamedTuple


class Speech(NamedTuple):
    """The pieces replies are recognised by in one language.

    All are regular expressions over folded text (small letters, no accents), a blank standing for
    any gap. Each has to make up a whole clause together with `fillers`, so what is said around a
    piece and not understood makes it count for nothing.

    Attributes:
        fillers: words of politeness that change nothing, before or after.
        wait: that they wait, or are at home.
        wait_on: what may follow it.
        day: a day, with which nothing else is needed.
        greeting_day: a day that is a greeting too, so that it needs more beside it.
        time: a time of the day.
        other_time: that another time is wanted, none being named.
        time_lead, time_trail: what asks for a day or a time, before or after it.
        leave: to leave something somewhere.
        place: where a parcel may be left.
        other_place: a safe place, none being named.
        place_on: what may follow a place, to describe it.
        where: asking where it is, or when it comes.
        code: what a gate code is called.
        other_code: what stands around numbers that are no gate code.
        code_gap: words that may stand between the name and the code.
        door: what a door is called whose number has a letter.
        negation: words that turn a statement round, or say that something is wrong.
    """

    fillers: tuple[str, ...]
    wait: tuple[str, ...]
    wait_on: tuple[str, ...]
    day: tuple[str, ...]
    greeting_day: tuple[str, ...]
    time: tuple[str, ...]
    other_time: tuple[str, ...]
    time_lead: tuple[str, ...]
    time_trail: tuple[str, ...]
    leave: tuple[str, ...]
    place: tuple[str, ...]
    other_place: tuple[str, ...]
    place_on: tuple[str, ...]
    where: tuple[str, ...]
    code: tuple[str, ...]
    other_code: tuple[str, ...]
    code_gap: tuple[str, ...]
    door: tuple[str, ...]
    negation: tuple[str, ...]


def one_of(*pieces: str) -> str:
    """A pattern for any of some pieces."""
    return f"(?:{'|'.join(pieces)})"
