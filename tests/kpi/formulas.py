"""What every measure is, written down once more: what is above the line and what below it.

The product's definitions are not looked at: one that adds up the wrong column is found out.
"""

from typing import NamedTuple


class Formula(NamedTuple):
    """`times · Σ above / Σ below`, each named as `kind.column`; `times · Σ above` without below."""

    above: str
    below: str = ""
    times: float = 1.0

    @property
    def kinds(self) -> set[str]:
        return {name.partition(".")[0] for name in (self.above, self.below) if name}

    def value(self, sums: dict[str, float]) -> float | None:
        above = sums.get(self.above.partition(".")[2], 0.0)
        if not self.below:
            return self.times * above
        below = sums.get(self.below.partition(".")[2], 0.0)
        return self.times * above / below if below else None


_MINUTE = 1 / 60
_PER_LEAD = {
    name: formula
    for lead in (15, 30, 60, 120)
    for name, formula in (
        (f"eta_error_{lead}", Formula(f"stop.eta_abs_s_{lead}", f"stop.eta_n_{lead}", _MINUTE)),
        (f"eta_coverage_{lead}", Formula(f"stop.eta_covered_{lead}", f"stop.eta_n_{lead}", 100)),
    )
}

FORMULAS: dict[str, Formula] = {
    **_PER_LEAD,
    "on_time": Formula("stop.on_time", "stop.windowed", 100),
    "on_time_at_dispatch": Formula("stop.on_time_at_dispatch", "stop.windowed_at_dispatch", 100),
    "first_attempt": Formula("stop.first_successes", "stop.first_tries", 100),
    "served": Formula("stop.done", "stop.stops", 100),
    "stops": Formula("stop.stops"),
    "stop_duration": Formula("stop.door_s", "stop.doors", _MINUTE),
    "failed": Formula("attempt.failed"),
    "failed_per_100_stops": Formula("attempt.failed", "stop.stops", 100),
    "stops_per_hour": Formula("route.route_stops", "route.route_s", 3_600),
    "distance_per_stop": Formula("route.driven_m", "route.measured_stops", 1 / 1_000),
    "energy_per_stop": Formula("route.energy_kwh", "route.measured_stops"),
    "co2e_per_stop": Formula("route.co2e_g", "route.measured_stops"),
    "wismo": Formula("contact.wismo"),
    "wismo_per_100_stops": Formula("contact.wismo", "stop.stops", 100),
    "contacts": Formula("contact.contacts"),
    "messages_sent": Formula("message.sent"),
    "messages_answered": Formula("message.answered", "message.sent", 100),
    "csat": Formula("survey.csat_sum", "survey.csat_n"),
    "nps": Formula("survey.nps_net", "survey.nps_n", 100),
    "exceptions": Formula("exception.raised"),
    "exceptions_per_100_stops": Formula("exception.raised", "stop.stops", 100),
    "time_to_claim": Formula("exception.claim_s", "exception.claimed", _MINUTE),
    "time_to_resolve": Formula("exception.resolve_s", "exception.resolved", _MINUTE),
    "sla_kept": Formula("exception.sla_kept", "exception.sla_due", 100),
    "returns_collected": Formula("return.returns_collected", "return.returns_due", 100),
    "returns_closed": Formula("return.returns_closed", "return.returns_collected", 100),
    "claims": Formula("claim.claims"),
    "claims_per_1000_stops": Formula("claim.claims", "stop.stops", 1_000),
    "claims_settled": Formula("claim.claims_settled", "claim.claims", 100),
    "disputes": Formula("claim.disputes"),
    "fix_rate": Formula("carrier.fixes", "carrier.vehicle_s", 60),
    "lag": Formula("carrier.lag_s", "carrier.fixes"),
    "silence": Formula("carrier.silent_s", "carrier.heard_s", 100),
    "refused": Formula("carrier.refused", "carrier.messages", 100),
}
