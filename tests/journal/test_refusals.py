"""What was refused is kept with its reason and counted by carrier, within limits."""

from datetime import timedelta
from pathlib import Path

import msgspec

from tests.journal.diary import NOON, HandClock
from tower.journal.journal import Journal
from tower.journal.refusals import EXCERPT_BYTES, KEPT_A_CARRIER


class Refusal(msgspec.Struct, frozen=True):
    carrier_id: str
    reason: str
    excerpt: bytes = b"{"
    adapter: str = "traccar"
    at = NOON


def test_refusals_are_read_with_their_reason_and_counted(journal: Journal) -> None:
    journal.refused.add([Refusal("own", "no such stop"), Refusal("gig", "truncated")])
    journal.refused.add([Refusal("own", "from the future")])
    journal.flush()

    read = journal.refused.read("own")
    assert [kept.reason for kept in read] == ["no such stop", "from the future"]
    assert (read[0].adapter, read[0].at, read[0].excerpt) == ("traccar", NOON, b"{")
    assert [kept.reason for kept in journal.refused.read("", read[0].id)] == [
        "truncated",
        "from the future",
    ]
    assert len(journal.refused.read("", limit=1)) == 1
    assert journal.refused.counts() == {"own": 2, "gig": 1}


def test_a_flood_of_one_carrier_pushes_out_only_its_own(journal: Journal) -> None:
    journal.refused.add([Refusal("own", "the only one")])
    flood = [Refusal("gig", f"bad {number}") for number in range(700)]
    for _ in range(3):
        journal.refused.add(flood)
    journal.flush()

    assert [kept.reason for kept in journal.refused.read("own")] == ["the only one"]
    kept = journal.refused.read("gig", limit=5000)
    assert len(kept) == KEPT_A_CARRIER
    assert kept[-1].reason == "bad 699"
    assert journal.refused.counts()["gig"] == 2100


def test_only_the_beginning_of_a_huge_message_is_kept(journal: Journal) -> None:
    journal.refused.add([Refusal("own", "too large", b"x" * 1_000_000)])
    journal.flush()

    assert len(journal.refused.read("own")[0].excerpt) == EXCERPT_BYTES


def test_refusals_wait_for_nobody_and_are_there_after_closing(journal: Journal, path: Path) -> None:
    journal.refused.add([Refusal("own", "no such stop")])
    journal.close()

    again = Journal.open(path, HandClock(NOON + timedelta(days=1)))
    assert again.refused.counts() == {"own": 1}
    again.close()
