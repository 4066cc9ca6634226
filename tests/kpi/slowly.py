"""The figures once more, straight from all events, slowly and without any of the store's code."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import asdict

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.records import Subject
from tower.domain.words import ExceptionState, MessageState, StopKind, StopState, VehicleKind
from tower.kpi.factors import co2e_g, energy_kwh

Row = dict[str, Any]
"""A fact: what it is taken apart by, and under `sums` what it adds, in whole thousandths."""

_ORDER = list(StopState)
_OUTCOMES = (
    e.StopDelivered,
    e.StopCollected,
    e.StopAttempted,
    e.StopCancelled,
    e.StopSkipped,
)
_DONE = (e.StopDelivered, e.StopCollected)
_LEFT = (MessageState.SENT, MessageState.DELIVERED, MessageState.READ)
_NO_MORE = datetime.max.replace(tzinfo=UTC)


def recount(events: Sequence[Event]) -> list[Row]:
    """Every fact of a journal."""
    return _Recount(events).rows()


class _Recount:
    def __init__(self, events: Sequence[Event]) -> None:
        self.events = sorted(events, key=lambda one: (one.at, one.id))

    def rows(self) -> list[Row]:
        stops = {one.subject.stop_id for one in self.of(e.StopProgress)} - {""}
        found: list[Row] = []
        for stop_id in sorted(stops):
            found += self.stop_rows(stop_id)
        found += self.route_rows()
        found += self.exception_rows()
        found += self.message_rows()
        found += self.heard_rows()
        return found + self.carrier_rows()

    def of(self, *bodies: type[e.Body], until: datetime = _NO_MORE) -> list[Any]:
        return [one for one in self.events if isinstance(one.body, bodies) and one.at <= until]

    # The calendar.

    def day_and_hour(self, at: datetime) -> tuple[date, int]:
        known: dict[str, Any] = {}
        opened = self.of(e.ShiftOpened)
        for id_ in {one.body.shift.id for one in opened}:
            for event in self.holding([o for o in opened if o.body.shift.id == id_], at):
                known[id_] = event.body.shift
        last = self.holding(opened, at)
        newest = last[-1].body.shift if last else None
        six = timedelta(hours=6)
        around = [s for s in known.values() if s.starts_at - six <= at <= s.ends_at + six]
        if around:
            # The nearest; of those as near, the one that begins last.
            around.sort(key=lambda s: (s.starts_at, s.id), reverse=True)
            newest = min(around, key=lambda s: max(s.starts_at - at, at - s.ends_at, timedelta(0)))
        try:
            zone: Any = ZoneInfo(newest.timezone) if newest else UTC
        except KeyError:
            zone = UTC
        local = at.astimezone(zone)
        if around and newest is not None and newest.date != "?":
            named = date.fromisoformat(newest.date)
            if abs((named - local.date()).days) <= 1:
                return named, local.hour
        return local.date(), local.hour

    # What was known.

    def holding(self, said: Sequence[Any], at: datetime) -> list[Any]:
        """What was said until a moment; where nothing was, the first of the two days after."""
        before = [one for one in said if one.at <= at]
        return before or [one for one in said if one.at <= at + timedelta(days=2)][:1]

    def plan(self, stop_id: str, at: datetime) -> dict[str, Any] | None:
        """The stop's plan with what was agreed, as a plain mapping."""
        said = [o for o in self.of(e.StopPlanned) if o.body.plan.id == stop_id]
        plans = self.holding(said, at)
        if not plans:
            return None
        known = {
            name: getattr(plans[-1].body.plan, name)
            for name in plans[-1].body.plan.__struct_fields__
        }
        agreed = [o for o in self.of(e.StopAmended, until=at) if o.subject.stop_id == stop_id]
        for event in sorted(agreed, key=_recorded):
            changes = asdict(event.body.changes).items()
            known |= {name: value for name, value in changes if value is not None}
        return known

    def route_id(self, stop_id: str, at: datetime) -> str:
        found = ""
        said = [
            o
            for o in self.of(e.RoutesSequenced)
            if stop_id in o.body.unassigned or any(stop_id in s.stops for s in o.body.routes)
        ]
        for event in sorted(self.holding(said, at), key=_recorded):
            for sequence in event.body.routes:
                if stop_id in sequence.stops:
                    found = sequence.route_id
            if stop_id in event.body.unassigned:
                found = ""
        return found

    def route_plan(self, route_id: str, at: datetime) -> Any:  # noqa: ANN401 - a plan or None
        said = [o for o in self.of(e.RoutePlanned) if o.body.plan.id == route_id]
        plans = self.holding(said, at)
        return plans[-1].body.plan if plans and route_id else None

    def row(
        self,
        kind: str,
        at: datetime,
        about: Subject,
        sums: Mapping[str, float],
        **more: Any,  # noqa: ANN401
    ) -> Row:
        stop = self.plan(about.stop_id, at) if about.stop_id else None
        route_id = (self.route_id(about.stop_id, at) if about.stop_id else "") or about.route_id
        route = self.route_plan(route_id, at)
        vehicle_id = about.vehicle_id or (route.vehicle_id if route else "")
        registered = [o for o in self.of(e.VehicleRegistered) if o.body.vehicle.id == vehicle_id]
        vehicles = self.holding(registered, at)
        vehicle = vehicles[-1].body.vehicle if vehicles else None
        day, hour = self.day_and_hour(at)
        said = stop or {}
        return {
            "kind": kind,
            "day": day,
            "hour": hour,
            "at": at,
            "stop_id": about.stop_id,
            "carrier": (route.carrier_id if route else "")
            or about.carrier_id
            or (vehicle.carrier_id if vehicle else ""),
            "depot": route.depot_id if route else "",
            "route": route_id,
            "driver": (route.driver_id or route.driver_name) if route else "",
            "vehicle": str(vehicle.kind) if vehicle else "",
            "postcode": said.get("postcode", ""),
            "account": said.get("brand", ""),
            "service_level": said.get("service_level", ""),
            "lat": said.get("lat"),
            "lon": said.get("lon"),
            "label": "",
            "eta_error": None,
            **more,
            "sums": {name: _parts(value) for name, value in sums.items() if _parts(value)},
        }

    # Stops.

    def tries(self, stop_id: str) -> list[Row]:
        said = [o for o in self.of(e.StopProgress) if o.subject.stop_id == stop_id]
        said.sort(key=lambda o: (o.at, _ORDER.index(o.body.state), o.id))
        found: list[Row] = []
        fresh, arrived, out = True, None, None
        for event in said:
            if isinstance(event.body, _OUTCOMES):
                if fresh or type(found[-1]["body"]) is not type(event.body):
                    found.append({"body": event.body, "at": event.at, "subject": event.subject})
                    found[-1] |= {"id": event.id, "arrived": arrived, "out": out}
                    arrived = out = None
                fresh = False
            else:
                fresh = True
                out = out or event.at
                arrived = event.at if isinstance(event.body, e.StopArrived) else arrived
        return found

    def stop_rows(self, stop_id: str) -> list[Row]:
        tries = self.tries(stop_id)
        found: list[Row] = []
        last = {self.day_and_hour(one["at"])[0]: one for one in tries}
        for day, one in last.items():
            plan = self.plan(stop_id, one["at"])
            about = _about(one, stop_id)
            if isinstance(one["body"], e.StopCancelled):
                continue
            if plan is not None and plan["kind"] is StopKind.RETURN:
                sums = self.return_sums(stop_id, one, tries)
                found.append(self.row("return", one["at"], about, sums))
            if plan is None or plan["kind"] in (StopKind.DELIVERY, StopKind.RETURN):
                first = tries[0] if self.day_and_hour(tries[0]["at"])[0] == day else None
                found.append(self.stop_row(stop_id, one, first))
        for one in tries:
            plan = self.plan(stop_id, one["at"])
            if isinstance(one["body"], (*_DONE, e.StopCancelled)):
                continue
            if plan is None or plan["kind"] in (StopKind.DELIVERY, StopKind.RETURN):
                label = str(getattr(one["body"], "reason", "skipped"))
                about = _about(one, stop_id)
                found.append(self.row("attempt", one["at"], about, {"failed": 1}, label=label))
        return found

    def return_sums(self, stop_id: str, one: Row, tries: Sequence[Row]) -> dict[str, float]:
        if not isinstance(one["body"], _DONE):
            return {"returns_due": 1}
        later = [t["at"] for t in tries if isinstance(t["body"], _DONE) and t["at"] > one["at"]]
        until = min(later, default=_NO_MORE)
        closed = [o.at for o in self.of(e.ReturnClosed) if o.subject.stop_id == stop_id]
        was = any(one["at"] <= at < until for at in closed)
        return {"returns_due": 1, "returns_collected": 1, "returns_closed": was}

    def stop_row(self, stop_id: str, one: Row, first: Row | None) -> Row:
        done, at = isinstance(one["body"], _DONE), one["at"]
        came = min(one["arrived"] or at, at)
        sums: dict[str, float] = {"stops": 1, "done": done}
        if first is not None:
            sums |= {"first_tries": 1, "first_successes": isinstance(first["body"], _DONE)}
        for suffix, plan in (
            ("", self.plan(stop_id, came)),
            ("_at_dispatch", self.at_dispatch(stop_id, one)),
        ):
            if plan is not None and plan["window_end"] is not None:
                opens = plan["window_start"]
                kept = done and came <= plan["window_end"] and (opens is None or at >= opens)
                sums |= {f"windowed{suffix}": 1, f"on_time{suffix}": kept}
        eta_error = None
        if one["arrived"] is not None and not isinstance(one["body"], e.StopSkipped):
            sums |= {"doors": 1, "door_s": _ms(at - came)}
            for lead in (15, 30, 60, 120):
                late = self.predicted(stop_id, one, came, lead, sums)
                if lead == 60 and late is not None:
                    eta_error = int(max(-30, min(30, 5 * round(late / 300))))
        return self.row("stop", at, _about(one, stop_id), sums, eta_error=eta_error)

    def at_dispatch(self, stop_id: str, one: Row) -> dict[str, Any] | None:
        route_id = self.route_id(stop_id, one["at"]) or one["subject"].route_id
        day = self.day_and_hour(one["at"])[0]
        starts = [
            o.at
            for o in self.of(e.RouteStarted, until=one["at"])
            if route_id and o.subject.route_id == route_id and self.day_and_hour(o.at)[0] == day
        ]
        at = min(starts, default=one["out"] or one["at"])
        return self.plan(stop_id, at)

    def predicted(
        self, stop_id: str, one: Row, came: datetime, lead: int, sums: dict[str, float]
    ) -> float | None:
        routes = {one["subject"].route_id} - {""}
        for event in self.of(e.RoutesSequenced, until=one["at"]):
            routes |= {s.route_id for s in event.body.routes if stop_id in s.stops}
        found = None
        for event in self.of(e.ArrivalsPredicted):
            minutes = (came - event.at) / timedelta(minutes=1)
            if event.subject.route_id in routes and lead <= minutes <= lead + 20:
                for row in event.body.rows:
                    found = (event.at, row) if row.stop_id == stop_id else found
        if found is None:
            return None
        middle = found[0] + timedelta(seconds=found[1].in_s)
        late: float = (came - middle) / timedelta(seconds=1)
        sums[f"eta_n_{lead}"] = 1
        sums[f"eta_abs_s_{lead}"] = abs(late)
        sums[f"eta_covered_{lead}"] = -found[1].early_s <= late <= found[1].late_s
        return late

    # Routes.

    def route_rows(self) -> list[Row]:
        ends = {
            (one.subject.route_id, self.day_and_hour(one.at)[0]): one
            for one in self.of(e.RouteFinished)
        }
        return [self.route_row(route_id, day, one) for (route_id, day), one in ends.items()]

    def route_row(self, route_id: str, day: date, end: Event) -> Row:
        about = Subject(
            route_id=route_id,
            vehicle_id=end.subject.vehicle_id,
            carrier_id=end.subject.carrier_id,
        )
        starts = [
            o.at
            for o in self.of(e.RouteStarted, until=end.at)
            if o.subject.route_id == route_id and self.day_and_hour(o.at)[0] == day
        ]
        plan = self.route_plan(route_id, end.at)
        planned = plan.starts_at if plan else None
        begin = starts[0] if starts else planned
        sums: dict[str, float] = {"routes": 1, "route_stops": self.count(route_id, day, end.at)}
        if begin is not None and begin <= end.at:
            sums["route_s"] = _ms(end.at - begin)
        row = self.row("route", end.at, about, sums)
        own = [o for o in self.of(e.RouteFinished) if o.subject.route_id == route_id]
        found = []
        for said in self.of(e.RouteMeasured):
            before = [o for o in own if o.at <= said.at and said.subject.route_id == route_id]
            if before and self.day_and_hour(before[-1].at)[0] == day:
                found.append((before[-1].at, before[-1].id, said.at, said.id, said.body))
        measured = [row[-1] for row in sorted(found, key=lambda row: row[:-1])]
        if measured:
            if "route_stops" in row["sums"]:
                row["sums"]["measured_stops"] = row["sums"]["route_stops"]
            kind = VehicleKind(row["vehicle"] or "van")
            row["sums"]["driven_m"] = _parts(measured[-1].driven_m)
            row["sums"]["energy_kwh"] = _parts(energy_kwh(kind, measured[-1]))
            row["sums"]["co2e_g"] = _parts(co2e_g(kind, measured[-1]))
        return row

    def count(self, route_id: str, day: date, at: datetime) -> int:
        found = 0
        for stop_id in {o.subject.stop_id for o in self.of(*_OUTCOMES, until=at)}:
            outcomes = [o for o in self.of(*_OUTCOMES, until=at) if o.subject.stop_id == stop_id]
            outcomes.sort(key=lambda o: (o.at, _ORDER.index(o.body.state), o.id))
            plan = self.plan(stop_id, at)
            is_customer = plan is None or plan["kind"] in (StopKind.DELIVERY, StopKind.RETURN)
            is_own = self.route_id(stop_id, at) == route_id
            of_day = self.day_and_hour(outcomes[-1].at)[0] == day
            is_counted = not isinstance(outcomes[-1].body, e.StopCancelled)
            found += is_customer and is_own and of_day and is_counted
        return found

    # Exceptions, messages, what was heard.

    def exception_rows(self) -> list[Row]:
        found = []
        for id_ in {o.subject.exception_id for o in self.of(e.ExceptionRaised)}:
            raised = [o for o in self.of(e.ExceptionRaised) if o.subject.exception_id == id_]
            work = [o for o in self.of(e.ExceptionWorked) if o.subject.exception_id == id_]
            found.append(self.exception_row(raised[0], work))
        return found

    def exception_row(self, raised: Any, work: list[Any]) -> Row:  # noqa: ANN401
        finding, at = raised.body.finding, raised.at
        sums: dict[str, float] = {"raised": 1}
        claims = [o.at for o in work if o.body.state is ExceptionState.CLAIMED]
        resolved = [o.at for o in work if o.body.state is ExceptionState.RESOLVED]
        if claims:
            sums |= {"claimed": 1, "claim_s": max(0.0, _ms(claims[0] - at))}
        newest = max(work, key=lambda o: o.body.version, default=None)
        if newest and newest.body.state is ExceptionState.RESOLVED:
            sums |= {"resolved": 1, "resolve_s": max(0.0, _ms(newest.at - at))}
        if finding.sla_due_at:
            kept = any(then <= finding.sla_due_at for then in claims + resolved)
            sums |= {"sla_due": 1, "sla_kept": kept}
        return self.row("exception", at, finding.subject, sums, label=str(finding.kind))

    def message_rows(self) -> list[Row]:
        found = []
        for id_ in {o.subject.message_id for o in self.of(e.MessageProgressed)}:
            left = [
                o
                for o in self.of(e.MessageProgressed)
                if o.subject.message_id == id_ and o.body.attempt.state in _LEFT
            ]
            if left:
                replied = any(o.body.answers == id_ for o in self.of(e.ReplyReceived))
                label = str(left[0].body.attempt.channel)
                sums = {"sent": 1, "answered": replied}
                found.append(self.row("message", left[0].at, left[0].subject, sums, label=label))
        return found

    def heard_rows(self) -> list[Row]:
        found = []
        seen: set[str] = set()
        settled = {o.body.claim_id for o in self.of(e.ClaimSettled)}
        for o in self.of(e.CustomerContacted, e.ClaimFiled, e.SurveyAnswered):
            body, about = o.body, o.subject
            if isinstance(body, e.CustomerContacted) and body.inbound:
                about = about if about.stop_id else Subject(carrier_id=about.carrier_id)
                sums: dict[str, float] = {"contacts": 1, "wismo": body.topic == "wismo"}
                found.append(self.row("contact", o.at, about, sums, label=body.topic))
            elif isinstance(body, e.ClaimFiled) and body.claim_id not in seen:
                seen.add(body.claim_id)
                sums = {"claims": 1, "disputes": body.kind == "not_received"}
                sums["claims_settled"] = body.claim_id in settled
                found.append(self.row("claim", o.at, about, sums, label=str(body.kind)))
            elif isinstance(body, e.SurveyAnswered) and body.survey_id not in seen:
                seen.add(body.survey_id)
                sums = {"csat_n": body.csat is not None, "csat_sum": body.csat or 0}
                sums |= {"nps_n": body.nps is not None}
                if body.nps is not None:
                    sums["nps_net"] = (body.nps >= 9) - (body.nps <= 6)
                found.append(self.row("survey", o.at, about, sums))
        return found

    def carrier_rows(self) -> list[Row]:
        names = ("fixes", "vehicle_s", "lag_s", "messages", "refused", "silent_s")
        return [
            self.row(
                "carrier",
                o.at,
                Subject(carrier_id=o.subject.carrier_id),
                {name: getattr(o.body, name) for name in names}
                | {"heard_s": _ms(o.at - o.body.since)},
            )
            for o in self.of(e.CarrierMeasured)
        ]


def _about(one: Row, stop_id: str) -> Subject:
    said = one["subject"]
    return Subject(
        stop_id=stop_id,
        route_id=said.route_id,
        vehicle_id=said.vehicle_id,
        carrier_id=said.carrier_id,
    )


def _recorded(event: Event) -> tuple[datetime, str]:
    return event.recorded_at, event.id


def _ms(span: timedelta) -> float:
    return span // timedelta(milliseconds=1) / 1000


def _parts(value: float) -> int:
    return round(round(value, 3) * 1000)


def sums_by(rows: Iterable[Row], *names: str) -> dict[tuple[Any, ...], Counter[str]]:
    """What rows add up to, taken apart by these."""
    found: dict[tuple[Any, ...], Counter[str]] = {}
    for row in rows:
        sums = found.setdefault(tuple(row[name] for name in names), Counter())
        sums["n"] += 1
        for name, value in row["sums"].items():
            sums[name] += value
    return found
