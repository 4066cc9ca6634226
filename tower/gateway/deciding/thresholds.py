"""What an order to set the thresholds of the rules becomes."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tower.domain.commands import SetThresholds
from tower.domain.events import ThresholdsSet
from tower.domain.records import Subject
from tower.domain.rulebook import Threshold, Thresholds
from tower.domain.state import State
from tower.gateway.deciding.rulebook import may_set
from tower.gateway.deciding.verdicts import Accepted, Refused, Rules, Terms, Verdict, new_event
from tower.watch.thresholds import BY_KEY, Declared, LimitBook, Limits, Scope, objection


def _set_thresholds(command: SetThresholds, state: State, terms: Terms) -> Verdict:
    now = state.room_thresholds
    problem = may_set("the thresholds", command.version, now, terms)
    if problem is not None:
        return problem
    words = next(_problems(command.thresholds, state), "")
    if words:
        return Refused(words)
    body = ThresholdsSet(version=now.version + 1, thresholds=command.thresholds)
    return Accepted((new_event(terms.now, terms.grant.actor, Subject(), body),))


def _problems(thresholds: Sequence[Threshold], state: State) -> Iterator[str]:
    """Everything that is wrong, in words."""
    yield from filter(None, map(objection, thresholds))
    yield from _twice(thresholds)
    old = {_scope(one) for one in state.room_thresholds.thresholds}
    for scope in {_scope(one): None for one in thresholds}:
        # A depot of another day's plan may be unknown today; what is set for it stays.
        if scope not in old:
            yield from _unknown(scope, state)
    yield from _crossed(thresholds)


def _scope(threshold: Threshold) -> Scope:
    return Scope(threshold.service_level, threshold.carrier_id, threshold.depot_id)


def _twice(thresholds: Sequence[Threshold]) -> Iterator[str]:
    times = Counter((one.kind, one.name, _scope(one)) for one in thresholds)
    for (kind, name, _), count in times.items():
        if count > 1:
            yield f"{_called(BY_KEY[kind, name])} is set twice for the same stops."


def _unknown(scope: Scope, state: State) -> Iterator[str]:
    if scope.depot_id and scope.depot_id not in state.depots:
        yield f"There is no depot {scope.depot_id}."
    if scope.carrier_id and scope.carrier_id not in state.carriers:
        yield f"There is no carrier {scope.carrier_id}."
    if scope.service_level and scope.service_level not in _service_levels(state):
        yield f"No stop has the service level {scope.service_level}."


def _service_levels(state: State) -> frozenset[str]:
    plans = (stop.plan for stop in state.stops.values())
    return frozenset(plan.service_level for plan in plans if plan is not None)


_RAISE, _CLEAR = "raise_", "clear_"
_PAIRS = tuple(
    (declared, clears)
    for declared in BY_KEY.values()
    if declared.name.startswith(_RAISE)
    and (clears := BY_KEY.get((declared.kind, _CLEAR + declared.name.removeprefix(_RAISE))))
)
"""What raises an exception, with what clears it again."""


def _crossed(thresholds: Sequence[Threshold]) -> Iterator[str]:
    """An exception that clears where it is still raised would come and go all the time."""
    book = LimitBook(Thresholds(thresholds=tuple(thresholds)))
    for scope in {Scope(), *map(_scope, thresholds)}:
        limits = book.limits(scope)
        for raises, clears in _PAIRS:
            if _gap(raises, clears, limits) < 0:
                yield (
                    f"{_called(raises)}: it would clear at {_value(clears, limits)} though it is "
                    f"raised at {_value(raises, limits)}, and come and go."
                )


def _gap(raises: Declared, clears: Declared, limits: Limits) -> float:
    """How far what clears lies on its side of what raises; less than 0 on the wrong one."""
    sign = 1.0 if raises.default >= clears.default else -1.0
    return sign * (limits.number(*raises.key) - limits.number(*clears.key))


def _value(declared: Declared, limits: Limits) -> str:
    return f"{limits.number(*declared.key):g} {declared.unit}"


def _called(declared: Declared) -> str:
    words = f"{declared.words[:1].lower()}{declared.words[1:]}"
    return f"{declared.kind.replace('_', ' ').capitalize()}, {words}"


RULES: Rules = {SetThresholds: _set_thresholds}
"""Decides the thresholds."""
