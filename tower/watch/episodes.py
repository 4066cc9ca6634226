"""Which exception is the newest of a kind about a thing; see `tower.domain.episodes`."""

from tower.domain.episodes import episode_id
from tower.domain.records import ExceptionRecord
from tower.domain.state import State
from tower.domain.words import ExceptionKind


def newest_episode(
    state: State, kind: ExceptionKind, about: str
) -> tuple[ExceptionRecord | None, int]:
    """The newest exception of this kind about this thing, and its number; (None, 0) for none."""
    record, episode = None, 0
    while following := state.exceptions.get(episode_id(kind, about, episode + 1)):
        record, episode = following, episode + 1
    return record, episode
