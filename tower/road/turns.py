"""Which turns are allowed, and what they cost.

Turn costs are those of OSRM 5 ``car.lua`` (``process_turn``): a sigmoid of the
turn angle, dearer to the left where traffic keeps to the right.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np

from tower.road.geometry import FloatArray
from tower.road.osm import OsmRestriction
from tower.road.roads import PROFILES, Profile
from tower.road.segments import SIGNAL_DELAY_S, Segment, Streets
from tower.road.tags import Tags

TURN_PENALTY_S = 7.5
TURN_BIAS = 1.075
U_TURN_PENALTY_S = 20.0
_ALL = sum(profile.bit for profile in PROFILES)
_MOTOR = Profile.CAR.bit | Profile.TRUCK.bit
_EXCEPT = {
    "bicycle": Profile.BICYCLE.bit,
    "hgv": Profile.TRUCK.bit,
    "goods": Profile.TRUCK.bit,
    "motorcar": Profile.CAR.bit,
    "motor_vehicle": _MOTOR,
}
_RESTRICTION_KEYS = {
    "restriction": _ALL,
    "restriction:motorcar": Profile.CAR.bit,
    "restriction:motor_vehicle": _MOTOR,
    "restriction:hgv": Profile.TRUCK.bit,
    "restriction:bicycle": Profile.BICYCLE.bit,
}
_HEAVY_CONDITIONS = ("weight", "length", "height", "width", "axle")

Arcs = dict[int, tuple[float, int]]
"""Turns of one state: entered state to (seconds lost, mask of profiles)."""


class TurnTable:
    """The allowed turns of a set of streets.

    Attributes:
        arcs: Per state, where it leads.
        edges: Per state, its edge; states beyond the edges are copies.
    """

    def __init__(self, streets: Streets) -> None:
        self._streets = streets
        count = 2 * len(streets.segments)
        self.edges = list(range(count))
        self.arcs: list[Arcs] = [{} for _ in range(count)]
        self._leaving = _edges_by_tail(streets.segments)
        self._states_of_way = _edges_by_way(streets.segments)
        self._copies: defaultdict[int, list[int]] = defaultdict(list)
        for edge in range(count):
            self._connect(edge)

    def restrict(self, restriction: OsmRestriction) -> None:
        """Apply a restriction; one that leads out of the data is left.

        A turn banned at some hours is taken as banned at all: a driver sent into a
        closed turn loses more than the detour costs.
        """
        kind, profiles = _meaning(restriction.tags)
        if not profiles:
            return
        only = kind.startswith("only_")
        for path in self._paths(restriction):
            self._ban(path, restriction.to_way, only, profiles)

    def _connect(self, edge: int) -> None:
        head = _head(self._streets.segments, edge)
        mine = self._mask(edge)
        through = mine & ~self._streets.blocks.get(head, 0)
        leaving = self._leaving[head]
        roads = {other >> 1 for other in leaving} | {edge >> 1}
        signal = SIGNAL_DELAY_S if head in self._streets.signals else 0.0
        rest = mine & self._mask(edge ^ 1)
        for other in leaving:
            mask = through & self._mask(other)
            if other == edge ^ 1 or not mask:
                continue
            cost = self._turn_cost(edge, other) if len(roads) > 2 else 0.0
            self.arcs[edge][other] = (signal + cost, mask)
            rest &= ~mask
        if rest:
            self.arcs[edge][edge ^ 1] = (U_TURN_PENALTY_S + TURN_PENALTY_S, rest)

    def _mask(self, edge: int) -> int:
        return self._streets.segments[edge >> 1].mask(bool(edge & 1))

    def _turn_cost(self, edge: int, other: int) -> float:
        arriving = _travelled(self._streets.segments, edge)[-2:]
        leaving = _travelled(self._streets.segments, other)[:2]
        return turn_seconds(turn_angle(arriving, leaving))

    def _states(self, edge: int) -> list[int]:
        return [edge, *self._copies[edge]]

    def _paths(self, restriction: OsmRestriction) -> Iterator[list[int]]:
        """Edges from the from-way through the via to where the ban bites."""
        segments = self._streets.segments
        targets = set(self._states_of_way[restriction.to_way])
        for edge in self._states_of_way[restriction.from_way]:
            if restriction.via_node is not None:
                if _head(segments, edge) == restriction.via_node:
                    tails = {_head(segments, target ^ 1) for target in targets}
                    if restriction.via_node in tails:
                        yield [edge]
            else:
                yield from self._through_ways(edge, restriction.via_ways, targets)

    def _through_ways(
        self, start: int, via_ways: tuple[int, ...], targets: set[int]
    ) -> Iterator[list[int]]:
        allowed = {edge for way in via_ways for edge in self._states_of_way[way]}
        trail = [[start]]
        while trail:
            path = trail.pop()
            for following in self.arcs[path[-1]]:
                edge = self.edges[following]
                if edge in targets and len(path) > 1:
                    yield path
                elif edge in allowed and edge not in path and edge ^ 1 not in path:
                    trail.append([*path, edge])

    def _ban(self, path: list[int], to_way: int, only: bool, profiles: int) -> None:
        targets = set(self._states_of_way[to_way])

        def banned(state: int) -> bool:
            return (self.edges[state] in targets) is not only

        for state in self._states(path[0]):
            self._ban_from(state, path[1:], banned, profiles)

    def _ban_from(
        self, state: int, via: list[int], banned: Callable[[int], bool], profiles: int
    ) -> None:
        if via:
            copy = self._divert(state, via[0], profiles)
            if copy is not None:
                self._ban_from(copy, via[1:], banned, profiles)
            return
        kept = {}
        for target, (cost, mask) in self.arcs[state].items():
            left = mask & ~profiles if banned(target) else mask
            if left:
                kept[target] = (cost, left)
        self.arcs[state] = kept

    def _divert(self, state: int, edge: int, profiles: int) -> int | None:
        """Lead the turn from a state onto an edge to a copy of that edge's state."""
        current = next((s for s in self.arcs[state] if self.edges[s] == edge), None)
        if current is None:
            return None
        cost, mask = self.arcs[state].pop(current)
        if mask & ~profiles:
            self.arcs[state][current] = (cost, mask & ~profiles)
        copy = len(self.arcs)
        self.arcs.append(dict(self.arcs[current]))
        self.edges.append(edge)
        self._copies[edge].append(copy)
        self.arcs[state][copy] = (cost, mask & profiles)
        return copy


def turn_angle(arriving: FloatArray, leaving: FloatArray) -> float:
    """Change of heading in degrees: 0 straight on, positive right, negative left.

    Args:
        arriving: The last two vertices before the junction, lat, lon.
        leaving: The first two after it.
    """
    change = _heading(leaving) - _heading(arriving)
    return (change + 180.0) % 360.0 - 180.0


def turn_seconds(angle: float) -> float:
    """Seconds a motor vehicle loses in a turn at a junction, traffic on the right."""
    bias = TURN_BIAS if angle >= 0 else 1.0 / TURN_BIAS
    return TURN_PENALTY_S / (1 + math.exp(-((13 / bias) * abs(angle) / 180 - 6.5 * bias)))


def _heading(pair: FloatArray) -> float:
    north = pair[1, 0] - pair[0, 0]
    east = (pair[1, 1] - pair[0, 1]) * math.cos(math.radians(float(pair[0, 0])))
    return math.degrees(math.atan2(east, north))


def _meaning(tags: Tags) -> tuple[str, int]:
    """Kind of a restriction and the mask of profiles it binds (0: none)."""
    for key, profiles in _RESTRICTION_KEYS.items():
        kind = tags.get(key, "")
        if kind.startswith(("no_", "only_")):
            return kind, profiles & ~_exempt(tags.get("except", ""))
    return _conditional_meaning(tags.get("restriction:conditional", ""))


def _conditional_meaning(text: str) -> tuple[str, int]:
    """A ban under a condition; one on size or weight binds trucks only."""
    kind, _, condition = text.partition("@")
    if not kind.startswith(("no_", "only_")):
        return "", 0
    heavy = any(word in condition for word in _HEAVY_CONDITIONS)
    return kind.strip(), Profile.TRUCK.bit if heavy else _ALL


def _exempt(words: str) -> int:
    """Mask of the profiles an ``except`` tag frees from a restriction."""
    mask = 0
    for word in words.replace(",", ";").split(";"):
        mask |= _EXCEPT.get(word.strip(), 0)
    return mask


def _travelled(segments: list[Segment], edge: int) -> FloatArray:
    shape = segments[edge >> 1].lat_lon
    return np.ascontiguousarray(shape[::-1]) if edge & 1 else shape


def _head(segments: list[Segment], edge: int) -> int:
    segment = segments[edge >> 1]
    return segment.first_node if edge & 1 else segment.last_node


def _edges_by_tail(segments: list[Segment]) -> defaultdict[int, list[int]]:
    leaving: defaultdict[int, list[int]] = defaultdict(list)
    for index, segment in enumerate(segments):
        leaving[segment.first_node].append(2 * index)
        leaving[segment.last_node].append(2 * index + 1)
    return leaving


def _edges_by_way(segments: list[Segment]) -> defaultdict[int, list[int]]:
    edges: defaultdict[int, list[int]] = defaultdict(list)
    for index, segment in enumerate(segments):
        edges[segment.way] += [2 * index, 2 * index + 1]
    return edges
