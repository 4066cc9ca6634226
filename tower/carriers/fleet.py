"""Which vehicle a carrier means; vehicles not seen before are registered on the fly."""

from datetime import datetime, timedelta
from typing import NamedTuple

from tower.carriers.refusal import Rejected
from tower.carriers.tidy import tidy
from tower.domain.events import VehicleRegistered
from tower.domain.records import Vehicle
from tower.domain.state import State
from tower.domain.words import VehicleKind

VEHICLES_PER_CARRIER = 20_000
"""A carrier with more vehicles than this has a fault, not a fleet."""

_REFERENCE_LENGTH = 128
_LABEL_LENGTH = 80
_REGISTER_AGAIN_AFTER = timedelta(seconds=30)


def vehicle_id_of(carrier_id: str, reference: str) -> str:
    """Tower's id of the vehicle a carrier calls `reference`.

    The first colon ends the carrier, so that no carrier can name another one's vehicle.
    """
    return f"{carrier_id.replace('%', '%25').replace(':', '%3A')}:{reference}"


class VehicleName(NamedTuple):
    """How a message names a vehicle.

    Attributes:
        reference: the carrier's name for it, or its alias where `by_alias` is set.
        label: what people call it, "" where the message does not say.
        kind: what it is, where the message says so.
    """

    reference: str
    by_alias: bool = False
    label: str = ""
    kind: VehicleKind | None = None


class Fleet:
    """The vehicles of one carrier, by the names its messages use."""

    def __init__(self, carrier_id: str, state: State) -> None:
        self._carrier_id = carrier_id
        self._state = state
        self._ids: dict[str, str] = {}
        self._aliases: dict[str, str] = {}
        self._announced: dict[str, datetime] = {}
        own = (entry.value for entry in state.vehicles.values())
        self._size = sum(vehicle.carrier_id == carrier_id for vehicle in own)

    def learn(self, alias: str, reference: str) -> None:
        """Remember that `alias` means the vehicle `reference` from now on."""
        if alias in self._aliases or len(self._aliases) < VEHICLES_PER_CARRIER:
            self._aliases[alias] = reference

    def known(self, reference: str, by_alias: bool) -> str | None:
        """Id of a vehicle seen in the shift before, None for one that may have to be registered."""
        return self._ids.get(self._lasting(reference, by_alias))

    def resolve(self, name: VehicleName) -> str:
        """Id of the vehicle a message means, registered or not.

        Raises:
            Rejected: the reference cannot name a vehicle.
        """
        reference = self._lasting(name.reference, name.by_alias)
        known = self._ids.get(reference)
        return known or vehicle_id_of(self._carrier_id, _checked(reference))

    def introduce(self, name: VehicleName, now: datetime) -> VehicleRegistered | None:
        """The registration of a vehicle the shift does not know yet, None for the others.

        Raises:
            Rejected: the reference cannot name a vehicle, or the carrier has too many.
        """
        vehicle_id = self.resolve(name)
        reference = self._lasting(name.reference, name.by_alias)
        if vehicle_id in self._state.vehicles:
            self._ids[reference] = vehicle_id
            self._announced.pop(vehicle_id, None)
            return None
        if self._on_its_way(vehicle_id, now):
            return None
        self._announced[vehicle_id] = now
        vehicle = Vehicle(
            id=vehicle_id,
            carrier_id=self._carrier_id,
            reference=reference,
            label=tidy(name.label or reference)[:_LABEL_LENGTH],
            kind=name.kind or VehicleKind.VAN,
        )
        return VehicleRegistered(vehicle=vehicle)

    def forget(self, vehicle_id: str) -> None:
        """A registration did not reach the journal: the vehicle is new the next time."""
        if self._announced.pop(vehicle_id, None) is not None:
            self._size -= 1

    def _lasting(self, reference: str, by_alias: bool) -> str:
        return self._aliases.get(reference, reference) if by_alias else reference

    def _on_its_way(self, vehicle_id: str, now: datetime) -> bool:
        """True while its registration may still be travelling through the journal."""
        announced = self._announced.get(vehicle_id)
        if announced is not None:
            return now - announced < _REGISTER_AGAIN_AFTER
        if self._size >= VEHICLES_PER_CARRIER:
            raise Rejected(f"more than {VEHICLES_PER_CARRIER:,} vehicles of one carrier")
        self._size += 1
        return False


def _checked(reference: str) -> str:
    if not reference:
        raise Rejected("no vehicle is named")
    if len(reference) > _REFERENCE_LENGTH:
        raise Rejected(f"vehicle reference longer than {_REFERENCE_LENGTH} characters")
    if not reference.isprintable():
        raise Rejected("vehicle reference with control characters")
    return reference
