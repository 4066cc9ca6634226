"""The case a message speaks of: a stop, its customer, and when the vehicle comes."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol

from tower.domain.records import PickupPoint, PublishedArrival, Record, StopPlan
from tower.domain.rulebook import Brand
from tower.domain.state import State
from tower.domain.timezones import zone_named
from tower.outreach.history import History
from tower.outreach.slots import Slot, slots_of

GRAIN = timedelta(minutes=5)
"""Nobody knows an arrival closer than this; spans are rounded outward to it."""

SLOTS = "slots"
"""Option: the windows offered, as `tower.outreach.slots` writes them."""

POINT = "point"
"""Option: id of the pick-up point offered."""


class Expected(Protocol):
    """When a vehicle is expected at a stop."""

    @property
    def p10(self) -> datetime:
        """It comes earlier in one case of ten, UTC."""
        ...

    @property
    def p50(self) -> datetime:
        """As likely earlier as later, UTC."""
        ...

    @property
    def p90(self) -> datetime:
        """It comes later in one case of ten, UTC."""
        ...


class CaseMissing(ValueError):
    """What a message is to speak of is not there; the words say what."""


class Span(Record, frozen=True, kw_only=True):
    """A stretch of time, UTC; a moment where both ends are the same."""

    start: datetime
    end: datetime


class MessageCase(Record, frozen=True, kw_only=True):
    """Everything a template may speak of; what is not known is empty or None.

    Attributes:
        customer: their name.
        brand: what they know the sender by.
        reference: number of their order.
        zone: the customer's time zone.
        said_at: when they will read it, UTC: decides what is today and what tomorrow.
        parcels: how many there are.
        arrival: when the vehicle comes, see `coming`.
        before: what they were told before, or else were promised.
        window: the promised window.
        done_at: when the stop had its outcome, UTC.
        slots: the windows offered.
        point: the pick-up point offered.
    """

    customer: str = ""
    brand: str = ""
    reference: str = ""
    address: str = ""
    zone: tzinfo = UTC
    said_at: datetime
    parcels: int = 0
    safe_place: str = ""
    arrival: Span | None = None
    before: Span | None = None
    window: Span | None = None
    done_at: datetime | None = None
    slots: tuple[Slot, ...] = ()
    point: PickupPoint | None = None


def message_case(
    state: State,
    stop_id: str,
    arrival: Expected | None,
    options: Mapping[str, str],
    now: datetime,
    history: History | None = None,
) -> MessageCase:
    """The case of one stop.

    Args:
        state: the shift.
        stop_id: whose customer is written to.
        arrival: when the vehicle is expected there, None where nobody knows.
        options: what the template was given besides, see `SLOTS` and `POINT`.
        now: when the customer will read it, UTC.
        history: made from the same state, where many cases are made at once.

    Raises:
        CaseMissing: the stop was not planned, or the pick-up point is unknown.
        NoSlots: the slots offered are none.
    """
    stop = state.stops.get(stop_id)
    if stop is None or stop.plan is None:
        raise CaseMissing("The stop is not planned.")
    plan = stop.plan
    brand = brand_of(state, plan.brand)
    return MessageCase(
        customer=plan.customer,
        brand=brand.name if brand else "",
        reference=plan.reference,
        address=plan.address,
        zone=zone_of(state, plan),
        said_at=now,
        parcels=len(plan.parcels),
        safe_place=plan.safe_place,
        arrival=coming(arrival, now, stop.published) if arrival else None,
        before=_believed(plan, (history or History(state)).told(stop_id)),
        window=_window(plan),
        done_at=stop.finished_at,
        slots=slots_of(options.get(SLOTS, "")),
        point=_point(state, options.get(POINT, "")),
    )


def coming(arrival: Expected, now: datetime, published: PublishedArrival | None = None) -> Span:
    """When a vehicle comes, as customers are told; not past, five minutes at least.

    What the customer sees already is said again as long as the vehicle is expected within it;
    else P10 to P90.
    """
    if published is not None and published.start <= arrival.p50 <= published.end:
        start, end = published.start, published.end
    else:
        start, end = arrival.p10, arrival.p90
    start = max(start, now)
    return Span(start=start, end=max(end, start + GRAIN))


def zone_of(state: State, plan: StopPlan) -> tzinfo:
    """The customer's time zone: their own, else the shift's."""
    return zone_named(plan.timezone or "") or state.zone


def brand_of(state: State, brand_id: str) -> Brand | None:
    """The brand of an id, else the first; None where there is none."""
    brands = state.policy.brands
    named = next((one for one in brands if one.id == brand_id), None)
    return named or (brands[0] if brands else None)


def _believed(plan: StopPlan, told: datetime | None) -> Span | None:
    moment = told or plan.planned_at
    return Span(start=moment, end=moment) if moment else _window(plan)


def _window(plan: StopPlan) -> Span | None:
    if plan.window_start is None or plan.window_end is None:
        return None
    return Span(start=plan.window_start, end=plan.window_end)


def _point(state: State, point_id: str) -> PickupPoint | None:
    if not point_id:
        return None
    entry = state.pickup_points.get(point_id)
    if entry is None:
        raise CaseMissing("The pick-up point is not known.")
    return entry.value
