"""What goes into a file of a recording, as bytes where it is at hand as bytes already."""

from collections.abc import Mapping, Sequence

import msgspec

from tower.domain.state import State
from tower.replay.positions import Positions
from tower.replay.recording import Recording, RecordingInfo
from tower.replay.shapes import Shape


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be written.

    Attributes:
        state: the state it begins with.
        lines: route id to every line known of it, by version.
        events: each an `Event` in MessagePack, in the order they were learnt; foretold likewise.
    """

    info: RecordingInfo
    state: State
    events: Sequence[bytes]
    foretold: Sequence[bytes]
    positions: Positions
    lines: Mapping[str, tuple[Shape, ...]]


def contents_of(recording: Recording) -> Contents:
    """A recording as what is to be written of it."""
    encode = msgspec.msgpack.Encoder().encode
    return Contents(
        info=recording.info,
        state=recording.base,
        events=[encode(event) for event in recording.events],
        foretold=[encode(event) for event in recording.foretold],
        positions=recording.positions,
        lines=recording.lines,
    )
