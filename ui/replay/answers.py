"""What panels are answered while a moment of the past is shown. Knows no widgets."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import msgspec

from tower.domain.events import Event
from tower.gateway.answers import EventPage
from tower.journal.subjects import subjects_of
from tower.replay.recording import Recording
from ui.exchange import Answer

NOT_OF_THEN = "this is not kept for moments of the past"
NO_GATEWAY = "this is a recording, there is no gateway to ask"

_EVENTS = "/v1/events"
_NOT_OF_A_MOMENT = (
    "/v1/recording",
    "/v1/regions/",
    "/v1/me",
    "/v1/kpi/",
    "/v1/reports",
    "/v1/routes/shapes",
    "/v1/vehicles/",
    "/v1/outreach/templates",
    "/v1/outreach/accounts",
)
"""Questions whose answers do not depend on the moment that is shown."""

_PAGE = 500
_OK = 200


Index = Mapping[tuple[str, str], Sequence[Event]]
"""The events about each thing, by its kind and id, in the order they were learnt."""


def index_of(events: Iterable[Event]) -> Index:
    """What happened to each thing; takes a while for a whole shift."""
    found = defaultdict[tuple[str, str], list[Event]](list)
    for event in events:
        for about in subjects_of(event):
            found[about].append(event)
    return found


class RecordedAnswers:
    """Answers about a moment out of its recording; nothing that is so now slips through.

    Args:
        recording: what is known.
        index: its events by what they are about.
        at: the moment.
        has_gateway: questions that are about no moment go there.
    """

    def __init__(
        self, recording: Recording, index: Index, at: datetime, *, has_gateway: bool
    ) -> None:
        self._recording, self._index, self._at = recording, index, at
        self._has_gateway = has_gateway

    @property
    def takes_notes(self) -> bool:
        """Whether there is a gateway that a note could go to."""
        return self._has_gateway

    def answer(self, path: str) -> Answer | None:
        """The answer to a question; None where the gateway is to be asked."""
        where = urlsplit(path)
        if where.path == _EVENTS:
            return self._events({name: given[0] for name, given in parse_qs(where.query).items()})
        if not self._has_gateway:
            return Answer(message=NO_GATEWAY)
        return None if where.path.startswith(_NOT_OF_A_MOMENT) else Answer(message=NOT_OF_THEN)

    def _events(self, asked: dict[str, str]) -> Answer:
        after, limit = int(asked.pop("after", 0)), int(asked.pop("limit", _PAGE))
        about = list(asked.items())
        if about:
            page = tuple(self._known(self._index.get(about[0], ()))[-limit:])
        else:
            last = self._known(self._recording.events)[-limit:]
            page = tuple(one for one in last if one.seq > after)
        following = page[-1].seq if page else after
        return Answer(status=_OK, body=msgspec.json.encode(EventPage(events=page, next=following)))

    def _known(self, events: Sequence[Event]) -> Sequence[Event]:
        """Of events in the order they were learnt, those learnt by then."""
        return events[: bisect_right(events, self._at, key=_learnt_at)]


def _learnt_at(event: Event) -> datetime:
    return event.recorded_at
