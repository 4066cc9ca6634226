"""What the queue counts besides its rows: unread replies by stop, duplicates merged away."""

from collections import Counter

from tower.domain.state import State


def unread_by_stop(state: State) -> Counter[str]:
    """How many replies nobody has read, by the stop they belong to."""
    return Counter(
        reply.stop_id
        for reply in state.replies.values()
        if reply.stop_id and reply.id not in state.seen
    )


def merged_by_target(state: State) -> Counter[str]:
    """How many duplicates were merged into each exception."""
    return Counter(
        record.work.merged_into
        for record in state.exceptions.values()
        if record.work.merged_into and not record.is_open
    )
