"""Cutting ways into segments between junctions."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from tower.road.geometry import FloatArray, piece_lengths_m
from tower.road.osm import OsmExtract, OsmWay
from tower.road.roads import WayRules, node_blocks, way_rules

SIGNAL_DELAY_S = 2.0
"""Mean loss at a traffic signal, seconds (OSRM ``car.lua``)."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A road between two junctions, with the rules of its way."""

    way: int
    first_node: int
    last_node: int
    lat_lon: FloatArray
    length_m: float
    delay_s: float
    rules: WayRules
    name: str

    def mask(self, against: bool) -> int:
        """Mask of the profiles that may travel along it, or against it."""
        speeds = self.rules.backward if against else self.rules.forward
        return sum(1 << index for index, speed in enumerate(speeds) if speed > 0)


@dataclass(slots=True)
class Streets:
    """All segments, and what is known of the nodes where they meet.

    Attributes:
        segments: In the order of the file.
        blocks: Mask of the profiles that cannot pass, by node id.
        signals: Ids of nodes with traffic signals.
    """

    segments: list[Segment] = field(default_factory=list)
    blocks: dict[int, int] = field(default_factory=dict)
    signals: set[int] = field(default_factory=set)


def cut_segments(extract: OsmExtract) -> Streets:
    """Cut every usable way at its junctions, barriers and restriction nodes."""
    streets = Streets()
    for node in extract.nodes:
        blocked = node_blocks(node.tags)
        if blocked:
            streets.blocks[node.id] = blocked
        if node.tags.get("highway") == "traffic_signals":
            streets.signals.add(node.id)
    usable = list(_usable_ways(extract))
    cuts = _cut_nodes(extract, [way for way, _ in usable]) | streets.blocks.keys()
    for way, rules in usable:
        streets.segments.extend(_cut_way(way, rules, cuts, streets.signals))
    return streets


def _usable_ways(extract: OsmExtract) -> Iterator[tuple[OsmWay, WayRules]]:
    for way in extract.ways:
        rules = way_rules(way.tags)
        if rules is not None and rules.usable:
            yield way, rules


def _cut_nodes(extract: OsmExtract, ways: list[OsmWay]) -> set[int]:
    uses: Counter[int] = Counter()
    for way in ways:
        ids = way.nodes.tolist()
        uses.update(ids)
        uses.update((ids[0], ids[-1]))
    shared = {node for node, count in uses.items() if count > 1}
    return shared | {r.via_node for r in extract.restrictions if r.via_node is not None}


def _cut_way(way: OsmWay, rules: WayRules, cuts: set[int], signals: set[int]) -> Iterator[Segment]:
    ids = way.nodes.tolist()
    places = [i for i, node in enumerate(ids) if node in cuts or i in (0, len(ids) - 1)]
    for first, last in pairwise(places):
        lat_lon = way.lat_lon[first : last + 1]
        lengths = piece_lengths_m(lat_lon)
        waits = sum(node in signals for node in ids[first + 1 : last])
        yield Segment(
            way=way.id,
            first_node=ids[first],
            last_node=ids[last],
            lat_lon=lat_lon,
            length_m=max(float(np.sum(lengths)), 0.01),
            delay_s=waits * SIGNAL_DELAY_S,
            rules=rules,
            name=way.tags.get("name", ""),
        )
