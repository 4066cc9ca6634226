"""Times among the parameters of a request."""

from datetime import datetime

from tower.gateway.http.call import Call, HttpRefusal

_FIRST_YEAR, _LAST_YEAR = 1970, 9998


def moment_of(call: Call, name: str) -> datetime | None:
    """A declared parameter as a time, None where it was not given.

    Raises:
        HttpRefusal: it is no time with its zone, or lies where no calendar goes.
    """
    given = call.text(name)
    if not given:
        return None
    try:
        at = datetime.fromisoformat(given)
    except ValueError as error:
        raise HttpRefusal(422, "unfit", f"{name} must be a time as in RFC 3339.") from error
    if at.tzinfo is None:
        raise HttpRefusal(422, "unfit", f"{name} must say its time zone, such as Z for UTC.")
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        message = f"{name} must lie in the years {_FIRST_YEAR} to {_LAST_YEAR}."
        raise HttpRefusal(422, "unfit", message)
    return at
