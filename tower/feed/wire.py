"""Frames between memory and wire: columns narrowed to the types the protocol names."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tower.feed.arrivals import NO_PREDICTION
from tower.feed.columns import I16, I32, I64, NO_I32, U8, U16, U32
from tower.feed.messages import ArrivalSection, FrameMessage, VehicleSection
from tower.feed.sections import FeedError, Frame, Section

Layout = dict[str, np.dtype[Any]]

VEHICLE_LAYOUT: Layout = {
    "handle": U32,
    "lat": I32,
    "lon": I32,
    "speed": U16,
    "heading": U16,
    "at": I32,
    "temperature": I16,
    "battery": U8,
    "punctuality": U8,
    "delay": I32,
    "next_stop": U32,
}
"""Columns of `VehicleSection` with their types, little-endian."""

ARRIVAL_LAYOUT: Layout = {"handle": U32, "p50": I32, "early": I16, "late": I16, "punctuality": U8}
"""Columns of `ArrivalSection` with their types, little-endian."""

Pack = Callable[[NDArray[Any]], Any]
Unpack = Callable[[Any, "np.dtype[Any]"], NDArray[Any]]


def packed(frame: Frame, pack: Pack) -> FrameMessage[Any]:
    """The message of a frame; `pack` makes of an array what the subprotocol sends."""
    return FrameMessage(
        now=frame.now,
        rate=frame.rate,
        vehicles=None if frame.vehicles is None else _vehicles_out(frame.vehicles, pack),
        arrivals=None if frame.arrivals is None else _arrivals_out(frame.arrivals, pack),
        health=frame.health,
        trouble=frame.trouble,
    )


def unpacked(message: FrameMessage[Any], unpack: Unpack) -> Frame:
    """The frame of a message.

    Raises:
        FeedError: columns of one section differ in length or hold what their type cannot.
    """
    try:
        return Frame(
            now=message.now,
            rate=message.rate,
            vehicles=None if message.vehicles is None else _vehicles_in(message.vehicles, unpack),
            arrivals=None if message.arrivals is None else _arrivals_in(message.arrivals, unpack),
            health=message.health,
            trouble=message.trouble,
        )
    except (ValueError, OverflowError) as problem:
        raise FeedError(f"the frame cannot be read: {problem}") from problem


def as_bytes(array: NDArray[Any]) -> bytes:
    """A column in `tower.v1`."""
    return array.tobytes()


def of_bytes(data: bytes, dtype: np.dtype[Any]) -> NDArray[Any]:
    """A column out of `tower.v1`; read-only, shares the message's memory."""
    return np.frombuffer(data, dtype)


def as_list(array: NDArray[Any]) -> list[int]:
    """A column in `tower.v1.json`."""
    numbers: list[int] = array.tolist()
    return numbers


def of_list(numbers: list[int], dtype: np.dtype[Any]) -> NDArray[Any]:
    """A column out of `tower.v1.json`."""
    return np.array(numbers, dtype=dtype)


def _vehicles_out(section: Section, pack: Pack) -> VehicleSection[Any]:
    at_ms = section.columns["at_ms"]
    base = int(at_ms.max()) if at_ms.size else 0
    columns = {**section.columns, "at": np.maximum(at_ms - base, NO_I32)}
    return VehicleSection(
        since=section.since,
        upto=section.upto,
        first=section.first,
        ids=section.ids,
        at_base=base,
        **_narrowed(columns, VEHICLE_LAYOUT, pack),
    )


def _vehicles_in(message: VehicleSection[Any], unpack: Unpack) -> Section:
    columns = _widened(message, VEHICLE_LAYOUT, unpack)
    columns["at_ms"] = columns.pop("at").astype(I64) + message.at_base
    return _section(message, columns)


def _arrivals_out(section: Section, pack: Pack) -> ArrivalSection[Any]:
    p50 = section.columns["p50"]
    known = p50 != NO_PREDICTION
    base = int(p50[known].min()) if known.any() else 0
    distance = np.clip(np.where(known, p50 - base, 0), 0, -(NO_I32 + 1))
    columns = {**section.columns, "p50": np.where(known, distance, NO_I32)}
    return ArrivalSection(
        since=section.since,
        upto=section.upto,
        first=section.first,
        ids=section.ids,
        p50_base=base,
        **_narrowed(columns, ARRIVAL_LAYOUT, pack),
    )


def _arrivals_in(message: ArrivalSection[Any], unpack: Unpack) -> Section:
    columns = _widened(message, ARRIVAL_LAYOUT, unpack)
    p50 = columns["p50"]
    known = p50 != NO_I32
    columns["p50"] = np.where(known, p50.astype(I64) + message.p50_base, NO_PREDICTION)
    return _section(message, columns)


def _section(message: Any, columns: dict[str, NDArray[Any]]) -> Section:  # noqa: ANN401 - either section
    if len({len(array) for array in columns.values()}) != 1:
        raise FeedError("the columns of a frame differ in length")
    return Section(
        since=message.since,
        upto=message.upto,
        first=message.first,
        ids=message.ids,
        columns=columns,
    )


def _narrowed(columns: Mapping[str, NDArray[Any]], layout: Layout, pack: Pack) -> dict[str, Any]:
    return {name: pack(columns[name].astype(dtype, copy=False)) for name, dtype in layout.items()}


def _widened(message: object, layout: Layout, unpack: Unpack) -> dict[str, NDArray[Any]]:
    return {name: unpack(getattr(message, name), dtype) for name, dtype in layout.items()}
