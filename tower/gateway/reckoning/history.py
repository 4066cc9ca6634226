"""Everything the journal knows of one stop."""

from collections.abc import Callable, Iterable, Iterator

from tower.domain.events import Event

About = Callable[[str, str, int], list[Event]]
"""The newest events about a thing (kind, id, at most so many), oldest first."""


def history_of(about: About, stop_id: str, limit: int) -> tuple[list[Event], bool]:
    """What happened to a stop, its exceptions and messages included.

    Args:
        about: asks the journal.
        stop_id: the stop.
        limit: at most so many events; the newest are kept.

    Returns:
        The events by the time they happened, the oldest first, and whether some were left out.
    """
    of_stop = about("stop", stop_id, limit + 1)
    found = {event.seq: event for event in of_stop}
    for kind, id_ in _concerned(of_stop):
        found.update((event.seq, event) for event in about(kind, id_, limit + 1))
    newest = [found[seq] for seq in sorted(found)][-limit:]
    return sorted(newest, key=lambda event: (event.at, event.seq)), len(found) > limit


def _concerned(events: Iterable[Event]) -> Iterator[tuple[str, str]]:
    """The exceptions and messages some events name, each once."""
    named = dict.fromkeys(
        pair
        for event in events
        for pair in (
            ("exception", event.subject.exception_id),
            ("message", event.subject.message_id),
        )
    )
    return (pair for pair in named if pair[1])
