"""The room's work over HTTP: every command and its events in the form the documents promise."""

import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import jsonschema
import msgspec
import pytest

from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway.shift import GATE, NOON
from tower.domain import commands as c
from tower.domain.records import StopChanges
from tower.domain.reporting import Reporting, Target
from tower.domain.rulebook import OutreachPolicy, Playbook, PlaybookStep, Threshold
from tower.domain.words import (
    Awaited,
    ClaimKind,
    ClaimOutcome,
    Disposition,
    ExceptionKind,
    ExceptionState,
    StepAction,
)
from tower.feed.asyncapi import asyncapi_document
from tower.gateway.answers import JsonObject
from tower.outreach.playbooks import default_playbooks

LATE = ExceptionKind.LATE
ROUNDS = 8
TARGETS = Reporting(targets=(Target(measure="on_time", value=97.0),))
STEP = PlaybookStep(title="Call the driver", action=StepAction.CALL_DRIVER)

COMMANDS: tuple[c.AnyCommand, ...] = (
    c.ClaimException(exception_id=GATE, version=0),
    c.NoteException(exception_id=GATE, words="rang twice"),
    c.ReleaseException(exception_id=GATE, version=1),
    c.AssignException(exception_id=GATE, version=2, to="ben", to_name="Ben"),
    c.SnoozeException(
        exception_id=GATE, version=3, until=NOON + timedelta(hours=1), awaits=Awaited.REPLY
    ),
    c.WakeException(exception_id=GATE, version=4),
    c.EscalateException(exception_id=GATE, version=5, reason="wants a refund"),
    c.MergeException(exception_id=GATE, version=6, into="none"),
    c.ResolveException(exception_id=GATE, version=6, disposition=Disposition.FALSE_ALARM),
    c.ReopenException(exception_id=GATE, version=7),
    c.SequenceRoutes(
        routes=(c.SequenceWish(route_id="B", version=1, stops=("S8", "S5", "S6", "S7")),)
    ),
    c.LockStops(stops=("S8",)),
    c.AmendStop(stop_id="S3", changes=StopChanges(access_code="4417#", safe_place="porch")),
    c.SetThresholds(version=0, thresholds=(Threshold(kind=LATE, name="raise_past", value=9),)),
    c.SetPlaybooks(version=1, playbooks=(Playbook(kind=LATE, steps=(STEP,)),)),
    c.SetOutreachPolicy(version=0, policy=OutreachPolicy(daily_most=3)),
    c.SendMessages(messages=(c.MessageWish(stop_id="S3", words="We are on our way."),)),
    c.SettleMessage(message_id="none", version=1, again=False),
    c.CancelMessage(message_id="none", version=1),
    c.SeeReplies(replies=("none",)),
    c.SetConsent(address="+41790000000", allowed=False, words="by telephone"),
    c.FileClaim(stop_id="S1", claim_id="C-1", kind=ClaimKind.DAMAGED, amount=20.0),
    c.SettleClaim(claim_id="C-1", outcome=ClaimOutcome.UPHELD),
    c.RecordSurvey(survey_id="Q-1", stop_id="S1", csat=4, nps=9),
    c.CloseReturn(stop_id="S1"),
    c.SetReporting(version=0, reporting=TARGETS),
    c.SendReport(schedule_id="none"),
)
"""Every command once, in an order in which most can be carried out."""

NOT_POSSIBLE = {"merge_exception", "send_messages", "settle_message", "cancel_message"}
NOT_POSSIBLE |= {"see_replies", "close_return", "send_report"}


def tag(command: c.Command) -> str:
    return str(type(command).__struct_config__.tag)


def ask(http: httpx.Client, command: c.Command, key: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": key or tag(command), "Content-Type": "application/json"}
    return http.post("/v1/commands", content=msgspec.json.encode(command), headers=headers)


@pytest.fixture
def sue(gateway: RunningGateway) -> Iterator[httpx.Client]:
    with gateway.client("sue") as http:
        yield http


@pytest.fixture
def ann(gateway: RunningGateway) -> Iterator[httpx.Client]:
    with gateway.client("ann") as http:
        yield http


def check(value: object, schema: JsonObject, document: JsonObject) -> None:
    whole = {**schema, "components": document["components"]}
    sent = msgspec.json.decode(msgspec.json.encode(value))
    jsonschema.Draft202012Validator(whole).validate(sent)


def test_every_command_is_documented_and_answered_as_documented(
    gateway: RunningGateway, sue: httpx.Client
) -> None:
    assert {type(one) for one in COMMANDS} == set(c.AnyCommand.__args__)
    document: JsonObject = sue.get("/openapi.json").json()
    described = document["paths"]["/v1/commands"]["post"]
    wanted = described["requestBody"]["content"]["application/json"]["schema"]
    refused = set()
    for command in COMMANDS:
        check(command, wanted, document)
        answer = ask(sue, command)
        promised = described["responses"][str(answer.status_code)]["content"]["application/json"]
        check(answer.json(), promised["schema"], document)
        if answer.status_code != 200:
            refused.add(tag(command))
    assert refused == NOT_POSSIBLE
    live = asyncapi_document()
    event = {"$ref": "#/components/schemas/Event"}
    for one in gateway.journal.read(0, 5_000):
        check(one, event, live)


def test_one_journal_tells_the_whole_work_on_an_exception(
    gateway: RunningGateway, sue: httpx.Client
) -> None:
    for command in COMMANDS:
        ask(sue, command)
    page = sue.get("/v1/events", params={"exception": GATE}).json()
    states = [
        one["body"].get("state", one["body"]["type"])
        for one in page["events"]
        if one["body"]["type"] != "command_refused"
    ]
    assert states == [
        "exception_raised",
        "claimed",
        "exception_noted",
        "open",
        "open",
        "snoozed",
        "open",
        "escalated",
        "resolved",
        "escalated",
    ]
    work = gateway.state.exceptions[GATE].work
    assert (work.assigned_name, work.state) == ("Ben", ExceptionState.ESCALATED)


def test_who_comes_second_gets_what_the_first_set(sue: httpx.Client) -> None:
    second = (
        c.SetThresholds(version=0, thresholds=()),
        c.SetPlaybooks(version=1, playbooks=()),
        c.SetOutreachPolicy(version=0, policy=OutreachPolicy()),
        c.SetReporting(version=0, reporting=Reporting()),
    )
    for command in COMMANDS:
        ask(sue, command)
    fresh = [ask(sue, one, f"{tag(one)} again") for one in second]
    assert [answer.status_code for answer in fresh] == [409, 409, 409, 409]
    thresholds, playbooks, policy, reporting = (answer.json()["fresh"] for answer in fresh)
    assert thresholds["thresholds"] == [{"kind": "late", "name": "raise_past", "value": 9.0}]
    assert [one["kind"] for one in playbooks["playbooks"]] == ["late"]
    assert policy["policy"]["daily_most"] == 3
    assert reporting["reporting"]["targets"] == [{"measure": "on_time", "value": 97.0}]


def test_of_three_who_want_different_things_at_once_one_gets_it(gateway: RunningGateway) -> None:
    """Each wish is possible alone; together with the others only the first is."""
    start = threading.Barrier(3)

    def ask_at_once(person: str, command: c.Command) -> httpx.Response:
        with gateway.client(person) as http:
            http.get("/v1/me")
            start.wait()
            return ask(http, command, secrets.token_hex())

    with ThreadPoolExecutor(3) as pool, gateway.client("sue") as sue:
        for _ in range(ROUNDS):
            version = gateway.state.exceptions[GATE].work.version
            soon = gateway.clock.now() + timedelta(hours=1)
            wishes = (
                c.ClaimException(exception_id=GATE, version=version),
                c.SnoozeException(exception_id=GATE, version=version, until=soon),
                c.ResolveException(exception_id=GATE, version=version),
            )
            answers = list(pool.map(ask_at_once, ("ann", "ben", "sue"), wishes))
            assert sorted(one.status_code for one in answers) == [200, 409, 409]
            work = gateway.state.exceptions[GATE].work
            assert work.version == version + 1
            lost = [one.json() for one in answers if one.status_code == 409]
            assert all(one["fresh"]["work"]["state"] == work.state for one in lost)
            _put_back(sue, work.state, version + 1)
        events = sue.get("/v1/events", params={"exception": GATE, "limit": 500}).json()["events"]
    versions = [one["body"]["version"] for one in events if "version" in one["body"]]
    assert versions == list(range(1, 2 * ROUNDS + 1))


def _put_back(http: httpx.Client, state: ExceptionState, version: int) -> None:
    """Into the queue, from wherever it is."""
    kind = {
        ExceptionState.CLAIMED: c.ReleaseException,
        ExceptionState.SNOOZED: c.WakeException,
        ExceptionState.RESOLVED: c.ReopenException,
    }[state]
    answer = ask(http, kind(exception_id=GATE, version=version), f"back {version}")
    assert answer.status_code == 200, answer.text


def test_words_of_commands_carry_no_orders_of_direction(
    gateway: RunningGateway, ann: httpx.Client
) -> None:
    note = c.NoteException(exception_id=GATE, words="rang \u202etwice\x07")
    assert ask(ann, note).status_code == 200
    (kept,) = gateway.state.notes.values()
    assert kept.words == "rang twice"


def test_a_room_starts_with_playbooks_once(tmp_path: Path) -> None:
    with running_gateway(tmp_path / "data") as first, first.client("sue") as http:
        http.get("/v1/health")
        assert first.state.room_playbooks.playbooks == default_playbooks()
        ask(http, c.SetPlaybooks(version=1, playbooks=()))
    with running_gateway(tmp_path / "data") as second, second.client("sue") as http:
        http.get("/v1/health")
        assert second.state.room_playbooks.version == 2
        assert second.state.room_playbooks.playbooks == ()


def test_tower_s_own_playbooks_could_have_been_set_by_a_supervisor(sue: httpx.Client) -> None:
    own = c.SetPlaybooks(version=1, playbooks=default_playbooks())
    answer = ask(sue, own)
    assert answer.status_code == 200, answer.text
