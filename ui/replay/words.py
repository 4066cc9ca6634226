"""What time travel says of itself. Knows no widgets."""

from datetime import datetime

from ui.replay.travel import TimeTravel, Where
from ui.session import Session

_HOUR_S, _MINUTE_S = 3600, 60


def moment_words(session: Session, at: datetime) -> str:
    """`13:42:10`, with the day where that is not the day it is now: `13:42:10 on 5 March`."""
    text = session.clock_text(at, seconds=True)
    then, now = session.local(at), session.local(session.live_clock.now())
    if then.date() == now.date() and not session.is_recording:
        return text
    return f"{text} on {then.day} {then:%B}"


def ago_words(seconds: float) -> str:
    """`1 h 12 min ago`, `12 min ago`, `40 s ago`."""
    whole = max(0, round(seconds))
    hours, minutes = divmod(whole // _MINUTE_S, _HOUR_S // _MINUTE_S)
    if hours >= 48:
        return f"{hours // 24} days ago"
    if hours:
        return f"{hours} h {minutes} min ago" if minutes else f"{hours} h ago"
    return f"{minutes} min ago" if minutes else f"{whole} s ago"


def live_words(session: Session) -> str:
    """What arrived behind the past: `3 new exceptions, 1 critical`."""
    came = session.meanwhile
    count = len(came.exceptions)
    if not count:
        return "no new exceptions"
    grave = f", {came.critical} critical" if came.critical else ""
    return f"{count} new exception{'s' if count > 1 else ''}{grave}"


def banner_words(session: Session, travel: TimeTravel) -> str:
    """What the strip over the scrubber says."""
    match travel.where:
        case Where.LOADING:
            return f"{travel.step_words} …"
        case Where.FAILED:
            return f"The past cannot be shown: {travel.trouble}"
        case Where.LIVE:
            return ""
    return " · ".join(
        filter(None, (_looking(session, travel), _playing(travel), travel.step_words))
    )


def _looking(session: Session, travel: TimeTravel) -> str:
    at = moment_words(session, session.now)
    if session.is_recording:
        name = travel.recording.info.name if travel.recording else ""
        masked = ", personal data masked" if travel.recording and _is_masked(travel) else ""
        return f"Recording {name}{masked}: you are looking at {at}. Nothing here is live"
    ago = ago_words((session.live_clock.now() - session.now).total_seconds())
    return f"You are looking at {at}, {ago}. Live goes on: {live_words(session)}"


def _is_masked(travel: TimeTravel) -> bool:
    return travel.recording is not None and travel.recording.info.is_masked


def _playing(travel: TimeTravel) -> str:
    if not travel.direction:
        return ""
    return f"playing ×{travel.rate}{' backwards' if travel.direction < 0 else ''}"


def title_words(session: Session, travel: TimeTravel) -> str:
    """The window's title."""
    if session.past is None:
        return "Tower"
    at = moment_words(session, session.now)
    name = travel.recording.info.name if travel.recording else ""
    return f"Recording {name}, {at} — Tower" if session.is_recording else f"Past: {at} — Tower"
