"""Laying a path out on the ground: where the vehicle is, second by second."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tower.road.geometry import FloatArray, piece_lengths_m
from tower.road.graph import ProfileGraph
from tower.road.network import COORDINATE_SCALE, Network
from tower.road.search import Path


@dataclass(frozen=True, slots=True)
class Drive:
    """A path on the ground.

    Attributes:
        shape: ``(n, 2)`` lat, lon, n >= 2.
        times_s: Free-flow seconds from the start at each vertex, ``(n,)``.
        distance_m: Driven distance, metres.
    """

    shape: FloatArray
    times_s: FloatArray
    distance_m: float


def vertex_shares(network: Network) -> FloatArray:
    """How far along its segment each vertex lies, 0 to 1, ``(M,)``."""
    starts = network.offsets[:-1]
    degrees = network.vertices / COORDINATE_SCALE
    along = np.concatenate(([0.0], np.cumsum(piece_lengths_m(degrees))))
    counts = np.diff(network.offsets)
    first = np.repeat(along[starts], counts)
    whole = np.repeat(along[network.offsets[1:] - 1] - along[starts], counts)
    shares: FloatArray = np.divide(along - first, whole, out=np.zeros_like(along), where=whole > 0)
    shares[network.offsets[1:] - 1] = 1.0
    return shares


def lay_out(graph: ProfileGraph, path: Path, shares: FloatArray) -> Drive:
    """Shape, times and distance of a path.

    Args:
        graph: The roads as the profile sees them.
        path: Which edges.
        shares: What `vertex_shares` gave for the network.
    """
    count = len(path.edges)
    begin, end = np.zeros(count), np.ones(count)
    begin[0], end[-1] = path.start, path.end
    spent = (end - begin) * graph.time[path.edges] + path.penalties_s
    clock = np.concatenate(([0.0], np.cumsum(spent)))
    vertex, owner = _vertices(graph.network, path)
    place = shares[vertex]
    place = np.where(path.edges[owner] & 1, 1.0 - place, place)
    inner = (place > begin[owner]) & (place < end[owner])
    inner |= (place >= 1.0) & (owner < count - 1)
    vertex, owner, place = vertex[inner], owner[inner], place[inner]
    driven = np.maximum(end - begin, 1e-12)
    times = clock[owner] + (place - begin[owner]) / driven[owner] * spent[owner]
    start = _along(graph.network, shares, int(path.edges[0]), path.start)
    stop = _along(graph.network, shares, int(path.edges[-1]), path.end)
    middle = graph.network.vertices[vertex] / COORDINATE_SCALE
    return Drive(
        np.concatenate([start[None], middle, stop[None]]),
        np.concatenate(([0.0], np.clip(times, 0.0, clock[-1]), [clock[-1]])),
        float(np.sum((end - begin) * graph.length[path.edges])),
    )


def _vertices(network: Network, path: Path) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Vertices in the order driven, and which edge of the path each belongs to."""
    segment = path.edges >> 1
    first, after = network.offsets[segment], network.offsets[segment + 1]
    counts = after - first
    owner = np.repeat(np.arange(len(segment)), counts)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    against = (path.edges & 1)[owner] > 0
    return np.where(against, after[owner] - 1 - step, first[owner] + step), owner


def _along(network: Network, shares: FloatArray, edge: int, fraction: float) -> FloatArray:
    part = slice(int(network.offsets[edge >> 1]), int(network.offsets[(edge >> 1) + 1]))
    at = 1.0 - fraction if edge & 1 else fraction
    points = network.vertices[part] / COORDINATE_SCALE
    return np.array([np.interp(at, shares[part], points[:, axis]) for axis in (0, 1)])
