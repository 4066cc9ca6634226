"""A carrier's word about a stop as the event body Tower keeps."""

from collections.abc import Callable

from tower.carriers.observations import StopReported
from tower.carriers.refusal import Rejected
from tower.domain import events as e
from tower.domain.words import AttemptReason, StopState

Progress = (
    e.StopEnRoute
    | e.StopArrived
    | e.StopServiced
    | e.StopDelivered
    | e.StopCollected
    | e.StopAttempted
    | e.StopCancelled
    | e.StopSkipped
)

_BODIES: dict[StopState, Callable[[StopReported], Progress]] = {
    StopState.EN_ROUTE: lambda report: e.StopEnRoute(note=report.note),
    StopState.ARRIVED: lambda report: e.StopArrived(note=report.note),
    StopState.SERVICING: lambda report: e.StopServiced(note=report.note),
    StopState.DELIVERED: lambda report: e.StopDelivered(note=report.note),
    StopState.COLLECTED: lambda report: e.StopCollected(note=report.note),
    StopState.ATTEMPTED: lambda report: e.StopAttempted(
        note=report.note, reason=report.reason or AttemptReason.OTHER
    ),
    StopState.CANCELLED: lambda report: e.StopCancelled(note=report.note),
    StopState.SKIPPED: lambda report: e.StopSkipped(note=report.note),
}


def progress_of(report: StopReported) -> Progress:
    """The body of the event a report of a stop becomes.

    Raises:
        Rejected: the state is one no carrier may set.
    """
    make = _BODIES.get(report.state)
    if make is None:
        raise Rejected(f"a carrier cannot report a stop as {report.state}")
    return make(report)
