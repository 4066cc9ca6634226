"""Arrivals and their reasons in words. Knows no widgets."""

from collections.abc import Callable, Iterator
from datetime import datetime

from tower.domain.conditions import Weather
from tower.gateway.forecasting.answers import (
    ArrivalAnswer,
    ForecastAnswer,
    PredictedAnswer,
    ProviderAnswer,
    ReasonAnswer,
)

Clock = Callable[[datetime | None], str]
"""Writes a moment as the room's clock shows it."""

REASONS_SAID = 3
"""On one line so many reasons are named, the largest first."""

_MINUTE_S = 60.0
_SCHEDULE = "schedule"


def model_words(model: str) -> str:
    """What predicts, as people call it."""
    if model == _SCHEDULE:
        return "the schedule"
    return f"learnt model {model.removeprefix('learnt-')}"


def minutes_words(seconds: float) -> str:
    """A difference with its sign: `+4 min`, `−2 min`."""
    minutes = round(abs(seconds) / _MINUTE_S)
    return f"{'−' if seconds < 0 else '+'}{minutes} min"


def reason_words(reason: ReasonAnswer) -> str:
    """One reason: `rain +4 min`."""
    return f"{reason.words} {minutes_words(reason.seconds)}"


def why_words(answer: ArrivalAnswer) -> str:
    """The largest reasons on one line, "" where there is none."""
    said = [reason_words(one) for one in answer.reasons[:REASONS_SAID]]
    return f"Arrival against the plan: {', '.join(said)}" if said else ""


def span_words(start: datetime, end: datetime, clock: Clock) -> str:
    """A span of time: `14:40–15:05`."""
    return f"{clock(start)}–{clock(end)}"


def told_words(answer: ArrivalAnswer, clock: Clock) -> str:
    """What the customer was told, "" where nothing."""
    published = answer.published
    if published is None:
        return ""
    changes = answer.published_changes
    times = f", changed {changes} time{'' if changes == 1 else 's'}" if changes else ""
    return f"Customer sees {span_words(published.start, published.end, clock)}{times}"


def lines(answer: ArrivalAnswer, clock: Clock) -> Iterator[tuple[str, str]]:
    """What is known of an arrival: names with what they say."""
    if answer.predicted is not None:
        yield from _predicted(answer.predicted, answer.model, clock)
    if answer.arrived_at is not None:
        yield "Arrived", clock(answer.arrived_at)
    yield "Promised", _promised(answer, clock)
    if answer.published is not None:
        yield "Customer sees", told_words(answer, clock).removeprefix("Customer sees ")
        if answer.published.because:
            yield "Last change", answer.published.because


def _predicted(predicted: PredictedAnswer, model: str, clock: Clock) -> Iterator[tuple[str, str]]:
    span = span_words(predicted.p10, predicted.p90, clock)
    yield "Expected", f"{clock(predicted.p50)}, four times in five {span}"
    if predicted.chance_late is not None:
        yield "Chance of being late", f"{100 * predicted.chance_late:.0f} %"
    yield "Predicted by", f"{model_words(model)}, at {clock(predicted.made_at)}"


def _promised(answer: ArrivalAnswer, clock: Clock) -> str:
    if answer.window_end is None:
        return "no window"
    if answer.window_start is None:
        return f"until {clock(answer.window_end)}"
    return span_words(answer.window_start, answer.window_end, clock)


def provider_words(provider: ProviderAnswer) -> str:
    """What a provider of weather or traffic says: `demo-weather: rain 1.5 mm/h`."""
    if provider.trouble:
        return f"{provider.id}: {provider.trouble}"
    said = [*_weather(provider.weather)] if provider.weather else []
    if provider.disturbances:
        places = "place" if provider.disturbances == 1 else "places"
        said.append(f"traffic disturbed at {provider.disturbances} {places}")
    return f"{provider.id}: {', '.join(said) or 'nothing that slows anybody down'}"


def _weather(weather: Weather) -> Iterator[str]:
    if weather.rain_mm_h:
        yield f"rain {weather.rain_mm_h:g} mm/h"
    if weather.snow_cm_h:
        yield f"snow {weather.snow_cm_h:g} cm/h"


def adjusted_words(forecast: ForecastAnswer) -> str:
    """What the arrivals that came do to predictions."""
    share = round(100 * abs(forecast.shift))
    spreads = f"spreads are {forecast.widening:.2f} times as wide"
    if not share:
        return f"{spreads} and arrivals as the model has them"
    side = "earlier" if forecast.shift < 0 else "later"
    return f"{spreads} and arrivals {side} by {share} % of the time ahead"


def badge_words(forecast: ForecastAnswer) -> str:
    """What predicts and how well it does today, for the line at the bottom."""
    who = "schedule" if forecast.model == _SCHEDULE else forecast.model
    if forecast.coverage is None:
        return f"ETA by {who}"
    share = f"{100 * forecast.coverage:.0f} %"
    return f"ETA by {who} · {share} of {forecast.arrivals} within P10–P90"
