"""Small OpenStreetMap files written by hand."""

from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement

from tower.domain.geometry import LatLon
from tower.road.build import build_network
from tower.road.graph import RoadGraph
from tower.road.osm import read_osm
from tower.road.road_engine import RoadEngine

STEP = 0.001
"""Degrees between grid lines: about 111 m."""

SOUTH, WEST = 0.0, 9.0
"""Corner of the grid; on the equator a step is as long east as north."""


def at(column: float, row: float) -> LatLon:
    """A place on the grid, column growing east and row growing north."""
    return LatLon(SOUTH + row * STEP, WEST + column * STEP)


@dataclass
class Town:
    """An OpenStreetMap file in the making; nodes are named by grid column and row."""

    _elements: list[Element] = field(default_factory=list)
    _nodes: dict[tuple[float, float], Element] = field(default_factory=dict)
    _ways: int = 0

    def node(self, column: float, row: float, **tags: str) -> int:
        """The node at a grid place, made on first use."""
        if (column, row) not in self._nodes:
            place = at(column, row)
            self._nodes[column, row] = Element(
                "node",
                id=str(len(self._nodes) + 1),
                lat=f"{place.lat:.7f}",
                lon=f"{place.lon:.7f}",
                version="1",
                timestamp="2024-05-01T00:00:00Z",
            )
        _tag(self._nodes[column, row], tags)
        return int(self._nodes[column, row].get("id", ""))

    def way(self, *places: tuple[float, float], **tags: str) -> int:
        """A line through grid places; a residential street unless told otherwise."""
        return self.line(*places, **({"highway": "residential"} | tags))

    def line(self, *places: tuple[float, float], **tags: str) -> int:
        """A line through grid places with just these tags."""
        self._ways += 1
        way = Element("way", id=str(self._ways), version="1", timestamp="2024-05-01T00:00:00Z")
        for column, row in places:
            SubElement(way, "nd", ref=str(self.node(column, row)))
        _tag(way, tags)
        self._elements.append(way)
        return self._ways

    def block(self, west: float, south: float, size: float, **tags: str) -> int:
        """A closed square, a building unless told otherwise."""
        east, north = west + size, south + size
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        return self.line(*corners, **(tags or {"building": "yes"}))

    def restrict(self, kind: str, start: int, via: int | list[int], end: int, **tags: str) -> None:
        """A turn restriction; `via` is a node, or a list of ways."""
        number = str(len(self._elements) + 1)
        relation = Element("relation", id=number, version="1", timestamp="2024-05-01T00:00:00Z")
        SubElement(relation, "member", type="way", ref=str(start), role="from")
        for ref in via if isinstance(via, list) else [via]:
            kind_of_via = "way" if isinstance(via, list) else "node"
            SubElement(relation, "member", type=kind_of_via, ref=str(ref), role="via")
        SubElement(relation, "member", type="way", ref=str(end), role="to")
        _tag(relation, {"type": "restriction", "restriction": kind, **tags})
        self._elements.append(relation)

    def write(self, folder: Path) -> Path:
        """Write the file and give its path."""
        root = Element("osm", version="0.6", generator="tests")
        root.extend(self._nodes.values())
        root.extend(element for element in self._elements if element.tag == "way")
        root.extend(element for element in self._elements if element.tag == "relation")
        path = folder / "town.osm"
        ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
        return path

    def graph(self, folder: Path) -> RoadGraph:
        """The road graph of the town."""
        return RoadGraph(*build_network(read_osm(self.write(folder))))

    def engine(self, folder: Path) -> RoadEngine:
        """An engine driving in the town."""
        return RoadEngine(self.graph(folder))


def _tag(element: Element, tags: dict[str, str]) -> None:
    for key, value in tags.items():
        SubElement(element, "tag", k=key.replace("__", ":"), v=value)


def square() -> Town:
    """Four streets around a block of one step, joined at the corners, with a tail each.

    The tails are dead ends, so every street can be left and entered again.
    """
    town = Town()
    town.way((0, 0), (1, 0), name="South Street")
    town.way((1, 0), (1, 1), name="East Street")
    town.way((1, 1), (0, 1), name="North Street")
    town.way((0, 1), (0, 0), name="West Street")
    return town


def ladder() -> Town:
    """Two long streets (rows 0 and 1) with rungs at columns 0 to 4."""
    town = Town()
    for row in (0, 1):
        for column in range(4):
            town.way((column, row), (column + 1, row), name=f"Row {row}")
    for column in range(5):
        town.way((column, 0), (column, 1), name=f"Rung {column}")
    return town
