"""What happens beside the deliveries of a made-up day: exceptions, contacts, returns, claims."""

import numpy as np

from tower.demo.past.columns import Columns, about, ones
from tower.demo.past.operation import Counts, Numbers, Words
from tower.demo.past.served import Served
from tower.domain.words import Channel, ClaimKind, ExceptionKind
from tower.kpi.facts import FactKind
from tower.kpi.judging import WISMO

_RAISED, _RAISED_LATE, _RAISED_FAILED = 0.006, 0.35, 0.30
_OTHER_KINDS = (
    ExceptionKind.NO_SIGNAL,
    ExceptionKind.OFF_ROUTE,
    ExceptionKind.LONG_DWELL,
    ExceptionKind.ADDRESS,
    ExceptionKind.NO_ACCESS,
    ExceptionKind.CUSTOMER_REQUEST,
)
_CLAIM_S, _RESOLVE_S, _SLA_S = 170.0, 900.0, 600.0
_CLAIMED, _RESOLVED = 0.9, 0.97
_ASKED, _ASKED_LATE, _WISMO = 0.006, 0.12, 0.72
_TOLD, _TOLD_LATE, _ANSWERED = 0.05, 0.4, 0.11
_BY_SMS = 0.7
_RETURNS, _COLLECTED, _CLOSED = 0.03, 0.91, 0.96
_CLAIMS, _CLAIMS_LATE, _SETTLED = 0.0008, 0.006, 0.8
_ASKED_AFTER = 0.012


def exceptions(stops: Served, rng: np.random.Generator) -> Columns:
    """What had to be looked at, and how soon somebody did."""
    odds = np.where(
        stops.has_failed, _RAISED_FAILED, np.where(stops.is_on_time, _RAISED, _RAISED_LATE)
    )
    which = _some(odds, rng)
    count = len(which)
    claimed, resolved = rng.random(count) < _CLAIMED, rng.random(count) < _RESOLVED
    claim_s = np.round(rng.lognormal(np.log(_CLAIM_S), 0.8, count))
    resolve_s = claim_s + np.round(rng.lognormal(np.log(_RESOLVE_S), 0.7, count))
    return {
        **about(stops, which, FactKind.EXCEPTION, "e"),
        "label": _kinds(stops, which, rng),
        "raised": ones(count),
        "claimed": claimed * 1.0,
        "claim_s": claim_s * claimed,
        "resolved": resolved * 1.0,
        "resolve_s": resolve_s * resolved,
        "sla_due": ones(count),
        "sla_kept": (claimed & (claim_s <= _SLA_S)) * 1.0,
    }


def contacts(stops: Served, rng: np.random.Generator) -> Columns:
    """Customers who reached the room; where something is late, more of them."""
    which = _some(np.where(stops.is_on_time, _ASKED, _ASKED_LATE), rng)
    asks_where = rng.random(len(which)) < _WISMO
    return {
        **about(stops, which, FactKind.CONTACT, "c"),
        "label": _either(asks_where, WISMO, "other"),
        "contacts": ones(len(which)),
        "wismo": asks_where * 1.0,
    }


def messages(stops: Served, rng: np.random.Generator) -> Columns:
    """What customers were told; where something is late, more of them."""
    which = _some(np.where(stops.is_on_time, _TOLD, _TOLD_LATE), rng)
    return {
        **about(stops, which, FactKind.MESSAGE, "m"),
        "label": _either(rng.random(len(which)) < _BY_SMS, Channel.SMS.value, Channel.EMAIL.value),
        "sent": ones(len(which)),
        "answered": (rng.random(len(which)) < _ANSWERED) * 1.0,
    }


def returns(stops: Served, rng: np.random.Generator) -> Columns:
    """What was to be taken along, and what came of it."""
    which = _some(np.full(stops.amount, _RETURNS), rng)
    collected = rng.random(len(which)) < _COLLECTED
    return {
        **about(stops, which, FactKind.RETURN, "r"),
        "returns_due": ones(len(which)),
        "returns_collected": collected * 1.0,
        "returns_closed": (collected & (rng.random(len(which)) < _CLOSED)) * 1.0,
    }


def claims(stops: Served, rng: np.random.Generator) -> Columns:
    """What customers wanted put right."""
    which = _some(np.where(stops.is_on_time, _CLAIMS, _CLAIMS_LATE), rng)
    label = _drawn([kind.value for kind in ClaimKind], len(which), rng)
    return {
        **about(stops, which, FactKind.CLAIM, "q"),
        "label": label,
        "claims": ones(len(which)),
        "disputes": (label == ClaimKind.NOT_RECEIVED.value) * 1.0,
        "claims_settled": (rng.random(len(which)) < _SETTLED) * 1.0,
    }


def surveys(stops: Served, rng: np.random.Generator) -> Columns:
    """What customers answered afterwards: those who waited in vain are less content."""
    which = _some(np.full(stops.amount, _ASKED_AFTER), rng)
    content = np.where(stops.is_on_time[which], 0.0, -1.1)
    csat = np.clip(np.round(rng.normal(4.55, 0.6, len(which)) + content), 1, 5)
    nps = np.clip(np.round(rng.normal(8.8, 1.4, len(which)) + 2.2 * content), 0, 10)
    return {
        **about(stops, which, FactKind.SURVEY, "s"),
        "csat_sum": csat,
        "csat_n": ones(len(which)),
        "nps_net": (nps >= 9) * 1.0 - (nps <= 6) * 1.0,
        "nps_n": ones(len(which)),
    }


def _some(odds: Numbers, rng: np.random.Generator) -> Counts:
    """Places of those that are struck."""
    return np.flatnonzero(rng.random(len(odds)) < odds)


def _either(which: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]", yes: str, no: str) -> Words:
    return np.array([no, yes], dtype=object)[which.astype(np.int64)]


def _drawn(words: list[str], count: int, rng: np.random.Generator) -> Words:
    return np.array(words, dtype=object)[rng.integers(0, len(words), count)]


def _kinds(stops: Served, which: Counts, rng: np.random.Generator) -> Words:
    """Of what kind each exception is: the delivery says which kinds it can be."""
    late = _drawn([ExceptionKind.LATE_RISK.value] * 2 + [ExceptionKind.LATE.value], len(which), rng)
    others = _drawn([kind.value for kind in _OTHER_KINDS], len(which), rng)
    of_time = np.where(stops.is_on_time[which], others, late)
    return np.where(stops.has_failed[which], ExceptionKind.FAILED_ATTEMPT.value, of_time)
