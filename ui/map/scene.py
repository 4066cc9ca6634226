"""What the map shows, as values: vehicles in columns, and the scene of routes and stops.

Nothing here knows Qt. A panel or the bridge builds these values and hands them to
``MapView.show_vehicles`` and ``MapView.show_scene``; the view sends the page only what
changed between two of them, so reuse unchanged objects where that is easy.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec
import numpy as np
from numpy.typing import NDArray

from tower.domain.words import ExceptionKind, Punctuality, Severity, StopKind, StopState

DEGREE_UNITS = 10_000_000
"""Units of a fixed-point coordinate in one degree (1e-7 degrees, about a centimetre)."""


class VehicleName(msgspec.Struct, frozen=True, gc=False):
    """What the hover card says about a vehicle, beside what the columns carry.

    Attributes:
        id: The vehicle's id, as ``MapView.selected`` reports it.
        label: Its short name on the map, such as a plate or fleet number.
        route_id: The route it drives, or empty.
        driver: Who drives it, or empty.
        carrier: Whose vehicle it is, or empty.
        next_stop: The next stop in words, such as ``"18 · Bakery Sample"``, or empty.
        eta: When it is expected there, in local words such as ``"14:51 ±6"``, or empty.
    """

    id: str
    label: str
    route_id: str = ""
    driver: str = ""
    carrier: str = ""
    next_stop: str = ""
    eta: str = ""


class VehicleColumns(msgspec.Struct, frozen=True, eq=False):
    """Every vehicle on the map, one row each, in columns of the same length n.

    The frame is the whole fleet: a vehicle missing from it leaves the map. The arrays are
    not copied, so hand over arrays nobody writes to afterwards.

    Attributes:
        handle: ``uint32`` (n,) number of the vehicle, stable while the program runs.
        lat: ``int32`` (n,) latitude, 1e-7 degrees.
        lon: ``int32`` (n,) longitude, 1e-7 degrees.
        speed: ``uint16`` (n,) cm/s, 65535 where the device tells none.
        heading: ``uint16`` (n,) 0.01 degrees clockwise from north, 65535 where it tells none.
        at_ms: ``float64`` (n,) when the fix was taken, milliseconds since 1970 UTC.
        punctuality: ``uint8`` (n,) ``Punctuality.code``.
        kind: ``uint8`` (n,) position of the ``VehicleKind`` in its enumeration.
        names: What to call each handle. Hand over the same mapping object while no name
            changed: the view looks inside only when the object is another one.
        now_ms: The gateway's clock when the frame was made, milliseconds since 1970 UTC;
            0 means the desktop's clock. Data age is measured against it.
    """

    handle: NDArray[np.uint32]
    lat: NDArray[np.int32]
    lon: NDArray[np.int32]
    speed: NDArray[np.uint16]
    heading: NDArray[np.uint16]
    at_ms: NDArray[np.float64]
    punctuality: NDArray[np.uint8]
    kind: NDArray[np.uint8]
    names: Mapping[int, VehicleName] = MappingProxyType({})
    now_ms: float = 0.0

    def __len__(self) -> int:
        """How many vehicles the frame holds."""
        return int(self.handle.size)


class MapDepot(msgspec.Struct, frozen=True, gc=False):
    """A depot: where routes start and end.

    Attributes:
        id: The depot's id.
        lat: Latitude, degrees.
        lon: Longitude, degrees.
        label: Its name.
    """

    id: str
    lat: float
    lon: float
    label: str = ""


class MapRoute(msgspec.Struct, frozen=True, gc=False):
    """A route as a line along the roads.

    Attributes:
        id: The route's id.
        name: Its short name, such as ``"R-211"``.
        colour: Which of the palette's route colours it wears; any number, taken modulo
            the length of the list, so that a route keeps its colour in both themes.
        shape: The line, from ``shape_bytes``; empty until the roads are known.
        done_fraction: How much of the line's length lies behind the vehicle, 0 to 1.
        works_from: Where on the line, 0 to 1, its first stop lies; before it only drives there.
        works_to: Where its last stop lies; behind it only drives home.
        punctuality: How the route stands.
        vehicle_id: The vehicle driving it, or empty.
        depot_id: The depot it begins and ends at, or empty.
        stop_at: Where on the line, 0 to 1, each stop of its sequence lies; empty where the line
            is not that of its sequence.
        is_outdated: Its sequence changed, and the line is still the one before.
    """

    id: str
    name: str
    colour: int
    shape: bytes = b""
    done_fraction: float = 0.0
    works_from: float = 0.0
    works_to: float = 1.0
    punctuality: Punctuality = Punctuality.ON_TIME
    vehicle_id: str = ""
    depot_id: str = ""
    stop_at: tuple[float, ...] = ()
    is_outdated: bool = False


class MapStop(msgspec.Struct, frozen=True, gc=False):
    """A stop of a route.

    Attributes:
        id: The stop's id.
        route_id: The route that serves it, or empty where unassigned.
        number: Its place in the route's sequence, from 1; 0 where unassigned.
        lat: Latitude, degrees.
        lon: Longitude, degrees.
        state: How far it has come.
        punctuality: How it stands against its window.
        label: Who or what is served, for the hover card.
        expected: When it is or was served, in local words; many stops share such a text, and
            so they do `window`, when it was promised.
        kind: Delivery or return.
        is_locked: Promised where it is, and not to be moved.
    """

    id: str
    route_id: str
    number: int
    lat: float
    lon: float
    state: StopState = StopState.PLANNED
    punctuality: Punctuality = Punctuality.ON_TIME
    label: str = ""
    expected: str = ""
    window: str = ""
    kind: StopKind = StopKind.DELIVERY
    is_locked: bool = False

    @property
    def detail(self) -> str:
        """A second line for the hover card."""
        return " · ".join(filter(None, (self.expected, self.window)))


class MapException(msgspec.Struct, frozen=True, gc=False):
    """An exception, marked where it bites.

    Attributes:
        id: The exception's id.
        severity: How grave it is; decides the mark's shape and colour.
        kind: What went wrong.
        lat: Latitude, degrees, of the stop or of the vehicle's last fix.
        lon: Longitude, degrees.
        label: A line for the hover card.
        vehicle_id: Set where the mark should travel with that vehicle.
        stop_id: The stop it is about, or empty.
    """

    id: str
    severity: Severity
    kind: ExceptionKind
    lat: float
    lon: float
    label: str = ""
    vehicle_id: str = ""
    stop_id: str = ""


class MapScene(msgspec.Struct, frozen=True):
    """Everything on the map that is not a vehicle, as it stands now.

    Attributes:
        version: Grows with each scene; kept for logs, the view compares the content.
        depots: The depots of the shift.
        routes: The routes, in the order they are drawn; of a large shift in ``Blocks``, as below.
        stops: The stops of all routes and the unassigned ones.
        exceptions: The exceptions still open.
    """

    version: int
    depots: tuple[MapDepot, ...] = ()
    routes: Sequence[MapRoute] = ()
    stops: Sequence[MapStop] = ()
    exceptions: Sequence[MapException] = ()


class TileProvider(msgspec.Struct, frozen=True):
    """A raster tile server the operator configured, used outside the region's roads.

    Attributes:
        url: XYZ template such as ``"https://tiles.example/{z}/{x}/{y}.png"``.
        attribution: What the provider requires on screen; plain text.
        user_agent: How requests identify themselves to the provider.
        max_zoom: The deepest zoom the provider serves.
    """

    url: str
    attribution: str
    user_agent: str
    max_zoom: int = 19


def fixed_point(degrees: NDArray[np.float64]) -> NDArray[np.int32]:
    """Turn degrees into the columns' fixed point (1e-7 degrees), any shape."""
    return np.rint(np.asarray(degrees) * DEGREE_UNITS).astype(np.int32)


def shape_bytes(points: NDArray[np.float64]) -> bytes:
    """Pack a line for ``MapRoute.shape``.

    Args:
        points: (n, 2) latitude and longitude, degrees, in driving order.

    Returns:
        Little-endian int32 pairs latitude, longitude in 1e-7 degrees; 8 n bytes.
    """
    return fixed_point(points).astype("<i4").tobytes()
