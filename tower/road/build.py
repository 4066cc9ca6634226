"""From an OpenStreetMap extract to the arrays of a road network."""

import numpy as np

from tower.road.network import COORDINATE_SCALE, Network
from tower.road.osm import OsmExtract, OsmImportError
from tower.road.segments import Segment, cut_segments
from tower.road.turns import TurnTable


def build_network(extract: OsmExtract) -> tuple[Network, list[str]]:
    """Make the network of an extract.

    Returns:
        The network and the street names its ``names`` point to.

    Raises:
        OsmImportError: No road in the extract may be driven.
    """
    streets = cut_segments(extract)
    if not streets.segments:
        message = "No road in this file is open to vehicles. Choose an extract with streets."
        raise OsmImportError(message)
    table = TurnTable(streets)
    for restriction in extract.restrictions:
        table.restrict(restriction)
    names = sorted({segment.name for segment in streets.segments} - {""})
    return _pack(streets.segments, table, names), names


def _pack(segments: list[Segment], table: TurnTable, names: list[str]) -> Network:
    index = {name: number for number, name in enumerate(names)}
    arcs = [
        (state, target, cost, mask)
        for state, turns in enumerate(table.arcs)
        for target, (cost, mask) in sorted(turns.items())
    ]
    speeds = [[s.rules.forward for s in segments], [s.rules.backward for s in segments]]
    vertices = np.concatenate([segment.lat_lon for segment in segments])
    counts = [len(segment.lat_lon) for segment in segments]
    return Network(
        vertices=np.round(vertices * COORDINATE_SCALE).astype(np.int32),
        offsets=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        lengths=np.array([s.length_m for s in segments], dtype=np.float32),
        speeds=np.ascontiguousarray(np.transpose(speeds, (2, 0, 1)), dtype=np.float32),
        delays=np.array([s.delay_s for s in segments], dtype=np.float32),
        factors=np.array([s.rules.factor for s in segments], dtype=np.float32),
        snappable=np.array([s.rules.snappable for s in segments], dtype=np.uint8),
        names=np.array([index.get(s.name, -1) for s in segments], dtype=np.int32),
        extra_edges=np.array(table.edges[2 * len(segments) :], dtype=np.int32),
        arc_from=np.array([arc[0] for arc in arcs], dtype=np.int32),
        arc_to=np.array([arc[1] for arc in arcs], dtype=np.int32),
        arc_penalties=np.array([arc[2] for arc in arcs], dtype=np.float32),
        arc_profiles=np.array([arc[3] for arc in arcs], dtype=np.uint8),
    )
