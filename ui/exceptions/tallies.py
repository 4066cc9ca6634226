"""What the queue counts besides its rows: duplicates that were merged away."""

from collections import Counter

from tower.domain.state import State


def merged_by_target(state: State) -> Counter[str]:
    """How many duplicates were merged into each exception."""
    return Counter(
        record.work.merged_into
        for record in state.exceptions.values()
        if record.work.merged_into and not record.is_open
    )
