"""What legs were expected to take when they were driven; paces are measured against it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tower.domain.records import Stop
from tower.eta.features import LocalTime
from tower.eta.model import ArrivalModel


class _Leg(NamedTuple):
    by_roads_s: float
    expected_s: float


class DrivenLegs:
    """The expected seconds of legs that are over; a model is asked once for each."""

    def __init__(self, model: ArrivalModel) -> None:
        self._model = model
        self._known: dict[str, _Leg] = {}

    def of(
        self,
        stops: Sequence[Stop],
        legs_s: Sequence[float],
        now_s: float,
        local: LocalTime,
        rain_mm_h: float,
    ) -> list[float]:
        """Seconds of the legs to all stops of a route; as the roads say where one is not over.

        Args:
            stops: the stops in driving order.
            legs_s: driving seconds to each by the roads.
            now_s: the present, seconds since 1970.
            local: what the clocks on the walls say now.
            rain_mm_h: the weather now, which is taken for that of legs just driven.
        """
        new = [
            place
            for place, (stop, leg_s) in enumerate(zip(stops, legs_s, strict=True))
            if stop.is_done and not self._knows(stop, leg_s)
        ]
        if new:
            by_roads_s = np.array([legs_s[place] for place in new], dtype=np.float64)
            ahead_s = np.array([_finished_s(stops[place], now_s) - now_s for place in new])
            hours = local.hours(ahead_s)
            expected = self._model.leg_s(by_roads_s, hours, local.weekday, rain_mm_h)
            for place, seconds in zip(new, expected.tolist(), strict=True):
                self._known[stops[place].id] = _Leg(legs_s[place], seconds)
        return [
            self._known[stop.id].expected_s if stop.is_done else leg_s
            for stop, leg_s in zip(stops, legs_s, strict=True)
        ]

    def _knows(self, stop: Stop, leg_s: float) -> bool:
        known = self._known.get(stop.id)
        return known is not None and known.by_roads_s == leg_s


def _finished_s(stop: Stop, now_s: float) -> float:
    return now_s if stop.finished_at is None else stop.finished_at.timestamp()
