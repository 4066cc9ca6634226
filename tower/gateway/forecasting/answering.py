"""What is answered about arrivals, from what is known at the moment."""

from collections.abc import Mapping
from datetime import datetime

from tower.domain.conditions import Conditions, ConditionsEntry
from tower.domain.records import Stop
from tower.eta.model import Quality
from tower.eta.online import Adjustment
from tower.eta.schedule import Arrival
from tower.gateway.forecasting.answers import (
    ArrivalAnswer,
    ForecastAnswer,
    LeadAnswer,
    PredictedAnswer,
    ProviderAnswer,
    QualityAnswer,
    ReasonAnswer,
)
from tower.gateway.forecasting.forecast import Forecast
from tower.gateway.forecasting.forecasting import Forecasting
from tower.gateway.forecasting.hindsight import LeadMeasured
from tower.watch.odds import probability_late


def arrival_answer(forecasting: Forecasting, stop: Stop, published: int) -> ArrivalAnswer:
    """Everything about the arrival at one stop.

    Args:
        forecasting: what is predicted.
        stop: the stop.
        published: how often the arrival its customer sees was set.
    """
    newest, plan = forecasting.projection.newest, stop.plan
    window_end = plan.window_end if plan else None
    return ArrivalAnswer(
        stop_id=stop.id,
        predicted=_predicted(newest, stop.id, window_end) if newest else None,
        arrived_at=stop.arrived_at,
        window_start=plan.window_start if plan else None,
        window_end=window_end,
        published=stop.published,
        published_changes=max(0, published - 1),
        model=forecasting.projection.model.version,
        reasons=tuple(
            ReasonAnswer(words=reason.words, seconds=round(reason.seconds))
            for reason in forecasting.reasons(stop.id)
        ),
    )


def forecast_answer(
    forecasting: Forecasting,
    conditions: Mapping[str, ConditionsEntry],
    troubles: Mapping[str, str],
    now: datetime,
) -> ForecastAnswer:
    """What predicts arrivals, and how good it is.

    Args:
        forecasting: what is predicted.
        conditions: what providers said last, by their ids.
        troubles: why nothing comes from those of the settings, "" where something does.
        now: the present, UTC.
    """
    today, model = forecasting.hindsight.measured(now), forecasting.projection.model
    newest = forecasting.projection.newest
    adjustment = newest.adjustment if newest else Adjustment()
    counted = sum(lead.arrivals for lead in today)
    told = {name: entry.value for name, entry in conditions.items()}
    return ForecastAnswer(
        model=model.version,
        quality=_quality(model.quality) if model.quality else None,
        is_fallback=bool(forecasting.models.why_schedule),
        why=forecasting.models.why_schedule,
        today=tuple(map(_lead, today)),
        arrivals=max((lead.arrivals for lead in today), default=0),
        coverage=sum(one.coverage * one.arrivals for one in today) / counted if counted else None,
        widening=adjustment.widening,
        shift=adjustment.shift,
        conditions=tuple(
            _provider(name, told.get(name), troubles.get(name, ""), now)
            for name in sorted({*told, *troubles})
        ),
        routes=len(newest.courses) if newest else 0,
        stops=len(newest.arrivals) if newest else 0,
        took_ms=forecasting.projection.took_ms,
    )


def _predicted(
    newest: Forecast, stop_id: str, window_end: datetime | None
) -> PredictedAnswer | None:
    arrival = newest.arrivals.find(stop_id)
    if arrival is None:
        return None
    return PredictedAnswer(
        p10=arrival.p10,
        p50=arrival.p50,
        p90=arrival.p90,
        punctuality=arrival.punctuality,
        chance_late=_chance_late(arrival, window_end) if window_end else None,
        made_at=newest.now,
    )


def _provider(name: str, said: Conditions | None, trouble: str, now: datetime) -> ProviderAnswer:
    return ProviderAnswer(
        id=name,
        as_of=said.as_of if said else None,
        weather=said.weather if said else None,
        disturbances=sum(one.is_on(now) for one in said.disturbances) if said else 0,
        trouble=trouble,
    )


def _chance_late(arrival: Arrival, window_end: datetime) -> float:
    return probability_late(
        window_end.timestamp(), arrival.p50.timestamp(), arrival.early_s, arrival.late_s
    )


def _quality(quality: Quality) -> QualityAnswer:
    leads = sorted(quality.mae_s.items())
    return QualityAnswer(
        coverage=quality.coverage,
        arrivals=quality.arrivals,
        shifts=quality.shifts,
        measured_at=quality.measured_at,
        leads=tuple(LeadAnswer(minutes=minutes, mae_s=mae_s) for minutes, mae_s in leads),
    )


def _lead(measured: LeadMeasured) -> LeadAnswer:
    return LeadAnswer(**measured._asdict())
