"""A recording is the same after it was a file; anything else is refused in words."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.replay.shifts import some_recording
from tower.replay.errors import RecordingError
from tower.replay.file import read_info, read_recording, write_recording
from tower.replay.recording import Bookmark, Recording

WHOLE = some_recording(11, since=5)


def as_bytes(recording: Recording) -> bytes:
    stream = io.BytesIO()
    write_recording(recording, stream)
    return stream.getvalue()


GOOD = as_bytes(WHOLE)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    noon = datetime(2026, 3, 27, 12, tzinfo=UTC)
    marked = replace(WHOLE.info, bookmarks=(Bookmark(at=noon, words="the closed road"),))
    recording = Recording(
        marked,
        base=WHOLE.base,
        events=WHOLE.events,
        positions=WHOLE.positions,
        lines=WHOLE.lines,
        foretold=WHOLE.events[:2],
    )
    file = tmp_path / "shift.tower"
    write_recording(recording, file)
    found = read_recording(file)
    assert found.info == recording.info == read_info(file)
    assert found.base == recording.base
    assert list(found.events) == list(recording.events)
    assert list(found.foretold) == list(recording.foretold)
    assert (found.lines, found.shapes) == (recording.lines, recording.shapes)
    for vehicle_id in ("v1", "v2", "v3"):
        span = recording.info.begins, recording.info.ends
        assert found.trail(vehicle_id, *span) == recording.trail(vehicle_id, *span)
    at = recording.info.ends
    assert found.reader().moment(at).state == recording.reader().moment(at).state
    assert [one.name for one in tmp_path.iterdir()] == ["shift.tower"]


def test_a_file_that_cannot_be_written_says_so_and_leaves_the_older_one(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be written"):
        write_recording(WHOLE, tmp_path / "no" / "shift.tower")
    file = tmp_path / "shift.tower"
    file.write_bytes(b"the older one")
    broken = Recording(
        WHOLE.info, base=WHOLE.base, events=[*WHOLE.events], positions=WHOLE.positions
    )
    broken.events = [object()]  # type: ignore[list-item]
    with pytest.raises(TypeError):
        write_recording(broken, file)
    assert file.read_bytes() == b"the older one"


def repacked(change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The good file with its parts changed, or left out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return stream.getvalue()


def headed(**changes: object) -> bytes:
    """The good file saying something else about itself."""

    def change(name: str, data: bytes) -> bytes:
        if name != "recording.json":
            return data
        head = json.loads(data)
        head["info"] |= changes
        return json.dumps(head).encode()

    return repacked(change)


def renamed(part: str, other: str) -> bytes:
    """The good file whose head names a part otherwise."""
    return repacked(
        lambda name, data: (
            data.replace(part.encode(), other.encode()) if name == "recording.json" else data
        )
    )


def with_part(wanted: str, data: bytes | None) -> bytes:
    """The good file with one part another one, and no word of that."""
    return repacked(lambda name, old: data if name == wanted else old)


def honestly(wanted: str, data: bytes) -> bytes:
    """The good file with one part another one that it names with length and checksum."""

    def change(name: str, old: bytes) -> bytes:
        if name == wanted:
            return data
        if name != "recording.json":
            return old
        head = json.loads(old)
        for part in head["parts"]:
            if part["name"] == wanted:
                part |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        return json.dumps(head).encode()

    return repacked(change)


BACKWARDS = msgspec.msgpack.encode(
    [msgspec.msgpack.encode(list(reversed(WHOLE.events)))],
)

BAD = {
    "nothing": (b"", "no recording"),
    "another file": (b"GIF89a" * 100, "no recording"),
    "cut off": (GOOD[: len(GOOD) // 2], "no recording"),
    "a newer form": (headed(form=9), "newer Tower"),
    "no form": (headed(form="x"), "cannot be read"),
    "no zone": (headed(begins="2026-03-05T08:00:00"), "zone"),
    "no head": (with_part("recording.json", None), "recording.json is missing"),
    "a part of another name": (renamed("lines.msgpack", "shapes.msgpack"), "parts of a recording"),
    "no events": (with_part("events.msgpack", None), "events.msgpack is missing"),
    "other events": (with_part("events.msgpack", b"\x90"), "events.msgpack is damaged"),
    "too many events": (with_part("events.msgpack", bytes(9_999_999)), "larger than"),
    "no events within": (honestly("events.msgpack", b"\xc1"), "events cannot be read"),
    "events backwards": (honestly("events.msgpack", BACKWARDS), "not in order"),
    "no state": (honestly("state.msgpack", b"\x93\x01\x02\x03"), "state cannot be read"),
    "no positions": (honestly("positions.msgpack", b"\x80"), "positions cannot be read"),
    "no lines": (honestly("lines.msgpack", b"\x01"), "cannot be read"),
}


@pytest.mark.parametrize(("data", "words"), BAD.values(), ids=BAD)
def test_what_is_no_recording_is_refused_in_words(data: bytes, words: str, tmp_path: Path) -> None:
    file = tmp_path / "shift.tower"
    file.write_bytes(data)
    with pytest.raises(RecordingError, match=words):
        read_recording(file)
    with pytest.raises(RecordingError, match=words):
        read_recording(data)


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read"):
        read_recording(tmp_path / "shift.tower")
    with pytest.raises(RecordingError, match="cannot be read"):
        read_recording(tmp_path)


def test_a_small_file_that_unpacks_to_a_giant_is_not_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("recording.json", bytes(64 * 1024 * 1024))
    with pytest.raises(RecordingError, match="larger than it may be"):
        read_recording(stream.getvalue())


def opened(data: bytes) -> Recording | str:
    """The recording, or why there is none."""
    try:
        return read_recording(data)
    except RecordingError as error:
        return str(error)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_damaged_byte_is_found_or_changes_nothing(place: int, flip: int) -> None:
    data = bytearray(GOOD)
    data[place] ^= flip
    found = opened(bytes(data))
    assert found
    if isinstance(found, Recording):
        assert list(found.events) == list(WHOLE.events)
        assert found.base == WHOLE.base


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_nonsense_never_gets_further(data: bytes) -> None:
    for name in ("events.msgpack", "state.msgpack", "positions.msgpack", "lines.msgpack"):
        assert opened(honestly(name, data))
