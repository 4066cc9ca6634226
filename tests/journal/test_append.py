"""What was acknowledged is in the journal: once, in order, timed, decided once."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec.structs import replace

from tests.journal.diary import NOON, HandClock, arrivals, claimed, cleared, event, raised
from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.words import ExceptionState
from tower.journal.errors import EventUnfit, JournalClosed, VersionConflict
from tower.journal.idempotency import IdempotencyRecord, KeyUsed
from tower.journal.journal import Journal
from tower.journal.port import Appender, Reader, Snapshots, Trails


def test_events_come_back_in_the_order_they_were_given(journal: Journal) -> None:
    first = journal.append(arrivals(3)).result()
    second = journal.append(arrivals(2, first=3)).result()

    assert [known.seq for known in first + second] == [1, 2, 3, 4, 5]
    assert journal.read(0, 100) == first + second
    assert journal.read(3, 1) == second[:1]
    assert (journal.first_seq, journal.seq) == (1, 5)


def test_a_message_sent_again_is_one_event(journal: Journal) -> None:
    journal.append(arrivals(2)).result()

    new = journal.append([*arrivals(3), *arrivals(3)]).result()

    assert [known.subject.stop_id for known in new] == ["s2"]
    assert len(journal.read(0, 100)) == 3
    assert journal.append(arrivals(3)).result() == []


def test_the_gateways_time_is_recorded_and_never_goes_back(
    journal: Journal, clock: HandClock
) -> None:
    [before] = journal.append(arrivals(1)).result()
    clock.go(-3600)
    later = journal.append(arrivals(3, first=1)).result()

    assert before.recorded_at == NOON
    times = [known.recorded_at for known in [before, *later]]
    assert times == sorted(set(times))
    assert times[-1] - NOON < timedelta(seconds=1)


def test_time_goes_on_from_the_last_event_after_a_restart(journal: Journal, path: Path) -> None:
    [last] = journal.append(arrivals(1)).result()
    journal.close()

    again = Journal.open(path, HandClock(NOON - timedelta(days=1)))
    [next_one] = again.append(arrivals(1, first=1)).result()
    again.close()

    assert next_one.seq == 2
    assert next_one.recorded_at > last.recorded_at


def test_listeners_hear_every_batch_in_sequence_before_the_sender_does(
    journal: Journal,
) -> None:
    heard: list[int] = []
    stop = journal.subscribe(lambda batch: heard.extend(known.seq for known in batch))

    sizes = [len(journal.append(arrivals(5, first=5 * n)).result()) for n in range(4)]
    heard_by_then = list(heard)
    stop()
    journal.append(arrivals(1, first=50)).result()

    assert sizes == [5, 5, 5, 5]
    assert heard_by_then == list(range(1, 21))
    assert heard == heard_by_then


def test_a_failing_listener_stops_neither_the_journal_nor_the_other_listeners(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[Event] = []

    def broken(_batch: list[Event]) -> None:
        raise RuntimeError("the screen is gone")

    journal.subscribe(broken)
    journal.subscribe(heard.extend)

    new = journal.append(arrivals(1)).result()

    assert heard == new
    assert "A listener failed" in caplog.text


def test_many_senders_at_once_lose_and_double_nothing(journal: Journal) -> None:
    def send(first: int) -> None:
        for number in range(first, first + 50):
            journal.append(arrivals(1, first=number)).result()

    senders = [threading.Thread(target=send, args=(25 * n,)) for n in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    stops = [known.subject.stop_id for known in journal.read(0, 1000)]
    assert sorted(stops) == sorted({f"s{n}" for n in range(125)})
    assert [known.seq for known in journal.read(0, 1000)] == list(range(1, 126))


def test_of_two_who_claim_the_same_exception_the_first_has_it(journal: Journal) -> None:
    journal.append([raised()]).result()
    anna, ben = journal.append([claimed(1, "anna")]), journal.append([claimed(1, "ben")])

    assert len(anna.result()) == 1
    with pytest.raises(VersionConflict, match="changed by someone else") as refused:
        ben.result()
    assert (refused.value.kind, refused.value.id, refused.value.version) == ("exception", "x1", 1)
    assert journal.load_state().exceptions["x1"].work.owner == "anna"


def test_a_route_sequenced_against_an_old_version_is_refused_whole(journal: Journal) -> None:
    def sequenced(mark: str, *versions: tuple[str, int]) -> Event:
        routes = tuple(
            e.RouteSequence(route_id=route_id, version=version, stops=())
            for route_id, version in versions
        )
        return event(e.RoutesSequenced(routes=routes), mark)

    journal.append([sequenced("a", ("r1", 1), ("r2", 1))]).result()
    late = journal.append([*arrivals(1), sequenced("b", ("r1", 2), ("r2", 1))])

    with pytest.raises(VersionConflict, match="route r2"):
        late.result()
    assert journal.seq == 1
    assert journal.append([sequenced("c", ("r1", 2))]).result()[0].seq == 2


def test_a_condition_that_is_gone_is_cleared_whoever_claimed_it_meanwhile(
    journal: Journal,
) -> None:
    journal.append([raised(), claimed(1, "anna")]).result()

    [event_] = journal.append([cleared(1)]).result()

    assert isinstance(event_.body, e.ExceptionWorked)
    assert event_.body.version == 2
    work = journal.load_state().exceptions["x1"].work
    assert (work.state, work.by_rule) == (ExceptionState.RESOLVED, True)


def test_a_command_sent_twice_is_answered_the_same_and_done_once(journal: Journal) -> None:
    def record(request_hash: str) -> IdempotencyRecord:
        return IdempotencyRecord(
            key="anna:7",
            request_hash=request_hash,
            status=200,
            respond=lambda new: f"seq {new[-1].seq}".encode(),
        )

    journal.append(arrivals(2), key=record("h1")).result()

    with pytest.raises(KeyUsed) as used:
        journal.append(arrivals(2, first=2), key=record("h2")).result()

    assert used.value.stored.request_hash == "h1"
    assert used.value.stored.response == b"seq 2"
    assert journal.answer("anna:7") == used.value.stored
    assert journal.answer("ben:7") is None
    assert journal.seq == 2


def test_a_refusal_is_an_answer_too(journal: Journal) -> None:
    record = IdempotencyRecord(key="k", request_hash="h", status=409, respond=lambda _new: b"taken")

    assert journal.append([], key=record).result() == []

    stored = journal.answer("k")
    assert stored is not None
    assert (stored.status, stored.response) == (409, b"taken")


def test_answers_are_forgotten_after_a_week(journal: Journal, path: Path) -> None:
    record = IdempotencyRecord(key="k", request_hash="h", status=200, respond=lambda _new: b"")
    journal.append(arrivals(1), key=record).result()
    journal.close()

    kept = {}
    for days in (6, 8):
        again = Journal.open(path, HandClock(NOON + timedelta(days=days)))
        kept[days] = again.answer("k") is not None
        again.close()

    assert kept == {6: True, 8: False}


def test_an_answer_without_events_is_as_old_as_the_asking_and_kept_a_week(
    journal: Journal, path: Path
) -> None:
    record = IdempotencyRecord(key="k", request_hash="h", status=409, respond=lambda _new: b"no")
    journal.append([], key=record).result()
    stored = journal.answer("k")
    assert stored is not None
    assert stored.recorded_at == NOON
    journal.close()

    again = Journal.open(path, HandClock(NOON + timedelta(days=6)))
    assert again.answer("k") == stored
    again.close()


def test_a_gateway_that_runs_for_weeks_forgets_old_answers_too(
    journal: Journal, clock: HandClock
) -> None:
    for key, days in (("old", 0), ("new", 8)):
        clock.at = NOON + timedelta(days=days)
        record = IdempotencyRecord(key=key, request_hash="", status=200, respond=lambda _new: b"")
        journal.append([], key=record).result()

    journal.save_snapshot(journal.load_state()).result()
    journal.flush()

    assert (journal.answer("old") is None, journal.answer("new") is None) == (True, False)


def test_the_narrow_doors_are_enough_to_live_by(journal: Journal) -> None:
    appender: Appender = journal
    reader: Reader = journal
    snapshots: Snapshots = journal
    trails: Trails = journal.breadcrumbs
    heard: list[Event] = []
    stop = reader.subscribe(heard.extend)

    appender.append(arrivals(2)).result()
    snapshots.save_snapshot(snapshots.load_state()).result()
    stop()

    assert trails.trail("own:1", NOON, NOON) == []
    assert reader.read(0, 10) == heard
    assert reader.about("stop", "s1", 10) == heard[1:]
    assert (reader.first_seq, reader.seq, snapshots.load_state().seq) == (1, 2, 2)


def test_an_event_that_cannot_be_written_takes_nobody_elses_with_it(journal: Journal) -> None:
    good, bad = arrivals(2)
    bad = replace(bad, actor=cast(Any, object()))

    waiting = [journal.append([known]) for known in (good, bad, *arrivals(1, first=2))]

    with pytest.raises(EventUnfit, match="cannot be recorded"):
        waiting[1].result()
    assert [known.seq for job in (waiting[0], waiting[2]) for known in job.result()] == [1, 2]


def test_an_append_under_way_cannot_be_taken_back(journal: Journal) -> None:
    waiting = journal.append(arrivals(1))

    assert not waiting.cancel()
    assert waiting.result()[0].seq == 1


def test_closing_writes_what_waits_and_takes_nothing_more(journal: Journal, path: Path) -> None:
    waiting = [journal.append(arrivals(1, first=n)) for n in range(50)]
    journal.close()
    journal.close()

    assert all(job.done() for job in waiting)
    with pytest.raises(JournalClosed, match="stopping"):
        journal.append(arrivals(1, first=99))
    again = Journal.open(path, HandClock())
    assert again.seq == 50
    again.close()
