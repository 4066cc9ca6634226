"""A span cut out of a recording. Knows no widgets."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from tower.domain.events import ArrivalsPredicted
from tower.replay.errors import RecordingError
from tower.replay.recording import Recording

_FORETOLD = timedelta(hours=1)
"""Predictions are kept every quarter of an hour; older ones no longer hold."""


def cut(recording: Recording, since: datetime, until: datetime) -> Recording:
    """The part of a recording in [since, until], as a recording of its own.

    Args:
        recording: the whole; left as it is.
        since: the moment the part begins with.
        until: where it ends, at `since` or later.

    Raises:
        RecordingError: the recording holds nothing of that span.
    """
    info = recording.info
    begin, end = max(since, info.begins), min(until, info.ends)
    if begin > end:
        raise RecordingError("The recording holds nothing of that span.")
    moment = recording.reader().moment(begin)
    earlier = recording.events_between(begin - _FORETOLD, begin)
    held = [event for event in recording.foretold if event.recorded_at > begin - _FORETOLD]
    told = (event for event in earlier if isinstance(event.body, ArrivalsPredicted))
    return Recording(
        replace(
            info,
            begins=begin,
            ends=end,
            after_seq=max(info.after_seq, moment.seq),
            bookmarks=tuple(one for one in info.bookmarks if begin <= one.at <= end),
        ),
        base=moment.state,
        events=recording.events_between(begin, end),
        positions=recording.positions.within(begin, end),
        lines=recording.lines,
        foretold=[*held, *told],
    )
