"""Records that were read hold many equal parts apart; here they are put together.

Of a day of 100,000 stops that is a third of what its state takes: the stops of a route were planned
and put in order by the same events at the same moment, and each names its route.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec.structs import fields, force_setattr

from tower.domain.records import NOTHING, Stamp
from tower.domain.state import TABLES, State

_KNOWN_AT_ONCE = 20_000
"""What is equal comes close together: more than these need not be remembered."""


def share_equal(state: State) -> None:
    """Hold once what is equal in a state that was just read and that nobody else holds yet."""
    sharing = Sharing()
    for table in TABLES:
        rows, share = getattr(state, table), sharing.share
        setattr(state, table, {share(id_): share(record) for id_, record in rows.items()})
    share_stop_ids(state)


def share_stop_ids(state: State) -> None:
    """Have the routes of such a state name their stops by the ids those hold themselves."""
    own = {id_: id_ for id_ in state.stops}
    for route in state.routes.values():
        force_setattr(route, "sequence", tuple(own.get(id_, id_) for id_ in route.sequence))


class Sharing:
    """Remembers parts of records, and puts them in the place of those that are equal."""

    def __init__(self) -> None:
        self._strings: dict[str, str] = {}
        self._floats: dict[float, float] = {}
        self._times: dict[datetime, datetime] = {}
        self._stamps: dict[Stamp, Stamp] = {}
        self._defaults: dict[type, tuple[tuple[str, Any], ...]] = {}
        self._ways: dict[type, Callable[[Any], Any]] = {
            str: self._same_text,
            float: self._same_float,
            datetime: self._same_time,
            Stamp: self._same_stamp,
            tuple: self._same_tuple,
            dict: _same_dict,
        }

    def share(self, part: Any) -> Any:  # noqa: ANN401 - whatever records are made of
        """The part itself, or an equal one that is known already; a record in any case itself.

        Only what nobody changes is shared. Nobody else may hold the record yet.
        """
        way = self._ways.get(type(part))
        if way is None:
            way = self._share_fields if isinstance(part, msgspec.Struct) else _itself
            self._ways[type(part)] = way
        return way(part)

    def _share_fields(self, record: msgspec.Struct) -> msgspec.Struct:
        if len(self._strings) > _KNOWN_AT_ONCE:
            self._forget()
        ways = self._ways
        for name, default in self._defaults.get(type(record)) or self._learn(type(record)):
            part = getattr(record, name)
            if part is not default:
                way = ways.get(type(part), self.share)
                shared = way(part)
                if shared is not part:
                    force_setattr(record, name, shared)
        return record

    def _learn(self, kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
        """The fields of a record and what they are where nothing was said: that is shared."""
        known = self._defaults[kind] = tuple((one.name, one.default) for one in fields(kind))
        return known

    def _forget(self) -> None:
        self._strings.clear()
        self._floats.clear()
        self._times.clear()
        self._stamps.clear()

    def _same_text(self, text: str) -> str:
        return self._strings.setdefault(text, text)

    def _same_float(self, number: float) -> float:
        return self._floats.setdefault(number, number) if number else number  # 0.0 equals -0.0

    def _same_time(self, time: datetime) -> datetime:
        return self._times.setdefault(time, time) if time.tzinfo is UTC else time

    def _same_stamp(self, stamp: Stamp) -> Stamp:
        known = self._stamps.get(stamp)
        if known is None:
            order, event_id = self._same_float(stamp.order), self._same_text(stamp.event_id)
            known = self._stamps[stamp] = Stamp(order, stamp.rank, event_id)
        return known

    def _same_tuple(self, parts: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(map(self.share, parts))


def _same_dict(part: dict[str, Any]) -> dict[str, Any]:
    return part or NOTHING


def _itself(part: Any) -> Any:  # noqa: ANN401
    return part
