"""The real turn bans and house numbers of central Helsinki."""

from pathlib import Path

import numpy as np
import pytest

from tower.road.build import build_network
from tower.road.drive import lay_out, vertex_shares
from tower.road.graph import RoadGraph
from tower.road.importing import build_pack
from tower.road.osm import OsmExtract, OsmRestriction, read_osm
from tower.road.roads import Profile
from tower.road.search import Search
from tower.road.segments import Segment, cut_segments
from tower.road.snap import Snap


@pytest.fixture(scope="module")
def extract(shared_data: Path) -> OsmExtract:
    return read_osm(shared_data / "regions" / "Helsinki.osm.pbf")


@pytest.fixture(scope="module")
def segments(extract: OsmExtract) -> list[Segment]:
    return cut_segments(extract).segments


def _arms(segments: list[Segment], restriction: OsmRestriction) -> tuple[list[int], list[int]]:
    """Edges into the via node on the from-way, and out of it on the to-way."""
    into, out = [], []
    for index, segment in enumerate(segments):
        for edge, tail, head in (
            (2 * index, segment.first_node, segment.last_node),
            (2 * index + 1, segment.last_node, segment.first_node),
        ):
            if segment.way == restriction.from_way and head == restriction.via_node:
                into.append(edge)
            if segment.way == restriction.to_way and tail == restriction.via_node:
                out.append(edge)
    return into, out


def test_no_real_turn_ban_is_broken_by_any_route_over_it(
    extract: OsmExtract, segments: list[Segment]
) -> None:
    """Every ban is driven at, from just before its junction to just after it."""
    graph = RoadGraph(*build_network(extract)).of(Profile.CAR)
    shares = vertex_shares(graph.network)
    checked = detours = 0
    for restriction in extract.restrictions:
        if not restriction.tags.get("restriction", "").startswith("no_"):
            continue
        for start in _arms(segments, restriction)[0]:
            for end in _arms(segments, restriction)[1]:
                if start >> 1 == end >> 1 or not np.isfinite(graph.time[[start, end]]).all():
                    continue
                path = Search(graph, [_near_end(start)], [_near_start(end)]).path(0, 0, 10.0)
                checked += 1
                if path is not None:
                    pairs = list(zip(path.edges, path.edges[1:], strict=False))
                    assert (start, end) not in pairs
                    detours += lay_out(graph, path, shares).distance_m > 50
    assert checked >= 8
    assert detours >= 5


def _near_end(edge: int) -> Snap:
    return Snap(edge >> 1, 0.05 if edge & 1 else 0.95, 0.0)


def _near_start(edge: int) -> Snap:
    return Snap(edge >> 1, 0.95 if edge & 1 else 0.05, 0.0)


def test_the_bans_are_what_lengthens_those_routes(extract: OsmExtract) -> None:
    banned, _ = build_network(extract)
    kept = extract.restrictions
    extract.restrictions = []
    try:
        free, _ = build_network(extract)
    finally:
        extract.restrictions = kept
    assert len(free.arc_to) - len(banned.arc_to) > 20


def test_helsinki_imports_with_its_house_numbers(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "regions" / "Helsinki.osm.pbf"
    steps: list[tuple[str, float]] = []
    with build_pack(
        source,
        tmp_path / "helsinki.region",
        name="Helsinki",
        progress=lambda step, share: steps.append((step, share)),
        time_zone="Europe/Helsinki",
    ) as pack:
        numbered = [b for b in pack.buildings if b.number]
        assert len(numbered) > 300
        assert {"Annankatu", "Aleksanterinkatu"} <= {b.street for b in numbered}
        assert pack.info.id == "helsinki"
        assert pack.info.zone.key == "Europe/Helsinki"
    shares = [share for _, share in steps]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
