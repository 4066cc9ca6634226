"""What the gateway answers about arrivals, as records."""

from datetime import datetime

from tower.domain.conditions import Weather
from tower.domain.records import PublishedArrival
from tower.domain.words import Punctuality
from tower.gateway.answers import Answer


class ReasonAnswer(Answer, frozen=True, kw_only=True):
    """Something that makes an arrival later (or earlier) than the plan of the day.

    Attributes:
        words: what, as "rain" or "this driver's pace today".
        seconds: how much it adds; negative where it takes away.
    """

    words: str
    seconds: float


class PredictedAnswer(Answer, frozen=True, kw_only=True):
    """When a vehicle is expected, UTC.

    Attributes:
        p10: it comes earlier in one case of ten.
        p50: as likely earlier as later.
        p90: it comes later in one case of ten.
        punctuality: how that stands against the promised window.
        chance_late: probability that it comes after the window's end, 0 to 1; None without one.
        made_at: when this was predicted.
    """

    p10: datetime
    p50: datetime
    p90: datetime
    punctuality: Punctuality
    chance_late: float | None
    made_at: datetime


class ArrivalAnswer(Answer, frozen=True, kw_only=True):
    """Everything about the arrival at one stop.

    A promise is not a prediction: the window stays as it was promised whatever is predicted.

    Attributes:
        predicted: None where nothing is predicted (any more).
        arrived_at: when the vehicle came, None while it has not.
        window_start: of the window promised to the customer, None where there is none.
        window_end: likewise.
        published: the arrival the customer sees, None before there is any.
        published_changes: how often that was changed after it was first set.
        model: what predicts, as `schedule` or `learnt-3`.
        reasons: why it is not when the plan of the day has it, the largest share first.
    """

    stop_id: str
    predicted: PredictedAnswer | None
    arrived_at: datetime | None
    window_start: datetime | None
    window_end: datetime | None
    published: PublishedArrival | None
    published_changes: int
    model: str
    reasons: tuple[ReasonAnswer, ...]


class LeadAnswer(Answer, frozen=True, kw_only=True):
    """How good predictions made so many minutes ahead were.

    Attributes:
        arrivals: how many it rests on, 0 where that is not told.
        mae_s: mean absolute error of P50, seconds.
        late_s: how much later than P50 the vehicles came on average; None where not measured.
        coverage: share of arrivals between P10 and P90, 0 to 1; None where not measured.
    """

    minutes: int
    arrivals: int = 0
    mae_s: float
    late_s: float | None = None
    coverage: float | None = None


class QualityAnswer(Answer, frozen=True, kw_only=True):
    """How good a model was on shifts it did not learn from.

    Attributes:
        coverage: share of arrivals between P10 and P90, 0 to 1.
        arrivals: how many predictions it rests on; shifts: of how many shifts.
        leads: by how far ahead.
    """

    coverage: float
    arrivals: int
    shifts: int
    measured_at: datetime
    leads: tuple[LeadAnswer, ...]


class ProviderAnswer(Answer, frozen=True, kw_only=True):
    """How a provider of weather or traffic is doing.

    Attributes:
        as_of: of what it said last, UTC; None before it said anything.
        disturbances: of traffic, those that count.
        trouble: why nothing comes from it, in words; "" while it answers.
    """

    id: str
    as_of: datetime | None
    weather: Weather | None
    disturbances: int
    trouble: str


class ForecastAnswer(Answer, frozen=True, kw_only=True):
    """What predicts arrivals, and how good it is.

    Attributes:
        model: as `schedule` or `learnt-3`.
        quality: on shifts held apart from learning; None where nobody measured it.
        is_fallback: the schedule stands in because no learnt model can be used.
        why: why that is so, in words; "" where a learnt model predicts.
        today: how good the predictions for arrivals of the last 24 hours were, by minutes ahead.
        arrivals: arrivals of the last 24 hours that had been predicted.
        coverage: share of them between P10 and P90, 0 to 1, over all of `today`; None before any.
        widening: P10-P90 is multiplied by this, by what came today.
        shift: share of the time ahead added to P50, likewise.
        conditions: who tells of weather and traffic.
        routes: routes predicted; stops: stops.
        took_ms: how long the newest prediction of all took.
    """

    model: str
    quality: QualityAnswer | None
    is_fallback: bool
    why: str
    today: tuple[LeadAnswer, ...]
    arrivals: int
    coverage: float | None
    widening: float
    shift: float
    conditions: tuple[ProviderAnswer, ...]
    routes: int
    stops: int
    took_ms: float
