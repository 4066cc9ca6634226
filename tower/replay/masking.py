"""A recording without personal data: names, contacts, addresses, codes and free text replaced.

The same text becomes the same label throughout one recording, so that a customer who asks twice
is still the same customer. Doors, and the places where vehicles stood, are rounded to about a
hundred metres; the lines of routes lose the points that are stops.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec
import numpy as np
from msgspec.structs import fields, replace

from tower.domain.events import Event
from tower.domain.records import Actor, Finding, Stamp
from tower.domain.state import State
from tower.replay.contents import Contents
from tower.replay.errors import RecordingError
from tower.replay.personal import DOORS, Treatment, treatments
from tower.replay.positions import Positions
from tower.replay.shapes import without_stops

_Masked = TypeVar("_Masked")

WORDS = "(masked)"
"""What stands for free text."""

_OWN_SOURCE = "tower:watch"
"""Whose headlines are made of figures, and name nobody."""

_PERSONS = {"person": Treatment.PERSON, "customer": Treatment.CONTACT}
_PLACES = 3
"""Decimals kept of a door's degrees: 0.001 degrees are 111 m from south to north."""

_STEP = 10_000
"""The same in the units of positions."""

_STANDS = 150
"""Centimetres a second below which a vehicle counts as standing."""

_POSTCODE_KEPT = 2


class Masker:
    """Replaces personal data, the same text by the same label."""

    def __init__(self) -> None:
        self._labels: dict[tuple[Treatment, str], str] = {}
        self._counts: Counter[Treatment] = Counter()

    def masked(self, record: _Masked) -> _Masked:
        """The same record, or collection of records, without personal data."""
        found: _Masked = self._value(record)
        return found

    def state(self, state: State) -> State:
        """A state without personal data; its tables are new ones."""
        tables = {
            name: self._value(getattr(state, name))
            for name in State.__struct_fields__
            if name not in {"seq", "consents"}
        }
        consents = {
            self.text(Treatment.CONTACT, address): self._value(consent)
            for address, consent in state.consents.items()
        }
        return State(seq=state.seq, consents=consents, **tables)

    def text(self, treatment: Treatment, text: str) -> str:
        """What stands for a text; nothing for nothing."""
        if not text or treatment is Treatment.KEPT:
            return text
        if treatment is Treatment.WORDS:
            return WORDS
        if treatment is Treatment.POSTCODE:
            return f"{text[:_POSTCODE_KEPT]}…"
        known = self._labels.get((treatment, text))
        if known is None:
            self._counts[treatment] += 1
            known = f"{treatment} {self._counts[treatment]}"
            self._labels[treatment, text] = known
        return known

    def _value(self, value: Any) -> Any:  # noqa: ANN401 - whatever a record holds
        if isinstance(value, msgspec.Struct):
            return self._record(value)
        if type(value) is tuple:
            return tuple(self._value(one) for one in value)
        if isinstance(value, dict):
            return {key: self._value(one) for key, one in value.items()}
        if type(value) is str:
            raise RecordingError(f"Nobody said whether {value[:20]!r} is personal.")
        return value

    def _record(self, record: msgspec.Struct) -> msgspec.Struct:
        kind = type(record)
        texts, inner = _plan(kind)
        changes = {name: self._value(getattr(record, name)) for name in inner}
        for name, treatment in texts:
            change = _SPECIAL.get(treatment, Masker._texts)
            changes[name] = change(self, record, getattr(record, name), treatment)
        if kind in DOORS:
            changes |= {name: _rounded(getattr(record, name)) for name in ("lat", "lon")}
        return replace(record, **changes) if changes else record

    def _texts(self, _record: msgspec.Struct, value: Any, treatment: Treatment) -> Any:  # noqa: ANN401
        """Texts, or a collection of them, each replaced."""
        if isinstance(value, str):
            return self.text(treatment, value)
        if isinstance(value, tuple):
            return tuple(self.text(treatment, one) for one in value)
        if isinstance(value, dict):
            return {key: self.text(treatment, one) for key, one in value.items()}
        return value

    def _actor(self, record: msgspec.Struct, value: Any, _treatment: Treatment) -> Any:  # noqa: ANN401
        """People become labels; carriers and rules keep their names."""
        treatment = _PERSONS.get(record.kind) if isinstance(record, Actor) else None
        return self.text(treatment, value) if treatment else value

    def _headline(self, record: msgspec.Struct, value: Any, _treatment: Treatment) -> Any:  # noqa: ANN401
        """Tower's own stay; in others' stands what kind of thing happened."""
        if not isinstance(record, Finding) or record.source == _OWN_SOURCE:
            return value
        return record.kind.replace("_", " ").capitalize()


_Change = Callable[[Masker, msgspec.Struct, Any, Treatment], Any]

_SPECIAL: Mapping[Treatment, _Change] = {
    Treatment.ACTOR: Masker._actor,  # noqa: SLF001 - of the class above
    Treatment.HEADLINE: Masker._headline,  # noqa: SLF001
}


@cache
def _plan(kind: type[msgspec.Struct]) -> tuple[list[tuple[str, Treatment]], list[str]]:
    """Texts to replace with their treatment, and fields to look into."""
    treated = treatments(kind)
    texts = [pair for pair in treated.items() if pair[1] is not Treatment.KEPT]
    inner = (one for one in fields(kind) if one.type is not Stamp)  # there are five a stop
    return texts, [one.name for one in inner if one.name not in treated]


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, _PLACES)


def masked_contents(contents: Contents, masker: Masker | None = None) -> Contents:
    """What is to be written, without personal data.

    Args:
        contents: as it was.
        masker: of recordings that are to be continued, the one that masked the first; else one of
            its own, so that two recordings cannot be laid beside each other.
    """
    masker = masker or Masker()
    encode = msgspec.msgpack.Encoder().encode
    read = msgspec.msgpack.Decoder(Event).decode
    return Contents(
        info=replace(masker.masked(contents.info), is_masked=True),
        state=masker.state(contents.state),
        events=[encode(masker.masked(read(data))) for data in contents.events],
        foretold=[encode(masker.masked(read(data))) for data in contents.foretold],
        positions=_masked_positions(contents.positions),
        lines={
            route_id: tuple(without_stops(one) for one in lines)
            for route_id, lines in contents.lines.items()
        },
    )


def _masked_positions(positions: Positions) -> Positions:
    """The same, standing vehicles rounded to the places of doors."""
    columns = dict(positions.columns)
    stands = (columns["speed"] < _STANDS) | (columns["speed"] == np.iinfo(np.uint16).max)
    for name in ("lat", "lon"):
        rounded = np.rint(columns[name] / _STEP).astype(np.int32) * np.int32(_STEP)
        columns[name] = np.where(stands, rounded, columns[name])
    return Positions(positions.ids, columns)
