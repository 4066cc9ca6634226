"""The operation that hands out recordings: what a span of the shift was, as a file."""

import asyncio
import io
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from weakref import WeakKeyDictionary

from starlette.responses import Response, StreamingResponse

from tower.domain.moments import utc
from tower.gateway.answers import Problem
from tower.gateway.gateway import Gateway
from tower.gateway.http.call import Call, HttpRefusal
from tower.gateway.http.operation import Answered, Operation, Parameter
from tower.gateway.http.times import moment_of
from tower.gateway.recorded_lines import shape_of
from tower.gateway.recordings import Bases, Recorder, Setting, Wanted
from tower.gateway.signin import OPERATORS, READERS
from tower.journal.errors import JournalError
from tower.journal.spans import Spans
from tower.lasting import no_search
from tower.replay.errors import RecordingError
from tower.replay.file import MEDIA_TYPE, write_contents
from tower.replay.masking import Masker, masked_contents

_MAKING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recordings")
"""One at a time: whoever else wants one waits, and nothing else does."""

_KEPT: "WeakKeyDictionary[Gateway, _Kept]" = WeakKeyDictionary()

_PIECE = 256 * 1024


class _Kept:
    """What is kept of a gateway from one recording to the next; for the thread that makes them.

    Who is masked as what, too: a recording that is continued goes on with the same labels.
    """

    def __init__(self) -> None:
        self._masker, self._bases = Masker(), Bases()

    def made(self, path: Path, wanted: Wanted, setting: Setting, is_masked: bool) -> bytes:
        """The bytes of a recording."""
        stream = io.BytesIO()
        with no_search():
            with closing(Spans(path)) as spans:
                contents = Recorder(spans, self._bases).record(wanted, setting)
            if is_masked:
                contents = masked_contents(contents, self._masker)
            write_contents(contents, stream)
            del contents
        return stream.getvalue()


async def _recording(call: Call) -> Response:
    gateway = call.gateway
    is_masked = _is_masked(call)
    if gateway.room.is_behind:
        raise HttpRefusal(
            503, "behind", "The day so far is still being told. Ask again.", {"Retry-After": "2"}
        )
    wanted = Wanted(
        since=moment_of(call, "since"),
        until=moment_of(call, "until"),
        after_seq=call.number("after_seq") or 0,
    )
    setting = _setting(gateway)
    kept = _KEPT.setdefault(gateway, _Kept())
    try:
        made = await asyncio.get_running_loop().run_in_executor(
            _MAKING, kept.made, gateway.journal.path, wanted, setting, is_masked
        )
    except RecordingError as error:
        raise HttpRefusal(422, "unfit", str(error)) from error
    except JournalError as error:
        raise HttpRefusal(503, "journal", str(error), {"Retry-After": "5"}) from error
    headers = {
        "Content-Length": str(len(made)),
        "Content-Disposition": 'attachment; filename="shift.tower"',
    }
    return StreamingResponse(_pieces(made), headers=headers, media_type=MEDIA_TYPE)


def _is_masked(call: Call) -> bool:
    """Whether personal data is replaced: as asked for, as far as the asker may."""
    asked = call.text("masked")
    may_see_all = call.grant.role in OPERATORS
    if asked not in {"", "true", "false"}:
        raise HttpRefusal(422, "unfit", "masked must be true or false.")
    if asked == "false" and not may_see_all:
        raise HttpRefusal(403, "not_allowed", "Your recordings are masked: ask with masked=true.")
    return asked == "true" or not may_see_all


def _setting(gateway: Gateway) -> Setting:
    shift = gateway.state.shift
    lines = gateway.lines.all()
    shapes = {route_id: shape_of(version, line) for route_id, (version, line) in lines.items()}
    region = gateway.settings.region or (shift.region if shift else "")
    opened = max((one.stamp.order for one in gateway.state.shifts.values()), default=None)
    return Setting(
        shift=shift,
        region=region,
        now=gateway.clock.now(),
        opened_at=None if opened is None else utc(opened),
        shapes=shapes,
        state=gateway.state,
        find=gateway.lines.kept,
    )


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    """The bytes a little at a time, so that others get their turn in between."""
    for first in range(0, len(data), _PIECE):
        yield data[first : first + _PIECE]


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/v1/recording",
        name="recording",
        about="What a span of the shift was, as a file another Tower can open: the state at its "
        "begin, every event after, thinned positions and the routes' lines.",
        handle=_recording,
        roles=READERS,
        parameters=(
            Parameter(
                name="since",
                where="query",
                about="From this time on, RFC 3339; the beginning of the shift unless told.",
            ),
            Parameter(name="until", where="query", about="Up to this time, RFC 3339; now."),
            Parameter(
                name="after_seq",
                where="query",
                about="Only what came after this event, to continue a recording you have. "
                "Positions then come from an hour before it, or from since.",
                kind=int,
                minimum=0,
            ),
            Parameter(
                name="masked",
                where="query",
                about="true to have personal data replaced; viewers have it no other way.",
            ),
        ),
        answers={
            200: Answered(about="The recording, a .tower file.", media=MEDIA_TYPE),
            403: Answered(about="You may only have it masked.", kind=Problem),
            422: Answered(about="The span makes no sense.", kind=Problem),
            503: Answered(about="It cannot be made now; why, in words.", kind=Problem),
        },
    ),
)
