"""What a proposal comes to over all its routes, in figures people compare. Knows no widgets."""

from collections.abc import Iterable
from typing import NamedTuple

from tower.routes.evaluate import Prospect
from tower.routes.impact import Impact, StopImpact
from ui.draft.consequences import reason
from ui.proposals.compare import Beside
from ui.proposals.scope import name_of
from ui.session import Session

_MINUTE_S, _HOUR_S, _KM_M = 60.0, 3600.0, 1000.0


class Reason(NamedTuple):
    """A stop behind a figure; "" for a route as a whole."""

    stop_id: str
    words: str


class Figure(NamedTuple):
    """A figure before and after.

    Attributes:
        title: what it is.
        now: as things are; "" where only the change is counted.
        then: with the proposal.
        change: the difference in words; "" for none.
        tone: `better`, `worse` or `same`.
        why: the stops behind it, each with words for it; a click lists them.
    """

    title: str
    now: str
    then: str
    change: str
    tone: str
    why: tuple["Reason", ...] = ()


def figures(session: Session, impact: Impact, orders: Iterable[Beside]) -> tuple[Figure, ...]:
    """The figures of a proposal, in the order people ask for them."""
    before = [one.before for one in impact.routes]
    after = [one.after for one in impact.routes]
    found = [
        _lateness(before, after),
        _distance(before, after),
        _end(session, before, after),
        *_energy(before, after),
        _windows(session, impact),
        _moved(session, impact, orders),
        _told(session, impact),
        _constraints(session, impact),
    ]
    return tuple(one for one in found if one is not None)


def change_words(late_s: float, distance_m: float) -> str:
    """`−12 min late · −3.4 km`; "" where neither changes."""
    return " · ".join(
        filter(
            None,
            (
                signed(late_s / _MINUTE_S, "min late"),
                signed(distance_m / _KM_M, "km", decimals=1),
            ),
        )
    )


def signed(value: float, unit: str, decimals: int = 0) -> str:
    """`−3.4 km` or `+12 min`; "" for what rounds to nothing."""
    rounded = round(value, decimals)
    if not rounded:
        return ""
    return f"{rounded:+,.{decimals}f} {unit}".replace("-", "−").replace(",", " ")


def _lateness(before: list[Prospect], after: list[Prospect]) -> Figure:
    was = sum(one.lateness_s for one in before) / _MINUTE_S
    then = sum(one.lateness_s for one in after) / _MINUTE_S
    change = signed(then - was, "min")
    return Figure("Late, all stops", f"{was:.0f} min", f"{then:.0f} min", change, _tone(then - was))


def _distance(before: list[Prospect], after: list[Prospect]) -> Figure:
    was = sum(one.distance_m for one in before) / _KM_M
    then = sum(one.distance_m for one in after) / _KM_M
    change = signed(then - was, "km", decimals=1)
    return Figure(
        "Still to drive", f"{was:.1f} km", f"{then:.1f} km", change, _tone(then - was, 0.05)
    )


def _end(session: Session, before: list[Prospect], after: list[Prospect]) -> Figure | None:
    if not before or not after:
        return None
    was, then = max(one.ends_at for one in before), max(one.ends_at for one in after)
    minutes = (then - was).total_seconds() / _MINUTE_S
    title = "Route ends" if len(after) == 1 else "Last route ends"
    now, later = session.clock_text(was), session.clock_text(then)
    return Figure(title, now, later, signed(minutes, "min"), _tone(minutes))


def _energy(before: list[Prospect], after: list[Prospect]) -> list[Figure]:
    titles = {"l": "Fuel", "kWh": "Electricity"}
    found = []
    for unit, title in titles.items():
        was = sum(one.energy.amount for one in before if one.energy.unit == unit)
        then = sum(one.energy.amount for one in after if one.energy.unit == unit)
        if was or then:
            change = signed(then - was, unit, decimals=1)
            words = (f"{was:.1f} {unit}", f"{then:.1f} {unit}")
            found.append(Figure(title, *words, change, _tone(then - was, 0.05)))
    return found


def _windows(session: Session, impact: Impact) -> Figure:
    saved, broken = len(impact.saved), len(impact.broken)
    words = [f"{saved} saved" if saved else "", f"{broken} broken" if broken else ""]
    said = " · ".join(filter(None, words)) or "as before"
    why = (
        *(_reason(session, one.stop_id, "back inside its window") for one in impact.saved),
        *(_reason(session, one.stop_id, "misses its window") for one in impact.broken),
    )
    return Figure("Windows", "", said, "", _tone(broken - saved, 0.5), why)


def _moved(session: Session, impact: Impact, orders: Iterable[Beside]) -> Figure:
    moved = {stop_id for one in orders for stop_id in one.moved}
    why = tuple(
        _reason(session, one.stop_id, _way(session, one))
        for one in impact.stops
        if one.stop_id in moved
    )
    return Figure("Stops moved", "", str(len(why)), "", "same", why)


def _way(session: Session, one: StopImpact) -> str:
    """From where to where: places on one route, or the two routes."""
    if one.route_before == one.route_after:
        shift = one.place_after - one.place_before
        return f"{abs(shift)} {'later' if shift > 0 else 'earlier'}" if shift else "same number"
    before, after = (
        name_of(session, route_id) if route_id else "no route"
        for route_id in (one.route_before, one.route_after)
    )
    return f"{before} → {after}"


def _told(session: Session, impact: Impact) -> Figure:
    told = impact.to_tell
    why = tuple(_reason(session, one.stop_id, _shift_words(one)) for one in told)
    tone = "worse" if told else "same"
    return Figure("Customers to tell", "", str(len(told)), "", tone, why)


def _shift_words(one: StopImpact) -> str:
    if one.after is None:
        return "comes off its route"
    return signed(one.shift_s / _MINUTE_S, "min") or "is late"


def _constraints(session: Session, impact: Impact) -> Figure:
    """What is newly broken, and what no longer is."""
    hard, soft = len(impact.hard), len(impact.raised) - len(impact.hard)
    words = [
        f"{hard} for a supervisor" if hard else "",
        f"{soft} newly broken" if soft else "",
        f"{len(impact.cleared)} kept again" if impact.cleared else "",
    ]
    said = " · ".join(filter(None, words)) or "all as before"
    why = tuple(Reason(one.stop_id, reason(session, one).words) for one in impact.raised)
    tone = "worse" if impact.raised else "better" if impact.cleared else "same"
    return Figure("Constraints", "", said, "", tone, why)


def _reason(session: Session, stop_id: str, words: str) -> Reason:
    return Reason(stop_id, f"{stop_words(session, stop_id)}: {words}")


def stop_words(session: Session, stop_id: str) -> str:
    """`stop 7 · Customer 0006`."""
    stop, number = session.state.stops.get(stop_id), session.links.number_of_stop.get(stop_id)
    name = stop.plan.customer or stop.plan.reference if stop and stop.plan else stop_id
    return " · ".join(filter(None, (f"stop {number}" if number else "", name)))


def _tone(change: float, least: float = 0.5) -> str:
    if abs(change) < least:
        return "same"
    return "worse" if change > 0 else "better"
