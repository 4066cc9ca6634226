"""What belongs together in a state: a stop's contacts and messages, a vehicle's route.

Kept by what changed, so that no rule has to look through a table.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator

from tower.domain.episodes import about_of
from tower.domain.messages import Message, Reply
from tower.domain.records import Contact, ExceptionRecord, Route
from tower.domain.state import Changed, State
from tower.domain.words import ExceptionKind


class Index:
    """Finds records of a state by what they are about."""

    def __init__(self, state: State) -> None:
        """Looks through the whole state once."""
        self._state = state
        self._contacts: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._replies: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._messages: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._open: defaultdict[str, dict[ExceptionKind, str]] = defaultdict(dict)
        self._driven: dict[str, dict[str, None]] = {}
        self._drives: dict[str, tuple[str, str]] = {}
        self._under_way: Counter[str] = Counter()
        self._noting: dict[str, Callable[[str], None]] = {
            "contacts": self._contact,
            "replies": self._reply,
            "messages": self._message,
            "exceptions": self._exception,
            "routes": self._route,
        }
        for table, note in self._noting.items():
            for id_ in getattr(state, table):
                note(id_)

    def note(self, changed: Iterable[Changed]) -> None:
        """Take in what changed in the state."""
        for table, id_ in changed:
            note = self._noting.get(table)
            if note is not None:
                note(id_)

    def contacts_of(self, stop_id: str) -> Iterator[Contact]:
        """What customers had carriers tell us about a stop, in the order it was learnt."""
        return (self._state.contacts[id_] for id_ in self._contacts.get(stop_id, ()))

    def replies_of(self, stop_id: str) -> Iterator[Reply]:
        """What a stop's customer wrote to us, in the order it was learnt."""
        return (self._state.replies[id_] for id_ in self._replies.get(stop_id, ()))

    def messages_of(self, stop_id: str) -> Iterator[Message]:
        """What a stop's customer was written, in the order it was decided."""
        return (self._state.messages[id_] for id_ in self._messages.get(stop_id, ()))

    def open_about(self, about: str) -> dict[ExceptionKind, ExceptionRecord]:
        """The open exceptions about a stop, a vehicle or a carrier, by kind."""
        ids = self._open.get(about)
        if not ids:
            return {}
        return {kind: self._state.exceptions[id_] for kind, id_ in ids.items()}

    def spoken_of(self) -> Iterator[str]:
        """The stops whose customers reached us."""
        return iter(self._contacts.keys() | self._replies.keys())

    def driven_by(self, vehicle_id: str) -> Route | None:
        """The route a vehicle is under way on: begun, not ended; the newest begun."""
        driven = (self._state.routes[route_id] for route_id in self._driven.get(vehicle_id, ()))
        return max(driven, key=_begun, default=None)

    @property
    def under_way(self) -> Iterable[str]:
        """The vehicles that are under way on a route."""
        return self._driven.keys()

    def routes_under_way(self, carrier_id: str) -> int:
        """How many routes of a carrier are under way."""
        return self._under_way[carrier_id]

    def _contact(self, id_: str) -> None:
        self._contacts[self._state.contacts[id_].stop_id][id_] = None

    def _reply(self, id_: str) -> None:
        stop_id = self._state.replies[id_].stop_id
        if stop_id:
            self._replies[stop_id][id_] = None

    def _message(self, id_: str) -> None:
        plan = self._state.messages[id_].plan
        if plan is not None:
            self._messages[plan.stop_id][id_] = None

    def _exception(self, id_: str) -> None:
        record = self._state.exceptions[id_]
        if record.finding is None:
            return
        known, kind = self._open[about_of(record.finding.subject)], record.finding.kind
        if record.is_open:
            known[kind] = id_
        elif known.get(kind) == id_:
            del known[kind]

    def _route(self, id_: str) -> None:
        route = self._state.routes[id_]
        plan = route.plan
        if plan is None:
            return
        self._end(id_)
        if route.started_at is not None and route.finished_at is None:
            self._drives[id_] = plan.vehicle_id, plan.carrier_id
            self._under_way[plan.carrier_id] += 1
            if plan.vehicle_id:
                self._driven.setdefault(plan.vehicle_id, {})[id_] = None

    def _end(self, route_id: str) -> None:
        """Take a route out of those under way, whoever drove it."""
        if route_id not in self._drives:
            return
        vehicle_id, carrier_id = self._drives.pop(route_id)
        self._under_way[carrier_id] -= 1
        routes = self._driven.get(vehicle_id, {})
        routes.pop(route_id, None)
        if not routes:
            self._driven.pop(vehicle_id, None)


def _begun(route: Route) -> float:
    return route.started_at.timestamp() if route.started_at else float("-inf")
