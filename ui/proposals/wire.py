"""Where the gateway's planning operations are, and how their answers are read."""

from typing import TypeVar

import msgspec

OPTIMISATIONS = "/v1/optimisations"
SUGGESTIONS = "/v1/suggestions"

OK, ACCEPTED, NOT_FOUND, TOO_MANY = 200, 202, 404, 429
_Read = TypeVar("_Read")


class WireError(ValueError):
    """The gateway's answer cannot be read."""


def read(body: bytes, kind: type[_Read]) -> _Read:
    """Read an answer.

    Raises:
        WireError: it is not what the gateway's own document describes.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise WireError(f"The gateway's answer cannot be read: {error}.") from error
