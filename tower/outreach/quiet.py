"""Quiet hours, on the customer's wall clock."""

from datetime import UTC, datetime, time, timedelta, tzinfo

from tower.domain.rulebook import OutreachPolicy


def quiet_until(policy: OutreachPolicy, zone: tzinfo, at: datetime) -> datetime | None:
    """When the quiet hours end that a moment lies in; None outside them.

    Where clocks are set back the later of two equal times is meant, where they are set forward
    the moment the missing time would have been, so that nobody is disturbed an hour early.

    Args:
        policy: names the hours; from and until the same mean none.
        zone: the customer's.
        at: the moment, UTC.

    Returns:
        The end, UTC.
    """
    starts, ends = time.fromisoformat(policy.quiet_from), time.fromisoformat(policy.quiet_until)
    local = at.astimezone(zone)
    if not _lies_in(local.time(), starts, ends):
        return None
    is_evening = starts > ends and local.time() >= starts
    day = local.date() + timedelta(days=1) if is_evening else local.date()
    wall = datetime.combine(day, ends, tzinfo=zone)
    return max(_utc(wall.replace(fold=fold)) for fold in (0, 1))


def _lies_in(clock: time, starts: time, ends: time) -> bool:
    if starts <= ends:
        return starts <= clock < ends
    return clock >= starts or clock < ends


def _utc(wall: datetime) -> datetime:
    return wall.astimezone(UTC)
