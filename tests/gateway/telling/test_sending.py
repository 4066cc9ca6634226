"""Messages in a whole gateway: queued by a command, sent, told, fallen back, decided about."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway.telling.channels import Provider, accounts_of
from tests.gateway.telling.customers import (
    PHONES,
    command,
    messages_to,
    send,
    told_shift,
    until_state,
    wish,
)
from tower.domain.messages import Message
from tower.domain.state import State
from tower.domain.words import Channel, MessageState
from tower.gateway.telling import outbox
from tower.outreach.policy import gate
from tower.outreach.port import Assurance, NotTaken, Taken, Unsure

Start = Callable[..., contextlib.AbstractContextManager[RunningGateway]]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start a gateway over accounts with these providers; again on the same journal."""

    @contextlib.contextmanager
    def started(**providers: Provider) -> Iterator[RunningGateway]:
        accounts = accounts_of(**providers)
        with running_gateway(tmp_path / "data", shift=told_shift(), accounts=accounts) as running:
            yield running

    return started


def test_a_message_goes_out_once_and_says_so(start: Start) -> None:
    sms = Provider(Assurance.KEY)
    with start(sms=sms) as gateway, gateway.client() as http:
        answer = send(http, wish("S2")).json()
        message = until_state(gateway, "S2", MessageState.SENT)
    assert answer["messages"] == [message.id]
    assert answer["barred"] == []
    [sent] = sms.sent
    assert sent.to == PHONES["S2"]
    assert sent.text.startswith("Your parcel comes later today.")
    assert message.last is not None
    assert message.last.provider == "sms"
    assert message.last.provider_ref == "ref-1"
    assert sms.closed


def test_the_same_command_again_sends_nothing_more(start: Start) -> None:
    sms = Provider()
    body = {"type": "send_messages", "messages": [wish("S2")]}
    with start(sms=sms) as gateway, gateway.client() as http:
        answers = [
            http.post("/v1/commands", json=body, headers={"Idempotency-Key": "one"})
            for _ in range(3)
        ]
        until_state(gateway, "S2", MessageState.SENT)
    assert len({answer.text for answer in answers}) == 1
    assert len(sms.sent) == 1


def test_what_fails_for_good_goes_by_the_next_channel(start: Start) -> None:
    sms = Provider(answers=[NotTaken("no such number")])
    mail = Provider(carries=[Channel.EMAIL])
    with start(sms=sms, mail=mail) as gateway, gateway.client() as http:
        send(http, wish("S2"))
        message = until_state(gateway, "S2", MessageState.SENT)
    tried = [(one.channel, one.state, one.why) for one in message.attempts]
    assert tried == [
        (Channel.SMS, MessageState.FAILED, "no such number"),
        (Channel.EMAIL, MessageState.SENT, ""),
    ]
    assert mail.sent[0].to == "customer2@example.org"


def test_a_provider_without_time_is_asked_again(start: Start) -> None:
    sms = Provider(answers=[NotTaken("busy", again=True), NotTaken("busy", again=True)])
    with start(sms=sms) as gateway, gateway.client() as http:
        send(http, wish("S2", channel="sms"))
        message = until_state(gateway, "S2", MessageState.SENT)
    assert [one.state for one in message.attempts] == ["failed", "failed", "sent"]
    assert len({sent.key for sent in sms.sent}) == 3
    assert sms.got == {PHONES["S2"]: 1}


def test_what_nobody_knows_is_repeated_only_with_a_key(start: Start) -> None:
    sms = Provider(Assurance.KEY, [Unsure("no answer"), Unsure("no answer")])
    with start(sms=sms) as gateway, gateway.client() as http:
        send(http, wish("S2"))
        message = until_state(gateway, "S2", MessageState.SENT)
    assert len(message.attempts) == 1
    assert len({sent.key for sent in sms.sent}) == 1
    assert len(sms.sent) == 3


def test_what_nobody_knows_waits_for_a_person_without_one(start: Start) -> None:
    sms = Provider(Assurance.NONE, [Unsure("no answer")])
    with start(sms=sms) as gateway, gateway.client() as http:
        send(http, wish("S2", channel="sms"))
        message = until_state(gateway, "S2", MessageState.UNKNOWN)
        again = command(
            http, type="settle_message", message_id=message.id, version=message.version, again=True
        )
        assert again.status_code == 200, again.text
        message = until_state(gateway, "S2", MessageState.SENT)
    assert len(sms.sent) == 2
    assert "Ann decided to send it again" in message.attempts[0].why


def test_what_nobody_knows_may_be_left_as_it_is(start: Start) -> None:
    sms = Provider(Assurance.NONE, [Unsure("no answer")])
    with start(sms=sms) as gateway, gateway.client() as http:
        send(http, wish("S2", channel="sms"))
        message = until_state(gateway, "S2", MessageState.UNKNOWN)
        body = {"type": "settle_message", "message_id": message.id, "again": False}
        stale = command(http, **body, version=message.version - 1)
        left = command(http, **body, version=message.version)
        twice = command(http, **body, version=message.version + 1)
        message = until_state(gateway, "S2", MessageState.CANCELLED)
    assert stale.status_code == 409
    assert stale.json()["fresh"]["id"] == message.id
    assert left.status_code == 200
    assert twice.status_code == 422
    assert message.cancelled == "Ann left it as it is."
    assert len(sms.sent) == 1


def test_a_gateway_that_ended_in_the_middle_finds_out_what_became_of_it(start: Start) -> None:
    lost = Provider(Assurance.NONE, [Unsure("no answer")])
    with start(sms=lost) as gateway, gateway.client() as http:
        send(http, wish("S2", channel="sms"))
        until_state(gateway, "S2", MessageState.UNKNOWN)
    reliable = Provider(Assurance.KEY)
    with start(sms=reliable) as gateway:
        message = until_state(gateway, "S2", MessageState.SENT)
    assert [one.key for one in reliable.sent] == [lost.sent[0].key]
    assert len(message.attempts) == 1


def test_nothing_more_is_said_once_the_stop_is_served(start: Start) -> None:
    sms = Provider(answers=[NotTaken("busy", again=True)])
    with start(sms=sms) as gateway, gateway.client() as http:
        send(http, wish("S2", channel="sms"))
        gateway.until(lambda: sms.sent or None)
        report = {"type": "stop", "stop": "S2", "status": "delivered", "at": "2026-11-20T12:00:01Z"}
        headers = {"X-Tower-Carrier": "own"}
        assert http.post("/v1/ingest/driver_app", json=[report], headers=headers).is_success
        message = until_state(gateway, "S2", MessageState.CANCELLED, MessageState.SENT)
    assert message.state is MessageState.CANCELLED
    assert len(sms.sent) == 1


def test_whom_the_policy_forbids_to_tell_is_left_out_and_said(start: Start) -> None:
    sms = Provider()
    with start(sms=sms) as gateway, gateway.client() as http:
        stop = command(http, type="set_consent", address=PHONES["S3"], allowed=False)
        assert stop.status_code == 200
        answer = send(http, wish("S2", channel="sms"), wish("S3", channel="sms")).json()
        nothing = send(http, wish("S3", channel="sms"))
        until_state(gateway, "S2", MessageState.SENT)
    assert [one["stop_id"] for one in answer["barred"]] == ["S3"]
    assert "does not want messages" in answer["barred"][0]["why"]
    assert nothing.status_code == 422
    assert "does not want messages" in nothing.json()["message"]
    assert [sent.to for sent in sms.sent] == [PHONES["S2"]]


def test_who_opts_out_while_a_message_waits_does_not_get_it(start: Start) -> None:
    sms = Provider(answers=[NotTaken("busy", again=True)] * 2)
    with start(sms=sms) as gateway, gateway.client() as http:
        send(http, wish("S2", channel="sms"))
        gateway.until(lambda: sms.sent or None)
        command(http, type="set_consent", address=PHONES["S2"], allowed=False)
        message = until_state(gateway, "S2", MessageState.CANCELLED)
    assert "does not want messages" in message.cancelled
    assert sms.got.total() == 0


def test_what_no_account_carries_is_not_promised(start: Start) -> None:
    with start(mail=Provider(carries=[Channel.EMAIL])) as gateway, gateway.client() as http:
        refused = send(http, wish("S2", channel="sms"))
        send(http, wish("S3"))
        message = until_state(gateway, "S3", MessageState.SENT)
    assert refused.status_code == 422
    assert "no account that carries SMS" in refused.json()["message"]
    assert [one.channel for one in message.attempts] == [Channel.EMAIL]


def test_a_message_that_waits_may_be_cancelled(start: Start) -> None:
    with start(sms=Provider()) as gateway, gateway.client() as http:
        with gateway.client("sue") as supervisor:
            policy = {"quiet_from": "00:00", "quiet_until": "23:00"}
            command(supervisor, type="set_outreach_policy", version=0, policy=policy)
        answer = send(http, wish("S2", channel="sms"))
        if answer.status_code == 200:
            [message] = messages_to(gateway, "S2")
            command(http, type="cancel_message", message_id=message.id, version=message.version)
            message = until_state(gateway, "S2", MessageState.CANCELLED)
            assert message.cancelled == "Ann cancelled it."
            assert message.attempts == ()


def test_without_accounts_messages_are_kept_and_marked_as_not_sent(tmp_path: Path) -> None:
    with (
        running_gateway(tmp_path / "data", shift=told_shift()) as gateway,
        gateway.client() as http,
    ):
        send(http, wish("S2"))
        message = until_state(gateway, "S2", MessageState.NOT_SENT)
        shown = http.get(f"/v1/messages/{message.id}/rendering").json()
    assert shown["sends"] is False
    assert shown["outgoing"]["text"].startswith("Your parcel comes later today.")


def test_a_provider_is_not_asked_for_more_at_once_than_it_bears(start: Start) -> None:
    sms = Provider(answers=[Taken(ref="")] * 10)
    with start(sms=sms) as gateway, gateway.client() as http:
        send(http, *(wish(stop_id, channel="sms") for stop_id in list(PHONES)[1:]))
        for stop_id in list(PHONES)[1:]:
            until_state(gateway, stop_id, MessageState.SENT)
    assert sms.most_at_once <= 4
    assert all(times == 1 for times in sms.got.values())
    assert len(sms.got) == 7


def test_what_is_on_its_way_when_the_gateway_ends_is_not_left_in_doubt(start: Start) -> None:
    sms = Provider(Assurance.NONE)
    with start(sms=sms) as gateway, gateway.client() as http:
        sms.held = held = asyncio.Event()
        send(http, wish("S2", channel="sms"))
        gateway.until(lambda: sms.sent or None)
        # The provider answers while the gateway is ending.
        gateway.loop.call_soon_threadsafe(gateway.loop.call_later, 0.3, held.set)
    with start(sms=Provider()) as gateway:
        [message] = messages_to(gateway, "S2")
    assert message.state is MessageState.SENT
    assert len(message.attempts) == 1


def test_only_a_supervisor_says_when_customers_may_be_written_to(start: Start) -> None:
    policy = {"quiet_from": "00:00", "quiet_until": "00:00", "daily_most": 1}
    with start(sms=Provider()) as gateway, gateway.client() as http:
        rule = {"type": "set_outreach_policy", "policy": policy}
        refused = command(http, **rule, version=0)
        with gateway.client("sue") as supervisor:
            done = command(supervisor, **rule, version=0)
            stale = command(supervisor, **rule, version=0)
        assert gateway.state.policy.daily_most == 1
    assert refused.status_code == 422
    assert "supervisor" in refused.json()["message"]
    assert done.status_code == 200
    assert stale.status_code == 409
    assert stale.json()["fresh"]["policy"]["daily_most"] == 1


def test_a_preview_shows_what_will_be_said_and_what_will_not(start: Start) -> None:
    mail = Provider(carries=[Channel.EMAIL])
    with start(sms=Provider(), mail=mail) as gateway, gateway.client() as http:
        command(http, type="set_consent", address=PHONES["S3"], allowed=False)
        wishes = [wish("S2"), wish("S3", channel="sms"), wish("S4", channel="email")]
        shown = http.post("/v1/outreach/previews", json={"messages": wishes}).json()
        sent = send(http, wishes[0]).json()
        until_state(gateway, "S2", MessageState.SENT)
        rendering = http.get(f"/v1/messages/{sent['messages'][0]}/rendering").json()
    one, two, three = shown["previews"]
    assert (one["verdict"], one["channel"], one["address"]) == ("allowed", "sms", PHONES["S2"])
    assert one["words"] == rendering["outgoing"]["text"]
    assert (two["verdict"], two["channel"]) == ("barred", None)
    assert "does not want messages" in two["why"]
    assert three["html"].lstrip().startswith("<")
    assert shown["cost"] == pytest.approx(sum(each["cost"] for each in shown["previews"]))
    assert (rendering["account"], rendering["sends"]) == ("sms", True)


def test_a_message_nobody_can_decide_about_keeps_no_other_waiting(
    start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def faulty(state: State, message: Message, *rest: Any, **more: Any) -> object:  # noqa: ANN401
        assert message.plan is not None
        if message.plan.stop_id == "S3":
            raise RuntimeError("a fault of ours")
        return gate(state, message, *rest, **more)

    monkeypatch.setattr(outbox, "gate", faulty)
    sms = Provider()
    with start(sms=sms) as gateway, gateway.client() as http:
        send(http, wish("S3", channel="sms"), wish("S2", channel="sms"))
        until_state(gateway, "S2", MessageState.SENT)
        assert messages_to(gateway, "S3")[0].state is MessageState.QUEUED
    assert [sent.to for sent in sms.sent] == [PHONES["S2"]]
    assert "put aside" in caplog.text
