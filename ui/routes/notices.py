"""How far a new sequence has come with its driver, in words. Knows no widgets."""

import msgspec

from tower.domain.records import PLAN_OF_THE_DAY, Route
from tower.domain.words import Notice
from ui.session import Session

_MINUTE_S = 60.0


class DriverNotice(msgspec.Struct, frozen=True, gc=False):
    """What is known of a driver and the newest sequence.

    Attributes:
        words: `not seen 3 min`, `accepted`; "" where there is nothing to say.
        colour: name in the palette file.
        note: the driver's own words.
        is_waiting: somebody should see to it that the driver knows.
    """

    words: str = ""
    colour: str = "muted"
    note: str = ""
    is_waiting: bool = False


def notice_of(session: Session, route: Route) -> DriverNotice:
    """What a route's driver knows of its sequence; nothing while it is the plan of the day."""
    if route.version <= PLAN_OF_THE_DAY or route.finished_at is not None:
        return DriverNotice()
    note = route.told.note if route.told is not None and route.notice is not None else ""
    match route.notice:
        case Notice.ACCEPTED:
            return DriverNotice("accepted", "on_time", note)
        case Notice.SEEN:
            return DriverNotice("seen", "text_secondary", note)
        case Notice.DECLINED:
            words = f"declined: {note}" if note else "declined"
            return DriverNotice(words, "late", note, is_waiting=route.awaits_driver)
        case _:
            words = f"not seen{_since(session, route)}"
            return DriverNotice(words, "at_risk", is_waiting=route.awaits_driver)


def _since(session: Session, route: Route) -> str:
    if route.sequenced_at is None:
        return ""
    minutes = int((session.now - route.sequenced_at).total_seconds() // _MINUTE_S)
    return f" {minutes} min" if minutes > 0 else ""
