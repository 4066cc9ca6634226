"""Spans, numbers and distances as a dispatcher says them."""

from datetime import timedelta


def minutes(span: timedelta) -> str:
    """A span in whole minutes, as the times beside it differ; hours from 90 minutes on."""
    whole = max(1, int(span.total_seconds() // 60))
    return f"{whole} min" if whole < 90 else f"{whole // 60} h {whole % 60:02d} min"


def count(number: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many}"


def percent(value: float) -> str:
    """A probability; certain only where it is, for what is predicted seldom is."""
    return f"{min(99, max(1, round(value)))} %"


def metres(distance_m: float) -> str:
    """A distance as one would say it: `410 m`, `1.2 km`."""
    if distance_m < 995:
        return f"{max(10, round(distance_m, -1)):.0f} m"
    return f"{distance_m / 1000:.1f} km"


def degrees(celsius: float) -> str:
    """A temperature: `8 °C`, `8.6 °C`."""
    return f"{round(celsius, 1):g} °C"
