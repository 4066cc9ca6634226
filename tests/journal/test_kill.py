"""kill -9 in the middle of appending loses nothing acknowledged and doubles nothing."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.journal.diary import HandClock
from tower.domain.fold import fold
from tower.journal.journal import Journal

ROUNDS = 4


def acknowledged_until_killed(path: Path, lines: int) -> list[str]:
    """Ids a sender was told are safe before it was killed."""
    command = [sys.executable, "-m", "tests.journal.sender", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sender:
        assert sender.stdout is not None
        told = [sender.stdout.readline() for _ in range(lines)]
        sender.kill()
        told.append(sender.stdout.read())
    whole = "".join(told)
    return whole[: whole.rfind("\n") + 1].split()


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_by_kill_9(path: Path) -> None:
    safe: list[str] = []
    for number in range(ROUNDS):
        safe += acknowledged_until_killed(path, 3 + 11 * number)

        journal = Journal.open(path, HandClock())
        events = journal.read(0, 1_000_000)
        state = journal.load_state()
        if number % 2:
            journal.save_snapshot(state).result()
        journal.close()

        counted = Counter(event.id for event in events)
        assert [id_ for id_ in safe if id_ not in counted] == []
        assert max(counted.values()) == 1
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        assert state == fold(events)
    assert len(safe) > 5 * ROUNDS
