"""How a whole route stands: what colours its vehicle and sorts the list."""

from datetime import timedelta

import msgspec

from tower.domain.words import Punctuality

AHEAD = timedelta(minutes=60)
"""Only stops expected this soon colour the vehicle: later ones can still be helped."""


class Standing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a route stands now.

    Attributes:
        punctuality: the worst of the stops expected within the hour; done, or idle before start.
        delay_s: seconds behind the plan of the day at the next stop, negative where early.
        next_stop_id: the first stop not done, "" where none is left.
        late: stops predicted late, however far ahead.
        at_risk: stops predicted at risk, however far ahead.
    """

    punctuality: Punctuality
    delay_s: float = 0.0
    next_stop_id: str = ""
    late: int = 0
    at_risk: int = 0
