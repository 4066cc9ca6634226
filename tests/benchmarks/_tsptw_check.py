"""Whether a tour keeps the rules, and what it costs: plain arithmetic, nothing of the solver's.

The rules are the file's: leave the depot at its opening time, visit every other node once, wait
where it is not open yet, arrive before it closes, be back before the depot closes.
"""

from collections.abc import Sequence
from decimal import Decimal

from tests.benchmarks._tsptw_file import Instance


class BrokenTour(Exception):
    """A tour breaks a rule; the message says which."""


def cost_of(instance: Instance, tour: Sequence[int]) -> Decimal:
    """What a tour costs by the instance's objective.

    Args:
        instance: the problem.
        tour: all nodes but the depot, in the order they are visited.

    Raises:
        BrokenTour: it does not visit every node once, or comes too late somewhere.
    """
    others = [node for node in range(instance.nodes) if node != instance.depot]
    if sorted(tour) != others:
        raise BrokenTour("it does not visit every node once")
    here, travelled = instance.depot, Decimal(0)
    now, _ = instance.windows[here]
    for node in (*tour, instance.depot):
        travelled += instance.matrix[here][node]
        now += instance.matrix[here][node]
        opens, closes = instance.windows[node]
        if closes is not None and now > closes:
            raise BrokenTour(f"it reaches node {node} at {now}, after {closes}")
        if node != instance.depot:
            now = max(now, opens)
        here = node
    return now if instance.objective == "makespan" else travelled
