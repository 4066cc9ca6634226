"""Quiet hours on the customer's wall clock, over midnight and when clocks change."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tower.domain.rulebook import OutreachPolicy
from tower.outreach.quiet import quiet_until

VADUZ = ZoneInfo("Europe/Vaduz")


def ends(begins: str, until: str, at: str, zone: ZoneInfo = VADUZ) -> str | None:
    policy = OutreachPolicy(quiet_from=begins, quiet_until=until)
    end = quiet_until(policy, zone, datetime.fromisoformat(at))
    return end.astimezone(UTC).strftime("%d. %H:%M") if end else None


@pytest.mark.parametrize(
    ("begins", "until", "at", "end"),
    [
        ("21:00", "08:00", "2026-11-25T19:59Z", None),
        ("21:00", "08:00", "2026-11-25T20:00Z", "26. 07:00"),
        ("21:00", "08:00", "2026-11-26T06:59Z", "26. 07:00"),
        ("21:00", "08:00", "2026-11-26T07:00Z", None),
        ("12:00", "14:00", "2026-11-26T12:30Z", "26. 13:00"),
        ("12:00", "14:00", "2026-11-26T10:30Z", None),
        ("08:00", "08:00", "2026-11-26T02:00Z", None),
        # On 29 March clocks go from 02:00 to 03:00, on 25 October from 03:00 to 02:00.
        ("21:00", "08:00", "2026-03-28T22:00Z", "29. 06:00"),
        ("21:00", "08:00", "2026-10-24T22:00Z", "25. 07:00"),
        ("21:00", "02:30", "2026-03-29T00:30Z", "29. 01:30"),  # 02:30 never comes
        ("21:00", "02:30", "2026-10-25T00:10Z", "25. 01:30"),  # 02:30 comes twice
        ("21:00", "02:30", "2026-10-25T01:10Z", "25. 01:30"),
    ],
)
def test_the_end_is_told(begins: str, until: str, at: str, end: str | None) -> None:
    assert ends(begins, until, at) == end


CLOCKS = st.times().map(lambda clock: clock.strftime("%H:%M"))
ZONES = st.sampled_from(
    ["Europe/Vaduz", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu"]
)


@given(CLOCKS, CLOCKS, st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), ZONES)  # noqa: DTZ001
def test_the_end_of_quiet_hours_is_after_them(
    begins: str, until: str, moment: datetime, zone: str
) -> None:
    policy = OutreachPolicy(quiet_from=begins, quiet_until=until)
    at = moment.replace(tzinfo=UTC)
    end = quiet_until(policy, ZoneInfo(zone), at)
    if end is not None:
        assert end > at
        assert quiet_until(policy, ZoneInfo(zone), end) is None
