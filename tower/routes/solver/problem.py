"""A vehicle routing problem in plain numbers."""

from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

NO_LIMIT = 2**53
"""A time or a distance that limits nothing."""

IntMatrix = NDArray[np.int64]

Tours = tuple[tuple[int, ...], ...]
"""The calls of each vehicle in driving order, by number; one tuple a vehicle, empty where none."""


class Call(NamedTuple):
    """Something to be done at a place.

    Attributes:
        place: row of the matrices.
        opens: it does not begin before.
        closes: it has begun by then.
        takes: how long it takes.
        brings: what is taken along from the depot and left here, by dimension.
        collects: what is taken along from here to the end, by dimension.
        forgoing: cost of leaving it out; None where it must be made.
    """

    place: int
    opens: int = 0
    closes: int = NO_LIMIT
    takes: int = 0
    brings: tuple[int, ...] = ()
    collects: tuple[int, ...] = ()
    forgoing: int | None = None


class Errand(NamedTuple):
    """Something picked up at one place and left at another by the same vehicle.

    Attributes:
        amount: what is aboard in between, by dimension.
        forgoing: cost of leaving both out; None where it must be made.
    """

    pickup: Call
    delivery: Call
    amount: tuple[int, ...] = ()
    forgoing: int | None = None


class Carrier(NamedTuple):
    """A vehicle that makes one tour.

    Attributes:
        start: place it starts at.
        end: place it ends at.
        ready: it starts at that time at the earliest.
        due: it has ended by then.
        starts_by: it starts at that time at the latest; None for whenever suits.
        capacity: what fits in, by dimension.
        aboard: what is in it all the way, by dimension.
        profile: which of the matrices hold for it.
        duration_cost: cost of each unit of time between start and end.
    """

    start: int
    end: int
    ready: int = 0
    due: int = NO_LIMIT
    starts_by: int | None = None
    capacity: tuple[int, ...] = ()
    aboard: tuple[int, ...] = ()
    profile: int = 0
    duration_cost: int = 0


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Who makes which calls in which order.

    A call has a number: those of `calls` their place in it, then each errand's pickup and
    delivery in turn.

    Attributes:
        calls: what is to be done by whichever vehicle.
        errands: what is to be picked up and delivered by the same vehicle.
        carriers: the vehicles.
        costs: a matrix a profile, ``(n, n)``: cost of driving from row to column.
        durations: a matrix a profile, ``(n, n)``: time that takes.
    """

    calls: tuple[Call, ...]
    carriers: tuple[Carrier, ...]
    costs: tuple[IntMatrix, ...]
    durations: tuple[IntMatrix, ...]
    errands: tuple[Errand, ...] = ()

    @property
    def dimensions(self) -> int:
        """In how many dimensions loads are counted."""
        return len(self.carriers[0].capacity) if self.carriers else 0

    def pickup(self, errand: int) -> int:
        """Number of the call that picks up an errand; the next one delivers it."""
        return len(self.calls) + 2 * errand


class Plan(NamedTuple):
    """Tours the search came upon.

    Attributes:
        tours: the calls of each vehicle.
        left_out: calls nobody makes.
        cost: of driving, of time, and of what is left out.
        lateness: by how much calls and ends come after they should have, all together, where
            each late call is taken to end as if it had been on time.
        excess: by how much loads are over the capacity, by dimension.
        is_feasible: nothing is late, over, or left out that must be made.
    """

    tours: Tours
    left_out: tuple[int, ...]
    cost: int
    lateness: int
    excess: tuple[int, ...]
    is_feasible: bool
