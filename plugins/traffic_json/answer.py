"""The form of the JSON: disturbances, each believed or refused by itself."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from tower.domain.conditions import Disturbance, Weather

TITLE = "Traffic as JSON"

_MOST = 5_000
_ECHOED = 60


class Traffic(msgspec.Struct, frozen=True, kw_only=True):
    """What the service answers.

    Attributes:
        disturbances: each as `tower.domain.conditions.Disturbance`; read one by one.
        as_of: when it was so, with its time zone; now where left out.
        weather: where the service knows it too.
    """

    disturbances: Annotated[tuple[msgspec.Raw, ...], Meta(max_length=_MOST)]
    as_of: datetime | None = None
    weather: Weather | None = None


def believed(traffic: Traffic) -> tuple[tuple[Disturbance, ...], list[str]]:
    """The disturbances that can be, each id once, and why the others are refused."""
    found: dict[str, Disturbance] = {}
    refused: list[str] = []
    for number, raw in enumerate(traffic.disturbances, 1):
        try:
            one = msgspec.json.decode(raw, type=Disturbance)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            refused.append(f"Disturbance {number}: {error}.")
            continue
        wrong = _wrong(one, found)
        if wrong:
            refused.append(f"Disturbance {number} ({one.id[:_ECHOED]}): {wrong}")
        else:
            found[one.id] = one
    return tuple(found.values()), refused


def _wrong(one: Disturbance, known: dict[str, Disturbance]) -> str:
    if one.id in known:
        return "its id is taken by another."
    if any(at is not None and at.tzinfo is None for at in (one.begins, one.ends)):
        return "a time lacks its zone."
    if one.begins is not None and one.ends is not None and one.ends <= one.begins:
        return "it ends before it begins."
    return ""
