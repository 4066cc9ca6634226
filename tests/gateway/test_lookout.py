"""The rules at work in a running gateway: what matters is found at once, and nothing is lost."""

from pathlib import Path

from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway.shift import MORNING, NOON, small_shift, told
from tower.domain.episodes import episode_id
from tower.domain.events import (
    AnyBody,
    CustomerContacted,
    Event,
    ExceptionWorked,
    RouteStarted,
    StopArrived,
    StopAttempted,
    ThresholdsSet,
)
from tower.domain.records import ExceptionRecord, Subject
from tower.domain.rulebook import Threshold
from tower.domain.words import AttemptReason, ExceptionKind, ExceptionState
from tower.gateway.settings import GatewaySettings


def patient(folder: Path) -> GatewaySettings:
    """A gateway that looks once a minute, unless something hurries it."""
    return GatewaySettings(data=str(folder), port=0, project_s=60.0, watch_s=60.0)


def about(stop_id: str, body: AnyBody) -> Event:
    subject = Subject(stop_id=stop_id, route_id="A", carrier_id="own")
    return told(NOON, subject, body)


def found(gateway: RunningGateway, kind: ExceptionKind, thing: str) -> ExceptionRecord:
    """The exception of a kind about a thing, once it is there."""
    id_ = episode_id(kind, thing, 1)
    return gateway.until(lambda: gateway.state.exceptions.get(id_))


def test_an_attempt_and_a_call_are_exceptions_at_once(tmp_path: Path) -> None:
    with running_gateway(tmp_path, settings=patient(tmp_path)) as gateway:
        refused = StopAttempted(reason=AttemptReason.REFUSED)
        gateway.journal.append([about("S2", refused)]).result()
        failed = found(gateway, ExceptionKind.FAILED_ATTEMPT, "S2")
        gateway.journal.append([about("S4", CustomerContacted(topic="wismo"))]).result()
        asked = found(gateway, ExceptionKind.WISMO, "S4")

    assert failed.finding is not None
    assert failed.finding.headline == "Attempted: refused"
    assert asked.is_open


def test_what_was_so_before_the_gateway_started_is_found_as_well(tmp_path: Path) -> None:
    shift = [*small_shift(), about("S2", StopAttempted(reason=AttemptReason.DAMAGED))]
    with running_gateway(tmp_path, shift=shift) as gateway:
        assert found(gateway, ExceptionKind.FAILED_ATTEMPT, "S2").is_open


def test_a_threshold_holds_as_soon_as_it_is_set(tmp_path: Path) -> None:
    started = told(MORNING, Subject(route_id="A"), RouteStarted())
    arrived = told(MORNING, Subject(stop_id="S2", route_id="A"), StopArrived())
    planned = [one for one in small_shift() if one.subject.exception_id == ""]
    with running_gateway(
        tmp_path, shift=[*planned, started, arrived], settings=patient(tmp_path)
    ) as gateway:
        gateway.clock.set(NOON.timestamp() + 600.0)
        assert not gateway.state.exceptions
        short = Threshold(kind=ExceptionKind.LONG_DWELL, name="at_door", value=3.0)
        body = ThresholdsSet(version=1, thresholds=(short,))
        gateway.journal.append([told(NOON, Subject(), body)]).result()

        assert found(gateway, ExceptionKind.LONG_DWELL, "S2").is_open


def test_nobody_claiming_it_brings_a_supervisor(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as gateway, gateway.expect(ExceptionWorked) as expected:
        gateway.clock.set(NOON.timestamp() + 660.0)

    assert expected.event is not None
    assert isinstance(expected.event.body, ExceptionWorked)
    assert expected.event.body.state is ExceptionState.ESCALATED
