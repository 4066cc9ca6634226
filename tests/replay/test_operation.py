"""The gateway hands out recordings: what it knew at any moment, whole or continued, or masked."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest

from tests.gateway.running import RunningGateway, asked_until, running_gateway
from tests.gateway.shift import MORNING, NOON, small_shift, told
from tower.cli.main import main
from tower.domain.events import Event, ExceptionNoted, ShiftOpened, StopArrived, StopDelivered
from tower.domain.fold import fold
from tower.domain.records import Subject
from tower.gateway import recordings
from tower.gateway.options import ExitCode
from tower.gateway.recordings import Bases, Recorder, Setting, Wanted, name_of, span_of
from tower.journal.spans import Spans
from tower.replay.errors import RecordingError
from tower.replay.file import MEDIA_TYPE, read_recording
from tower.replay.recording import Recording

AROUND_NOON = ((10, 47.14), (9, 47.141), (8, 47.142), (7, 47.143), (6, 47.144))
"""Minutes before noon at which a vehicle said where it was."""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    with running_gateway(tmp_path_factory.mktemp("recorded")) as running:
        with running.client("own") as phone:
            for ago_min, lat in ((130, 47.1), (129, 47.11), *AROUND_NOON):
                at = (NOON - timedelta(minutes=ago_min)).isoformat()
                place = {"lat": lat, "lon": 9.52}
                position = {"type": "position", "vehicle": "A", "at": at, **place}
                sent = phone.post("/v1/ingest/driver_app", content=json.dumps(position))
                assert sent.is_success
        running.journal.flush()
        with running.client() as http:
            asked_until(http, "/v1/routes/shapes", lambda said: len(said.json()) == 2)
        yield running


def asked(gateway: RunningGateway, query: str = "", person: str = "ann") -> httpx.Response:
    with gateway.client(person) as http:
        return http.get(f"/v1/recording{query}")


def recorded(gateway: RunningGateway, query: str = "", person: str = "ann") -> Recording:
    answer = asked(gateway, query, person)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert int(answer.headers["content-length"]) == len(answer.content)
    return read_recording(answer.content)


def test_the_whole_shift_is_in_it(gateway: RunningGateway) -> None:
    recording = recorded(gateway)
    assert recording.info.begins == MORNING
    assert recording.info.zone == "UTC"
    assert recording.info.name == "Friday 20 November, Day"
    assert recording.info.epoch == gateway.journal.epoch
    moment = recording.reader().moment(recording.info.ends)
    assert {stop_id: (stop.plan, stop.state) for stop_id, stop in moment.state.stops.items()} == {
        stop_id: (stop.plan, stop.state) for stop_id, stop in gateway.state.stops.items()
    }
    assert moment.state.routes.keys() == gateway.state.routes.keys()
    assert moment.state.exceptions.keys() == gateway.state.exceptions.keys()
    assert recording.shapes.keys() == {"A", "B"}


def test_positions_are_where_the_vehicle_was(gateway: RunningGateway) -> None:
    recording = recorded(gateway)
    trail = recording.trail("own:A", NOON - timedelta(hours=1), NOON)
    assert [round(fix.lat, 6) for fix in trail] == [lat for _, lat in AROUND_NOON]
    now = recording.reader().moment(NOON - timedelta(minutes=8, seconds=30)).vehicles.row("own:A")
    assert now is not None
    assert now.lat == pytest.approx(47.141)


def test_a_recording_is_continued_by_what_came_since(gateway: RunningGateway) -> None:
    first = recorded(gateway)
    body = {
        "type": "note_exception",
        "exception_id": "gate-code-missing",
        "words": "The gate is red",
    }
    with gateway.client() as http:
        done = http.post("/v1/commands", json=body, headers={"Idempotency-Key": "note-1"})
        assert done.is_success, done.text
    since = first.info.ends.isoformat().replace("+00:00", "Z")
    rest = recorded(gateway, f"?after_seq={first.seq}&since={since}")
    assert rest.info.is_rest
    with pytest.raises(RecordingError, match="only continues"):
        rest.reader()
    whole = first.extended(rest)
    notes = whole.reader().moment(whole.info.ends).state.notes.values()
    assert "The gate is red" in {note.words for note in notes}
    numbers = [one.seq for one in whole.events]
    assert sorted(numbers) == list(range(1, gateway.journal.seq + 1))


def test_who_continues_long_after_the_opening_is_told_the_last_hour_s_positions(
    gateway: RunningGateway,
) -> None:
    wanted, later = Wanted(after_seq=gateway.journal.seq), NOON + timedelta(hours=4)
    with closing(Spans(gateway.journal.path)) as spans:

        def positions(opened_at: datetime | None) -> int:
            shift = gateway.state.shift
            setting = Setting(shift=shift, region="", now=later, opened_at=opened_at)
            return len(Recorder(spans).record(wanted, setting).positions)

        assert positions(None) == positions(NOON) == 7
        # Those of the last hour, and where the vehicle was at its beginning.
        assert positions(MORNING) == 6


def test_a_viewer_gets_it_masked_and_no_other_way(gateway: RunningGateway) -> None:
    masked = recorded(gateway, person="vic")
    assert masked.info.is_masked
    plans = [stop.plan for stop in masked.reader().moment(masked.info.ends).state.stops.values()]
    assert not any("Customer 00" in plan.customer for plan in plans if plan)
    refused = asked(gateway, "?masked=false", "vic")
    assert refused.status_code == 403
    assert recorded(gateway, "?masked=true").info.is_masked


def test_labels_stay_the_same_when_it_is_continued(gateway: RunningGateway) -> None:
    first, again = recorded(gateway, person="vic"), recorded(gateway, person="vic")
    assert names(first) == names(again)


def names(recording: Recording) -> dict[str, str]:
    stops = recording.reader().moment(recording.info.ends).state.stops
    return {stop_id: stop.plan.customer for stop_id, stop in stops.items() if stop.plan}


@pytest.mark.parametrize(
    "query",
    [
        "?since=2099-01-01T00:00:00Z",
        "?since=2026-11-20T10:00:00Z&until=2026-11-20T09:00:00Z",
        "?since=yesterday",
        "?masked=perhaps",
        "?after_seq=-1",
    ],
)
def test_a_span_that_makes_no_sense_is_refused(gateway: RunningGateway, query: str) -> None:
    answer = asked(gateway, query)
    assert answer.status_code == 422, answer.text
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "query",
    [
        f"?after_seq={2**63 - 1}",
        "?since=1970-01-01T00:00:00Z",
        "?until=9998-12-31T23:59:59Z",
        "?since=1970-01-01T00:00:00%2B14:00&until=1970-01-02T00:00:00-12:00",
    ],
)
def test_a_span_of_nothing_is_answered(gateway: RunningGateway, query: str) -> None:
    assert recorded(gateway, query).info.epoch == gateway.journal.epoch


def test_a_past_that_is_still_being_told_is_waited_for(gateway: RunningGateway) -> None:
    with gateway.gateway.room.catching_up():
        answer = asked(gateway)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_a_span_begins_with_what_was_known_then(gateway: RunningGateway) -> None:
    whole = recorded(gateway)
    place = len(whole.events) // 2
    since = whole.events[place].recorded_at + timedelta(microseconds=1)
    part = recorded(gateway, f"?since={since.isoformat().replace('+00:00', 'Z')}")
    before, after = part.reader().moment(since), whole.reader().moment(since)
    assert before.state == after.state
    assert part.events[0].recorded_at >= since
    assert (
        part.reader().moment(whole.info.ends).state == whole.reader().moment(whole.info.ends).state
    )


def test_a_shift_too_large_for_one_recording_begins_later(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings, "MOST_EVENTS", 4)
    setting = Setting(shift=gateway.state.shift, region="", now=NOON + timedelta(hours=1))
    with closing(Spans(gateway.journal.path)) as spans:
        contents = Recorder(spans).record(Wanted(), setting)
        assert 1 <= len(contents.events) <= 4
        newest = msgspec.msgpack.decode(contents.events[-1], type=Event)
        assert newest.seq == gateway.journal.seq
        assert contents.info.after_seq >= gateway.journal.seq - 4
        with pytest.raises(RecordingError, match="shorter"):
            Recorder(spans).record(Wanted(since=MORNING), setting)


def test_what_was_worked_out_of_the_past_is_gone_on_from(gateway: RunningGateway) -> None:
    whole = recorded(gateway)
    middle = whole.events[len(whole.events) // 2].seq
    bases = Bases()
    with closing(Spans(gateway.journal.path)) as spans:
        for seq in (middle, gateway.journal.seq, middle, 0, middle):
            base = bases.before(spans, seq)
            events = [spans.decoded(row) for row in spans.events() if row.seq <= seq]
            assert base.state == fold(events)


def test_a_shift_is_called_by_its_day_and_name() -> None:
    opened = [one.body for one in small_shift() if isinstance(one.body, ShiftOpened)]
    shift = opened[0].shift
    assert name_of(shift) == "Friday 20 November, Day"
    assert name_of(None) == "No shift"
    setting = Setting(shift=shift, region="", now=NOON)
    assert span_of(Wanted(), setting) == (MORNING, NOON)
    early = Setting(shift=shift, region="", now=MORNING - timedelta(hours=1))
    assert span_of(Wanted(), early) == (early.now - timedelta(hours=12), early.now)


def test_tower_record_makes_the_same_from_the_journal_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    morning = [
        told(MORNING + timedelta(hours=1), Subject(stop_id="S2", route_id="A"), StopArrived()),
        told(MORNING + timedelta(hours=2), Subject(stop_id="S2", route_id="A"), StopDelivered()),
        told(NOON, Subject(exception_id="gate-code-missing"), ExceptionNoted(words="Rings")),
    ]
    with running_gateway(tmp_path / "data", shift=[*small_shift(), *morning]) as running:
        state = running.state
    file = tmp_path / "day.tower"
    command = ["record", "--data", str(tmp_path / "data"), str(file)]
    assert main(command) == ExitCode.OK
    said = capsys.readouterr().out
    assert "Friday 20 November, Day" in said
    assert "as it was" in said
    recording = read_recording(file)
    reader = recording.reader()
    early = reader.moment(MORNING + timedelta(hours=1, minutes=30)).state.stops["S2"]
    assert (early.state, reader.moment(NOON + timedelta(hours=1)).state.stops["S2"].state) == (
        "arrived",
        "delivered",
    )
    assert recording.base.stops == {}
    assert fold(recording.events).routes.keys() == state.routes.keys()
    assert main([*command, "--masked", "--until", "2026-11-20T09:00Z"]) == ExitCode.OK
    assert main(["replay", "--info", str(file)]) == ExitCode.OK
    assert "masked" in capsys.readouterr().out.splitlines()[-2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["record", "--data", "{folder}/none", "{folder}/a.tower"], "no journal"),
        (["record", "--data", "{folder}", "{folder}/a.zip"], "ends in .tower"),
        (["replay", "--info", "{folder}/broken.tower"], "no recording"),
        (["replay", "{folder}/broken.tower"], "no recording"),
        (["replay", "--info", "{folder}/lines.jsonl"], "is none"),
    ],
)
def test_what_cannot_be_done_is_said(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.tower").write_bytes(b"PK but not really")
    (tmp_path / "lines.jsonl").write_text("{}\n")
    filled = [word.format(folder=tmp_path) for word in words]
    assert main(filled) == ExitCode.DATA
    assert said in capsys.readouterr().err


def test_a_recording_of_nothing_is_a_recording(tmp_path: Path) -> None:
    with (
        running_gateway(tmp_path, shift=[]) as running,
        closing(Spans(running.journal.path)) as spans,
    ):
        contents = Recorder(spans).record(
            Wanted(),
            Setting(shift=None, region="", now=datetime.fromisoformat("2026-11-20T12:00Z")),
        )
        assert len(contents.positions) == 0
        assert asked(running).status_code == 200
        assert read_recording(asked(running).content).reader().moment(NOON).state.stops == {}
