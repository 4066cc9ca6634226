"""The steps of an exception's playbook, and which of them make sense now. Knows no widgets."""

from collections.abc import Callable
from typing import NamedTuple

from tower.domain.records import ExceptionRecord, Route, Stop
from tower.domain.rulebook import PlaybookStep
from tower.domain.words import StepAction, StopState
from tower.routes.change import open_order
from ui.draft.draft import Draft
from ui.filter import route_of
from ui.outreach.affected import affected_stops
from ui.session import Session

MOST = 9
"""Steps that have a key."""

_TOLD = frozenset(
    {StepAction.MESSAGE, StepAction.SAFE_PLACE, StepAction.PICKUP_POINT, StepAction.CALL_CUSTOMER}
)
_OVER = frozenset({StopState.CANCELLED, StopState.COLLECTED, StopState.DELIVERED})


class Case(NamedTuple):
    """What an exception is about, as far as a step needs to know.

    Attributes:
        stop: whose customer is told, None where it is about no stop.
        route: which route serves it, None where none does.
    """

    record: ExceptionRecord
    stop: Stop | None
    route: Route | None


class Offered(NamedTuple):
    """A step as it is offered.

    Attributes:
        number: the key that fires it.
        why_not: why it makes no sense now, "" where it does.
    """

    number: int
    step: PlaybookStep
    why_not: str = ""


def case_of(session: Session, record: ExceptionRecord) -> Case:
    """What an exception is about now."""
    subject = record.finding.subject if record.finding else None
    stop = session.state.stops.get(subject.stop_id) if subject else None
    return Case(record, stop, route_of(record, session.state, session.links))


def offered_steps(session: Session, draft: Draft, case: Case) -> tuple[Offered, ...]:
    """The steps for an exception, each with the reason why it makes no sense, if so."""
    finding = case.record.finding
    if finding is None or not case.record.is_open:
        return ()
    steps = session.state.room_playbooks.of(finding.kind)[:MOST]
    return tuple(
        Offered(number, step, _why_not(session, draft, case, step.action))
        for number, step in enumerate(steps, start=1)
    )


def _why_not(session: Session, draft: Draft, case: Case, action: StepAction) -> str:
    if action in _TOLD and (why := _why_untold(case.stop)):
        return why
    reason = _REASONS.get(action)
    return reason(session, draft, case) if reason else ""


def _why_untold(stop: Stop | None) -> str:
    """Why the customer of a stop cannot be told anything."""
    plan = stop.plan if stop else None
    if plan is None:
        return "It is about no stop, so there is no customer to tell."
    if not (plan.phone or plan.masked_phone or plan.email):
        return "Nobody gave a phone number or an e-mail address for this stop."
    return ""


def _no_number_of_customer(_session: Session, _draft: Draft, case: Case) -> str:
    plan = case.stop.plan if case.stop else None
    has_number = plan is not None and (plan.masked_phone or plan.phone)
    return "" if has_number else "Nobody gave a phone number for this stop."


def _no_number_of_driver(_session: Session, _draft: Draft, case: Case) -> str:
    plan = case.route.plan if case.route else None
    if plan is None:
        return "No route serves it, so there is no driver to call."
    has_number = plan.driver_masked_phone or plan.driver_phone
    return "" if has_number else "Nobody gave a phone number of this driver."


def _not_earlier(_session: Session, draft: Draft, case: Case) -> str:
    if why := _not_movable(draft, case):
        return why
    order = draft.arranged.get(case.route.id, ()) if case.route else ()
    if case.stop is not None and order[:1] == (case.stop.id,):
        return "It is the next stop already."
    return ""


def _not_off(_session: Session, draft: Draft, case: Case) -> str:
    return _not_movable(draft, case)


def _not_movable(draft: Draft, case: Case) -> str:
    if case.stop is None or case.stop.plan is None:
        return "It is about no stop."
    if case.stop.is_done:
        return f"The stop is {case.stop.state.replace('_', ' ')}."
    if case.route is None:
        return "The stop is on no route."
    return draft.why_fixed(case.stop.id)


def _settled(_session: Session, _draft: Draft, case: Case) -> str:
    state = case.stop.state if case.stop else None
    return f"The stop is {state.replace('_', ' ')}." if state in _OVER else ""


def _no_points(session: Session, draft: Draft, case: Case) -> str:
    if not session.state.pickup_points:
        return "No pick-up point is known."
    return _settled(session, draft, case)


def _nobody_affected(session: Session, _draft: Draft, case: Case) -> str:
    if case.route is None:
        return "No route is behind it, so nobody else waits for this vehicle."
    if not affected_stops(session, case.route):
        return "Every other customer of this route gets their delivery as promised."
    return ""


def _nothing_to_spread(session: Session, _draft: Draft, case: Case) -> str:
    if case.route is None:
        return "No route is behind it, so there are no stops to take over."
    if case.route.finished_at is not None or not open_order(session.state, case.route):
        return f"{case.route.name} has no stops left to take over."
    return ""


_REASONS: dict[StepAction, Callable[[Session, Draft, Case], str]] = {
    StepAction.SERVE_EARLIER: _not_earlier,
    StepAction.RETURN_TO_DEPOT: _not_off,
    StepAction.CALL_DRIVER: _no_number_of_driver,
    StepAction.CALL_CUSTOMER: _no_number_of_customer,
    StepAction.PICKUP_POINT: _no_points,
    StepAction.SAFE_PLACE: _settled,
    StepAction.BULK_MESSAGE: _nobody_affected,
    StepAction.SPREAD_STOPS: _nothing_to_spread,
}
