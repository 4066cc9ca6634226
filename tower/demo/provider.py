"""What a provider of weather and traffic says of the simulated day."""

from tower.demo.closing import QUEUE_FACTOR, QUEUE_M
from tower.demo.happenings import Closure
from tower.demo.plan import DemoPlan
from tower.domain.conditions import Conditions, Disturbance, Weather
from tower.domain.moments import utc

PROVIDER = "demo-weather"

SAYS_EVERY_S = 900.0
"""A provider looks out of the window every quarter of an hour, seconds."""

CLOSED_M = 60.0
"""How far from its place a closed road is told to reach, metres."""


class Provider:
    """Says how the roads are, as often as providers do.

    Args:
        plan: what really happens.
        midnight: epoch seconds of the shift's local midnight.
    """

    def __init__(self, plan: DemoPlan, midnight: float) -> None:
        self._happenings, self._midnight = plan.happenings, midnight
        self._said_s = float("-inf")

    def due(self, now_s: float) -> Conditions | None:
        """What is said at a second of the day; None where it is not its turn."""
        looks_s = now_s // SAYS_EVERY_S * SAYS_EVERY_S
        if looks_s <= self._said_s:
            return None
        self._said_s = looks_s
        closure = self._happenings.closure
        is_known = closure is not None and closure.told_s <= looks_s
        return Conditions(
            id=PROVIDER,
            as_of=utc(self._midnight + looks_s),
            weather=Weather(rain_mm_h=self._happenings.rain_mm_h(looks_s)),
            disturbances=self._told(closure) if closure is not None and is_known else (),
        )

    def _told(self, closure: Closure) -> tuple[Disturbance, ...]:
        begins = utc(self._midnight + closure.starts_s)
        lat, lon = closure.place
        return (
            Disturbance(
                id="closed",
                words=closure.words,
                lat=lat,
                lon=lon,
                radius_m=CLOSED_M,
                closed=True,
                begins=begins,
            ),
            Disturbance(
                id="queue",
                words=f"Queues: {closure.words}",
                lat=lat,
                lon=lon,
                radius_m=QUEUE_M,
                factor=QUEUE_FACTOR,
                begins=begins,
            ),
        )
