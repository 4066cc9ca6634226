"""A small shift carriers can speak about, and a clock that stands still."""

from datetime import UTC, datetime, timedelta

from tower.carriers.intake import Intake
from tower.carriers.normaliser import Normaliser
from tower.carriers.port import Adapter
from tower.domain import events as e
from tower.domain.fold import apply
from tower.domain.records import Actor, Carrier, RoutePlan, StopPlan, Subject
from tower.domain.state import State

NOW = datetime(2026, 3, 2, 14, 23, tzinfo=UTC)
MORNING = NOW - timedelta(hours=8)


class StandingClock:
    """Stands where it was set."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def opened_shift() -> State:
    """Two carriers with a route each; stops S1 (ORD-1) and S2 are `own`'s, S3 is `other`'s."""
    state = State()
    bodies: list[e.AnyBody] = [
        e.CarrierRegistered(carrier=Carrier(id="own", name="Own vans")),
        e.CarrierRegistered(carrier=Carrier(id="other", name="Other vans")),
        e.RoutePlanned(
            plan=RoutePlan(id="R1", name="R1", carrier_id="own", vehicle_id="own:van-1")
        ),
        e.RoutePlanned(plan=RoutePlan(id="R2", name="R2", carrier_id="other")),
        e.StopPlanned(plan=StopPlan(id="S1", reference="ORD-1", lat=47.1, lon=9.5)),
        e.StopPlanned(plan=StopPlan(id="S2", reference="ORD-2", lat=47.1, lon=9.51)),
        e.StopPlanned(plan=StopPlan(id="S3", reference="ORD-3", lat=47.1, lon=9.52)),
        e.RoutesSequenced(
            routes=(
                e.RouteSequence(route_id="R1", version=1, stops=("S1", "S2")),
                e.RouteSequence(route_id="R2", version=1, stops=("S3",)),
            )
        ),
    ]
    for number, body in enumerate(bodies, start=1):
        apply(state, _planned(number, body))
    return state


def _planned(number: int, body: e.AnyBody) -> e.Event:
    return e.Event(
        id=f"plan-{number}",
        seq=number,
        at=MORNING,
        recorded_at=MORNING,
        actor=Actor(kind="rule", id="test"),
        subject=Subject(),
        body=body,
    )


class Room:
    """A normaliser and the state it feeds, as the gateway has them."""

    def __init__(self) -> None:
        self.state = opened_shift()
        self.clock = StandingClock()
        self.normaliser = Normaliser(self.state, self.clock)

    def hear(self, adapter: Adapter, payload: bytes, carrier: str = "own") -> Intake:
        """Take in a message and fold its events, as a committed journal would."""
        intake = self.hear_without_journal(adapter, payload, carrier)
        self.fold(intake.events)
        return intake

    def hear_without_journal(
        self, adapter: Adapter, payload: bytes, carrier: str = "own"
    ) -> Intake:
        """Take in a message whose events are still on their way."""
        return self.normaliser.accept(carrier, adapter, payload, adapter.content_types[0])

    def fold(self, events: list[e.Event]) -> None:
        """Fold events into the state, as the journal would hand them back."""
        for event in events:
            self.state.seq += 1
            apply(self.state, event)
