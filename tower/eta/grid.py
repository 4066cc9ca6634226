"""Stops in a row, route after route, and the same as a grid: a row a step, a column a route."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tower.eta.model import Floats

Integers = NDArray[np.int64]


class Grid:
    """Places `n` stops of `r` routes; columns are sorted by the number of stops, most first.

    Attributes:
        counts: `(r,)` stops of each route, at least one.
    """

    def __init__(self, counts: Integers) -> None:
        self.counts = counts

    @cached_property
    def route(self) -> Integers:
        """`(n,)` the route of each stop."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def firsts(self) -> Integers:
        """`(r,)` the first stop of each route."""
        return np.cumsum(self.counts) - self.counts

    @cached_property
    def step(self) -> Integers:
        """`(n,)` how many stops of its route come before each."""
        steps: Integers = np.arange(len(self.route)) - self.firsts[self.route]
        return steps

    @cached_property
    def order(self) -> Integers:
        """`(r,)` the routes in the order of the columns."""
        return np.argsort(-self.counts, kind="stable")

    @cached_property
    def column(self) -> Integers:
        """`(r,)` the column of each route."""
        columns = np.empty_like(self.order)
        columns[self.order] = np.arange(len(self.order))
        return columns

    def spread(self, values: Floats) -> Floats:
        """`(k, r)` the values of the stops in their cells; 0 where a route has no more stops."""
        cells = np.zeros((int(self.counts.max()), len(self.counts)))
        cells[self.step, self.column[self.route]] = values
        return cells

    def in_a_row(self, cells: Floats) -> Floats:
        """`(..., n)` the stops of some grids `(..., k, r)`."""
        found: Floats = cells[..., self.step, self.column[self.route]]
        return found
