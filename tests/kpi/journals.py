"""Journals made up at random, out of order and with repetitions, and one kept in memory."""

import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from tower.domain import events as e
from tower.domain.events import Event, PredictedArrival
from tower.domain.messages import Attempt, MessagePlan
from tower.domain.records import (
    Actor,
    Depot,
    Finding,
    RoutePlan,
    Shift,
    StopChanges,
    StopPlan,
    Subject,
    Vehicle,
)
from tower.domain.words import (
    AttemptReason,
    Channel,
    ClaimKind,
    ClaimOutcome,
    ExceptionKind,
    ExceptionState,
    MessageState,
    Severity,
    StopKind,
    VehicleKind,
)
from tower.journal.port import Between
from tower.journal.subjects import subjects_of

FIRST_DAYS = (
    datetime(2026, 3, 27, 22, tzinfo=UTC),
    datetime(2026, 10, 23, 22, tzinfo=UTC),
    datetime(2026, 6, 30, 22, tzinfo=UTC),
)
"""The evenings before three days in Vaduz in which clocks go forward, back, or stay."""

_HORIZON_MIN = 4 * 24 * 60
_STOPS = ("s1", "s2", "s3", "s4")
_ROUTES = ("R-1", "R-2")
_VEHICLES = ("v1", "v2")
_CARRIERS = ("c1", "c2")
_TRIED = (e.StopDelivered, e.StopCollected, e.StopAttempted, e.StopSkipped, e.StopCancelled)
_CAME_SO_FAR = (MessageState.SENT, MessageState.FAILED, MessageState.DELIVERED)
_ODDS = (6, 2, 4, 1, 1)


class MemoryJournal:
    """Events in the order they were learnt, each once, found again by what they are about."""

    def __init__(self, learnt: Iterable[Event]) -> None:
        self.events: list[Event] = []
        self._about: dict[tuple[str, str], list[Event]] = defaultdict(list)
        known: set[str] = set()
        for event in learnt:
            if event.id not in known:
                known.add(event.id)
                self._append(event)

    def _append(self, event: Event) -> None:
        seq = len(self.events) + 1
        recorded_at = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(seconds=seq)
        told = replace(event, seq=seq, recorded_at=recorded_at)
        self.events.append(told)
        for thing in subjects_of(told):
            self._about[thing].append(told)

    def about(
        self,
        subject_kind: str,
        id_: str,
        limit: int,
        *,
        types: Collection[str] = (),
        between: Between | None = None,
    ) -> list[Event]:
        """The newest events about one thing, oldest first; of some types or times only."""
        found = [
            one
            for one in self._about[subject_kind, id_]
            if (not types or one.type in types)
            and (between is None or between[0] <= one.at <= between[1])
        ]
        return found[-limit:]


def learnt(seed: int) -> list[Event]:
    """Some days of an operation as the journal learns of them: mostly soon, sometimes late."""
    chance = random.Random(seed)
    told = _Telling(chance).events
    late = [1, 5, 60, 600] if chance.random() < 0.5 else [1, 3_000]
    order = sorted(told, key=lambda one: one.at + timedelta(minutes=chance.choice(late)))
    again = chance.sample(order, len(order) // 10)
    return order + again


class _Telling:
    """Makes up what happened."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.begin = chance.choice(FIRST_DAYS)
        self.events: list[Event] = []
        self._shifts()
        self._registered()
        for stop_id in _STOPS:
            self._planned(stop_id)
            for _ in range(chance.randint(0, 4)):
                self._visited(stop_id)
            self._heard(stop_id)
        for route_id in _ROUTES:
            self._ran(route_id)
        for number in range(chance.randint(0, 3)):
            self._went_wrong(f"x{number}")
            self._wrote(f"m{number}")
        self._measured()

    def at(self, least: float = 0.0, most: float = _HORIZON_MIN) -> datetime:
        """Some moment, minutes after the beginning."""
        minutes = self.chance.uniform(least, most)
        whole = timedelta(seconds=round(minutes * 60))
        return self.begin + whole + timedelta(milliseconds=self.chance.choice([0, 0, 250, 500]))

    def tell(self, body: e.AnyBody, at: datetime, **subject: str) -> None:
        """Add an event."""
        self.events.append(
            Event(
                id=f"e{len(self.events):04}",
                at=at,
                recorded_at=at,
                actor=Actor(kind="carrier", id="c1"),
                subject=Subject(**subject),
                body=body,
            )
        )

    def early(self) -> datetime:
        """Mostly before everything, sometimes in the midst of it, sometimes after."""
        return self.begin if self.chance.random() < 0.6 else self.at(most=1.5 * _HORIZON_MIN)

    def _shifts(self) -> None:
        zone = self.chance.choice(["Europe/Vaduz", "Europe/Vaduz", "America/Santiago", "Nowhere"])
        for day in range(4):
            if self.chance.random() < 0.8:
                starts = self.begin + timedelta(days=day, hours=self.chance.choice([6, 8, 20]))
                shift = Shift(
                    id=f"shift-{day % 3}",
                    name="",
                    date=self.chance.choice(
                        [(starts + timedelta(hours=2)).date().isoformat(), "?"]
                    ),
                    timezone=zone,
                    starts_at=starts,
                    ends_at=starts + timedelta(hours=self.chance.choice([8, 10])),
                )
                self.tell(e.ShiftOpened(shift=shift), self.early())

    def _registered(self) -> None:
        self.tell(
            e.DepotRegistered(depot=Depot(id="d1", name="Hub", lat=47.1, lon=9.5)), self.begin
        )
        for vehicle_id in _VEHICLES:
            for _ in range(self.chance.randint(0, 2)):
                kind = self.chance.choice(list(VehicleKind))
                vehicle = Vehicle(
                    id=vehicle_id,
                    carrier_id=self.chance.choice(_CARRIERS),
                    reference=vehicle_id,
                    label="",
                    kind=kind,
                )
                self.tell(e.VehicleRegistered(vehicle=vehicle), self.early(), vehicle_id=vehicle_id)

    def _window(self) -> dict[str, datetime | None]:
        start = self.at()
        end = start + timedelta(minutes=self.chance.choice([30, 120, 900]))
        return {
            "window_start": start if self.chance.random() < 0.8 else None,
            "window_end": end if self.chance.random() < 0.9 else None,
        }

    def _planned(self, stop_id: str) -> None:
        chance = self.chance
        for _ in range(chance.choice([0, 1, 1, 1, 2])):
            kinds = [StopKind.DELIVERY, StopKind.DELIVERY, StopKind.RETURN, StopKind.CHARGE]
            plan = StopPlan(
                id=stop_id,
                kind=chance.choice(kinds),
                lat=47.0,
                lon=9.0 + chance.randint(0, 9) / 8,
                postcode=chance.choice(["", "9490", "9494"]),
                brand=chance.choice(["", "brand-1"]),
                service_level=chance.choice(["", "express"]),
                **self._window(),  # type: ignore[arg-type]
            )
            self.tell(e.StopPlanned(plan=plan), self.early(), stop_id=stop_id)
        for _ in range(chance.choice([0, 0, 1, 2])):
            window = self._window()
            changes = StopChanges(**window, lat=chance.choice([None, 47.5]))  # type: ignore[arg-type]
            self.tell(e.StopAmended(changes=changes), self.at(), stop_id=stop_id)
        for _ in range(chance.choice([0, 1, 1, 2])):
            self._sequenced(stop_id)

    def _sequenced(self, stop_id: str) -> None:
        route_id, at = self.chance.choice([*_ROUTES, ""]), self.early()
        if not route_id:
            self.tell(e.RoutesSequenced(routes=(), unassigned=(stop_id,)), at)
            return
        sequence = e.RouteSequence(route_id=route_id, version=1, stops=(stop_id, "s1"))
        self.tell(e.RoutesSequenced(routes=(sequence,)), at, route_id=route_id)

    def _visited(self, stop_id: str) -> None:
        chance, done = self.chance, self.at()
        came = done - timedelta(minutes=chance.randint(0, 20))
        subject: dict[str, str] = {"stop_id": stop_id, "carrier_id": chance.choice(_CARRIERS)}
        subject["route_id"] = chance.choice([*_ROUTES, ""])
        subject["vehicle_id"] = chance.choice([*_VEHICLES, ""])
        if chance.random() < 0.5:
            self.tell(e.StopEnRoute(), came - timedelta(minutes=9), **subject)
        for _ in range(chance.choice([0, 1, 1, 2])):
            self.tell(e.StopArrived(), came + timedelta(seconds=chance.randint(0, 99)), **subject)
        [body] = chance.choices(_TRIED, _ODDS)
        reason = chance.choice(list(AttemptReason))
        more: dict[str, Any] = {"reason": reason} if body is e.StopAttempted else {}
        self.tell(body(**more), done, **subject)
        if chance.random() < 0.2:
            self.tell(body(**more), done + timedelta(minutes=chance.randint(0, 3)), **subject)
        for _ in range(chance.randint(0, 4)):
            self._predicted(stop_id, came)

    def _predicted(self, stop_id: str, came: datetime) -> None:
        chance = self.chance
        ahead = timedelta(minutes=chance.choice([10, 15, 25, 30, 47, 60, 75, 80, 120, 139, 300]))
        off = chance.randint(-2_400, 2_400)
        row = PredictedArrival(
            stop_id=stop_id,
            in_s=round(ahead.total_seconds()) + off,
            early_s=chance.choice([60, 1_200]),
            late_s=chance.choice([60, 1_200]),
            travel_s=300,
        )
        other = PredictedArrival(stop_id="s4", in_s=999, early_s=9, late_s=9, travel_s=9)
        body = e.ArrivalsPredicted(model="schedule", rows=(row, other))
        self.tell(body, came - ahead, route_id=chance.choice(_ROUTES))

    def _heard(self, stop_id: str) -> None:
        chance = self.chance
        if chance.random() < 0.5:
            self.tell(e.ReturnClosed(), self.at(), stop_id=stop_id)
        for _ in range(chance.randint(0, 2)):
            claim = chance.choice(["k1", "k2"]) + stop_id
            kind = chance.choice(list(ClaimKind))
            self.tell(e.ClaimFiled(claim_id=claim, kind=kind), self.at(), stop_id=stop_id)
            if chance.random() < 0.5:
                outcome = ClaimOutcome.UPHELD
                self.tell(
                    e.ClaimSettled(claim_id=claim, outcome=outcome), self.at(), stop_id=stop_id
                )
        for _ in range(chance.randint(0, 2)):
            survey = chance.choice(["q1", "q2"]) + stop_id
            csat = chance.choice([None, 1, 5])
            nps = chance.choice([None, 0, 6, 7, 9])
            body = e.SurveyAnswered(survey_id=survey, csat=csat, nps=nps)
            self.tell(body, self.at(), stop_id=stop_id)
        for _ in range(chance.randint(0, 2)):
            topic = chance.choice(["wismo", "other"])
            contact = e.CustomerContacted(topic=topic, inbound=chance.random() < 0.8)
            where = chance.choice([stop_id, ""])
            self.tell(contact, self.at(), stop_id=where, carrier_id="c2")

    def _ran(self, route_id: str) -> None:
        chance = self.chance
        for _ in range(chance.choice([0, 1, 1, 2])):
            plan = RoutePlan(
                id=route_id,
                name=route_id,
                carrier_id=chance.choice(_CARRIERS),
                depot_id="d1",
                vehicle_id=chance.choice([*_VEHICLES, ""]),
                driver_id=chance.choice(["", "anna"]),
                driver_name=chance.choice(["", "Anna"]),
                starts_at=chance.choice([None, self.at()]),
            )
            self.tell(e.RoutePlanned(plan=plan), self.early(), route_id=route_id)
        for body in (e.RouteStarted(), e.RouteFinished()):
            for _ in range(chance.choice([0, 1, 2, 3])):
                self.tell(body, self.at(), route_id=route_id, carrier_id="c1")
        for _ in range(chance.choice([0, 1, 2])):
            fuel = chance.choice([None, 7.5])
            measured = e.RouteMeasured(driven_m=chance.uniform(1e3, 1e5), fuel_l=fuel)
            finished = [o.at for o in self.events if isinstance(o.body, e.RouteFinished)]
            self.tell(measured, chance.choice([self.at(), *finished[-2:]]), route_id=route_id)

    def _went_wrong(self, exception_id: str) -> None:
        chance, at = self.chance, self.at()
        for _ in range(chance.choice([1, 1, 2])):
            subject = Subject(
                stop_id=chance.choice([*_STOPS, ""]),
                vehicle_id=chance.choice([*_VEHICLES, ""]),
                carrier_id=chance.choice([*_CARRIERS, ""]),
            )
            finding = Finding(
                kind=chance.choice([ExceptionKind.LATE, ExceptionKind.NO_SIGNAL]),
                severity=Severity.MAJOR,
                subject=subject,
                headline="",
                sla_due_at=chance.choice([None, at + timedelta(minutes=15)]),
            )
            self.tell(e.ExceptionRaised(finding=finding), at, exception_id=exception_id)
            at += timedelta(minutes=chance.randint(0, 9))
        states = [ExceptionState.CLAIMED, ExceptionState.RESOLVED, ExceptionState.OPEN]
        for version in range(2, 2 + chance.randint(0, 3)):
            at += timedelta(minutes=chance.randint(-2, 20))
            body = e.ExceptionWorked(state=chance.choice(states), version=version)
            self.tell(body, at, exception_id=exception_id)

    def _wrote(self, message_id: str) -> None:
        chance, at = self.chance, self.at()
        plan = MessagePlan(stop_id=chance.choice(_STOPS), reaches=(), words="")
        self.tell(e.MessageQueued(plan=plan), at, message_id=message_id, stop_id=plan.stop_id)
        for number in range(1, chance.randint(1, 4)):
            at += timedelta(minutes=1)
            attempt = Attempt(
                number=number,
                channel=chance.choice([Channel.SMS, Channel.EMAIL]),
                address="",
                provider="",
                state=chance.choice(
                    [MessageState.SENT, MessageState.FAILED, MessageState.DELIVERED]
                ),
                at=at,
            )
            subject = {"message_id": message_id, "stop_id": plan.stop_id}
            self.tell(e.MessageProgressed(attempt=attempt), at, **subject)
        if chance.random() < 0.5:
            reply = e.ReplyReceived(
                reply_id=message_id, channel=Channel.SMS, address="", words="", answers=message_id
            )
            self.tell(reply, self.at(), stop_id=plan.stop_id)

    def _measured(self) -> None:
        for _ in range(self.chance.randint(0, 3)):
            at = self.at()
            body = e.CarrierMeasured(
                since=at - timedelta(minutes=15),
                vehicles=2,
                vehicle_s=self.chance.uniform(0, 1_800),
                fixes=self.chance.randint(0, 99),
                lag_s=self.chance.uniform(0, 99),
                messages=9,
                refused=self.chance.randint(0, 9),
                silent_s=0.0,
            )
            self.tell(body, at, carrier_id=self.chance.choice(_CARRIERS))


def slices(events: Sequence[Event], seed: int, most: int = 30) -> list[Sequence[Event]]:
    """The events in order, cut at up to so many random places."""
    chance = random.Random(seed)
    count = chance.choice([0, 1, 3, 8, most])
    cuts = sorted({0, len(events), *(chance.randrange(1, len(events)) for _ in range(count))})
    return [events[begin:end] for begin, end in pairwise(cuts)]
