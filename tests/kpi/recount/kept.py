"""A store of facts in memory, for following a journal without a database."""

from collections.abc import Sequence
from datetime import date, datetime

from tests.kpi.slowly import Row
from tower.domain.events import Event
from tower.kpi.facts import Fact
from tower.kpi.recount.changes import Changes


class Kept:
    """A store in memory."""

    def __init__(self) -> None:
        self.seq = 0
        self.newest: datetime | None = None
        self.facts: dict[str, tuple[Fact, ...]] = {}
        self._registrations: list[Event] = []

    def put(self, changes: Changes, seq: int) -> None:
        for subject, facts in changes.facts.items():
            floor = changes.floors.get(subject, date.min)
            known = self.facts.get(subject, ())
            for one in (*(one for one in known if one.day >= floor), *facts):
                assert max(changes.since, floor) <= one.day <= changes.until
            stays = tuple(one for one in known if one.day < floor)
            self.facts[subject] = (*stays, *facts)
        self.seq, self.newest = seq, changes.newest
        self._registrations += changes.registrations

    def registrations(self) -> list[Event]:
        return self._registrations

    def resting_on(
        self,
        since: datetime,
        *,
        stops: Sequence[str] | None = None,
        routes: Sequence[str] | None = None,
        vehicles: Sequence[str] | None = None,
    ) -> dict[str, tuple[Fact, ...]]:
        found = {}
        for subject, facts in self.facts.items():
            named = [
                one
                for one in facts
                if one.at >= since
                and (stops is None or one.stop_id in stops or one.route in (routes or ()))
                and (vehicles is None or one.vehicle in vehicles)
            ]
            if named:
                found[subject] = tuple(named)
        return found

    @property
    def rows(self) -> list[Row]:
        return [_row(one) for facts in self.facts.values() for one in facts]


def _row(fact: Fact) -> Row:
    names = set(Fact.__struct_fields__) - {"id", "adds", "kind"}
    sums = {name: round(value * 1000) for name, value in fact.adds.items() if value}
    return {name: getattr(fact, name) for name in names} | {"kind": str(fact.kind), "sums": sums}
