"""A carrier's word about a stop as the event body Tower keeps."""

from collections.abc import Callable

from tower.carriers.observations import StopReported
from tower.carriers.refusal import Rejected
from tower.domain import events as e
from tower.domain.geometry import is_null_island, is_on_earth
from tower.domain.records import Proof
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

_BODIES: dict[StopState, Callable[..., Progress]] = {
    StopState.EN_ROUTE: e.StopEnRoute,
    StopState.ARRIVED: e.StopArrived,
    StopState.SERVICING: e.StopServiced,
    StopState.DELIVERED: e.StopDelivered,
    StopState.COLLECTED: e.StopCollected,
    StopState.CANCELLED: e.StopCancelled,
    StopState.SKIPPED: e.StopSkipped,
}


def progress_of(report: StopReported) -> Progress:
    """The body of the event a report of a stop becomes.

    Raises:
        Rejected: the state is one no carrier may set.
    """
    if report.state is StopState.ATTEMPTED:
        reason = report.reason or AttemptReason.OTHER
        return e.StopAttempted(note=report.note, proof=report.proof, reason=reason)
    make = _BODIES.get(report.state)
    if make is None:
        raise Rejected(f"a carrier cannot report a stop as {report.state}")
    return make(note=report.note, proof=report.proof)


def checked_place(proof: Proof) -> None:
    """Check where a driver says to have stood at the door.

    Raises:
        Rejected: there is no such place, or it is half a place.
    """
    lat, lon = proof.lat, proof.lon
    if lat is None and lon is None:
        return
    if lat is None or lon is None:
        raise Rejected("the proof has a latitude or a longitude only; its place is left out")
    if not is_on_earth(lat, lon) or is_null_island(lat, lon):
        raise Rejected(f"the proof was recorded at ({lat:g}, {lon:g}); its place is left out")
