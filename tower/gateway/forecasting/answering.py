"""What is answered about arrivals, from what is known at the moment."""

from datetime import datetime

from tower.domain.records import Stop
from tower.eta.model import Quality
from tower.eta.schedule import Arrival
from tower.gateway.forecasting.answers import (
    ArrivalAnswer,
    ForecastAnswer,
    LeadAnswer,
    PredictedAnswer,
    QualityAnswer,
    ReasonAnswer,
)
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
    arrival, plan = forecasting.projection.arrivals.get(stop.id), stop.plan
    window_end = plan.window_end if plan else None
    return ArrivalAnswer(
        stop_id=stop.id,
        predicted=_predicted(arrival, window_end, forecasting.projection.renewed_at)
        if arrival
        else None,
        arrived_at=stop.arrived_at,
        window_start=plan.window_start if plan else None,
        window_end=window_end,
        published=stop.published,
        published_changes=max(0, published - 1),
        model=forecasting.model.version,
        reasons=tuple(
            ReasonAnswer(words=reason.words, seconds=round(reason.seconds))
            for reason in forecasting.reasons(stop.id)
        ),
    )


def forecast_answer(forecasting: Forecasting, now: datetime) -> ForecastAnswer:
    """What predicts arrivals, and how good it is.

    Args:
        forecasting: what is predicted.
        now: the present, UTC.
    """
    today, model = forecasting.hindsight.measured(now), forecasting.model
    counted = sum(lead.arrivals for lead in today)
    return ForecastAnswer(
        model=model.version,
        quality=_quality(model.quality) if model.quality else None,
        is_fallback=bool(forecasting.trouble),
        why=forecasting.trouble,
        today=tuple(map(_lead, today)),
        arrivals=max((lead.arrivals for lead in today), default=0),
        coverage=sum(one.coverage * one.arrivals for one in today) / counted if counted else None,
        widening=forecasting.widening,
        shift_s=forecasting.shift_s,
        routes=len(forecasting.projection.outlooks),
        stops=len(forecasting.projection.arrivals),
        took_ms=forecasting.projection.took_ms,
    )


def _predicted(arrival: Arrival, window_end: datetime | None, at: datetime) -> PredictedAnswer:
    return PredictedAnswer(
        p10=arrival.p10,
        p50=arrival.p50,
        p90=arrival.p90,
        punctuality=arrival.punctuality,
        chance_late=_chance_late(arrival, window_end) if window_end else None,
        made_at=at,
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
