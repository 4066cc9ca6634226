"""Where trails come from: the gateway, or the recording that is looked at."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from urllib.parse import quote, urlencode

from tower.domain.moments import rfc3339
from tower.gateway.answers import TrailPoint
from tower.replay.recording import Recording
from ui.answers import AnswerFault, read
from ui.exchange import Answer, Selection
from ui.session import Session
from ui.trails.trail import Trail, trail_of

Then = Callable[[Trail | None, str], None]
"""Takes a trail, or None and why there is none, in words."""


class Travel(Protocol):
    """Time travel, as far as trails need it."""

    @property
    def recording(self) -> Recording | None:
        """What is travelled in, None while nothing was fetched."""
        ...

    def go_to(self, at: datetime, select: Selection | None = None) -> None:
        """Show a moment, and select something there."""
        ...


class TrailSource:
    """Asks for trails.

    Args:
        session: the gateway is asked through it.
        travel: gives the recording.
    """

    def __init__(self, session: Session, travel: Travel) -> None:
        self._session, self._travel = session, travel

    def ask(self, vehicle_id: str, since: datetime, until: datetime, then: Then) -> None:
        """Ask where a vehicle was in [since, until].

        Args:
            vehicle_id: whose trail.
            since: from when, UTC.
            until: until when, UTC.
            then: told on the GUI thread.
        """
        recording = self._recording_of(since, until)
        if recording is not None:
            self._session.compute(
                lambda: trail_of(recording.trail(vehicle_id, since, until)),
                lambda trail: then(trail, ""),
            )
        elif self._session.is_recording:
            then(None, "The recording holds nothing of that time.")
        else:
            query = urlencode({"since": rfc3339(since), "until": rfc3339(until)})
            path = f"/v1/vehicles/{quote(vehicle_id, safe='')}/trail?{query}"
            self._session.ask(path, lambda answer: self._on_answer(answer, then))

    def _recording_of(self, since: datetime, until: datetime) -> Recording | None:
        """The recording, where the past is shown and it reaches into the span."""
        recording = self._travel.recording
        if recording is None or (self._session.past is None and not self._session.is_recording):
            return None
        info = recording.info
        is_whole = info.begins <= since and until <= info.ends
        reaches = info.begins <= until and since <= info.ends
        return recording if is_whole or (self._session.is_recording and reaches) else None

    def _on_answer(self, answer: Answer, then: Then) -> None:
        try:
            points = read(answer, list[TrailPoint])
        except AnswerFault as fault:
            then(None, str(fault))
            return
        self._session.compute(lambda: trail_of(points), lambda trail: then(trail, ""))
