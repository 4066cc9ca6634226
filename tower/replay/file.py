"""A recording as a file: `.tower`, a zip of parts, each with its length and SHA-256.

| part | what |
|---|---|
| `recording.json` | what it is of (`RecordingInfo`), and of each other part length and SHA-256 |
| `state.msgpack` | the state it begins with |
| `events.msgpack` | its events in the order they were learnt |
| `foretold.msgpack` | the predictions that held at its begin |
| `positions.msgpack` | thinned positions, in columns of differences |
| `lines.msgpack` | route id to every line known of it, by version |
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from tower.domain.events import Event
from tower.lasting import set_apart
from tower.replay.columns import pack_positions, unpack_positions
from tower.replay.contents import Contents, contents_of
from tower.replay.errors import RecordingError
from tower.replay.masking import masked_contents
from tower.replay.packing import pack_events, pack_state, unpack_events, unpack_state
from tower.replay.recording import FORM, Recording, RecordingInfo
from tower.replay.shapes import Shape

SUFFIX = ".tower"
MEDIA_TYPE = "application/vnd.tower.recording"

MOST_BYTES = 1024 * 1024 * 1024
"""Bytes a file may have."""

_HEAD = "recording.json"
_MIB = 1024 * 1024
_LARGEST = {
    "state.msgpack": 512 * _MIB,
    "events.msgpack": 1024 * _MIB,
    "foretold.msgpack": 64 * _MIB,
    "positions.msgpack": 1536 * _MIB,
    "lines.msgpack": 256 * _MIB,
}
"""Bytes each part may have once it is unpacked."""

_LARGEST_HEAD = _MIB
_LEVEL = 3

_Read = TypeVar("_Read")


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the file, as it has to be once unpacked."""

    name: str
    bytes: int
    sha256: str


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What `recording.json` says."""

    info: RecordingInfo
    parts: tuple[Part, ...]


class _Form(msgspec.Struct, frozen=True):
    form: int


class _AnyHead(msgspec.Struct, frozen=True):
    info: _Form


def write_contents(contents: Contents, target: str | Path | BinaryIO) -> None:
    """Write a file; an older one of that name is replaced once the new one is whole.

    Raises:
        RecordingError: it cannot be written, or is larger than a recording may be.
    """
    parts = {
        "state.msgpack": pack_state(contents.state),
        "events.msgpack": pack_events(contents.events),
        "foretold.msgpack": pack_events(contents.foretold),
        "positions.msgpack": pack_positions(contents.positions),
        "lines.msgpack": msgspec.msgpack.encode(dict(contents.lines)),
    }
    for name, data in parts.items():
        if len(data) > _LARGEST[name]:
            raise RecordingError(f"The span is too long for one recording: {name} is too large.")
    info = msgspec.structs.replace(
        contents.info, events=len(contents.events), positions=len(contents.positions)
    )
    head = Head(info=info, parts=tuple(_part(name, data) for name, data in parts.items()))
    with (
        _writing(target) as stream,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive,
    ):
        archive.writestr(_HEAD, msgspec.json.format(msgspec.json.encode(head)))
        for name, data in parts.items():
            archive.writestr(name, data)


def read_info(source: str | Path | bytes) -> RecordingInfo:
    """What a recording is of, without reading the whole of it.

    Raises:
        RecordingError: it is none, or damaged.
    """
    with _opened(source) as archive:
        return _head(archive).info


def read_recording(source: str | Path | bytes) -> Recording:
    """Read a recording and prepare it, so that every moment of it is at hand.

    Raises:
        RecordingError: it is none, it is damaged, or a newer Tower wrote it; says which.
    """
    with set_apart(), _opened(source) as archive:
        head = _head(archive)
        parts = {part.name: _data(archive, part) for part in head.parts}
        events = unpack_events(parts["events.msgpack"])
        _check_order(events)
        recording = Recording(
            head.info,
            base=unpack_state(parts["state.msgpack"]),
            events=events,
            positions=unpack_positions(parts["positions.msgpack"]),
            lines=_decoded(parts["lines.msgpack"], dict[str, tuple[Shape, ...]]),
            foretold=unpack_events(parts["foretold.msgpack"]),
        )
        _prepare(recording)
    return recording


def _prepare(recording: Recording) -> None:
    if recording.info.is_rest:
        return
    try:
        recording.prepare()
        reader = recording.reader()
        for at in (recording.info.begins, recording.info.ends):
            reader.moment(at)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise RecordingError(f"its events do not make a shift ({error})") from error


def _part(name: str, data: bytes) -> Part:
    return Part(name=name, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


@contextmanager
def _writing(target: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    if not isinstance(target, str | Path):
        yield target
        return
    path = Path(target)
    draft = path.with_name(f"{path.name}.part")
    try:
        with draft.open("wb") as stream:
            yield stream
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise RecordingError(f"{path} cannot be written: {error.strerror}.") from error


@contextmanager
def _opened(source: str | Path | bytes) -> Iterator[zipfile.ZipFile]:
    """The archive; whatever is wrong with it is said with its name."""
    name = "The recording" if isinstance(source, bytes) else str(source)
    try:
        with zipfile.ZipFile(_stream(source)) as archive:
            yield archive
    except RecordingError as error:
        raise RecordingError(f"{name} cannot be opened: {error}.") from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise RecordingError(f"{name} is no recording of Tower's, or it is damaged.") from error
    except OSError as error:
        raise RecordingError(f"{name} cannot be read: {error.strerror or error}.") from error


def _stream(source: str | Path | bytes) -> BinaryIO | Path:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    path = Path(source)
    if path.stat().st_size > MOST_BYTES:
        raise RecordingError("it is larger than a recording may be")
    return path


def _head(archive: zipfile.ZipFile) -> Head:
    data = _unpacked(archive, _HEAD, _LARGEST_HEAD)
    form = _json(data, _AnyHead).info.form
    if form != FORM:
        raise RecordingError(f"a newer Tower wrote it (form {form}, this one reads {FORM})")
    head = _json(data, Head)
    if {part.name for part in head.parts} != _LARGEST.keys():
        raise RecordingError("it does not have the parts of a recording")
    for at in (head.info.begins, head.info.ends, head.info.made_at):
        if at.tzinfo is None:
            raise RecordingError("its times do not say their zone")
    return head


def _json(data: bytes, kind: type[_Read]) -> _Read:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise RecordingError(f"{_HEAD} cannot be read ({error})") from error


def _data(archive: zipfile.ZipFile, part: Part) -> bytes:
    if not 0 <= part.bytes <= _LARGEST[part.name]:
        raise RecordingError(f"{part.name} is larger than it may be")
    data = _unpacked(archive, part.name, part.bytes)
    if len(data) != part.bytes or hashlib.sha256(data).hexdigest() != part.sha256:
        raise RecordingError(f"{part.name} is damaged")
    return data


def _unpacked(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A part, never more of it than announced, whatever the archive claims."""
    try:
        with archive.open(name) as stream:
            data = stream.read(most + 1)
    except KeyError as error:
        raise RecordingError(f"{name} is missing") from error
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise RecordingError(f"{name} is damaged") from error
    if len(data) > most:
        raise RecordingError(f"{name} is larger than it may be")
    return data


def _decoded(data: bytes, kind: type[_Read]) -> _Read:
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except (msgspec.MsgspecError, RecursionError, OverflowError) as error:
        raise RecordingError(f"a part of it cannot be read ({error})") from error


def _check_order(events: Iterable[Event]) -> None:
    before = None
    for event in events:
        if event.at.tzinfo is None or event.recorded_at.tzinfo is None:
            raise RecordingError("its times do not say their zone")
        if before is not None and event.recorded_at < before:
            raise RecordingError("its events are not in order")
        before = event.recorded_at


def write_recording(
    recording: Recording, target: str | Path | BinaryIO, *, masked: bool = False
) -> None:
    """Write a recording, personal data replaced where wanted.

    Raises:
        RecordingError: it cannot be written.
    """
    contents = contents_of(recording)
    write_contents(masked_contents(contents) if masked else contents, target)
