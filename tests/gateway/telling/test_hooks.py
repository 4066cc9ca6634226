"""What providers tell by themselves: receipts and replies, true, repeated, forged, unreadable."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.gateway.running import PATIENCE_S, RunningGateway, running_gateway
from tests.gateway.shift import GATE, NOON
from tests.gateway.telling.channels import UNREADABLE, Provider, accounts_of
from tests.gateway.telling.customers import (
    PHONES,
    command,
    messages_to,
    send,
    told_shift,
    until_state,
    wish,
)
from tower.domain.events import ConsentSet, MessageProgressed, ReplyReceived
from tower.domain.messages import Message
from tower.domain.words import Channel, Intent, MessageState
from tower.outreach.port import Heard, Incoming, NotTaken, Receipt, Taken

STATE = MessageState


class Told(NamedTuple):
    """A gateway whose provider tells it things."""

    gateway: RunningGateway
    http: httpx.Client
    sms: Provider
    mail: Provider

    def hear(self, *said: Receipt | Incoming, **headers: str) -> httpx.Response:
        """Have the provider of the text messages tell this."""
        self.sms.heard = Heard(
            receipts=tuple(one for one in said if isinstance(one, Receipt)),
            incoming=tuple(one for one in said if isinstance(one, Incoming)),
        )
        return self.post(**headers)

    def post(self, **headers: str) -> httpx.Response:
        """Have the provider send whatever it is to be heard as."""
        return self.http.post("/v1/channels/sms/hook", content=b"told", headers=headers)

    def sent(self, stop_id: str = "S2", **more: str) -> Message:
        """A message that was sent to the customer of a stop."""
        answer = send(self.http, wish(stop_id, **more))
        assert answer.status_code == 200, answer.text
        return until_state(self.gateway, stop_id, STATE.SENT)

    def refused(self) -> list[str]:
        """Why what the provider told could not be used."""
        self.gateway.journal.flush()
        kept = self.http.get("/v1/refused?carrier=channel:sms").json()
        return [one["reason"] for one in kept]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    """A gateway with an account for text messages and one for e-mail."""
    sms, mail = Provider(), Provider(carries=[Channel.EMAIL])
    accounts = accounts_of(sms=sms, mail=mail)
    with (
        running_gateway(tmp_path / "data", shift=told_shift(), accounts=accounts) as gateway,
        gateway.client() as http,
    ):
        yield Told(gateway, http, sms, mail)


def key_of(message: Message) -> str:
    """The key of its first attempt."""
    return f"{message.id}-1"


def progresses(told: Told) -> list[MessageState]:
    """Every step of a message in the journal."""
    events = told.gateway.journal.read(0, 1_000)
    return [one.body.attempt.state for one in events if isinstance(one.body, MessageProgressed)]


def reply(text: str, ref: str = "in-1", stop_id: str = "S2", answers: str = "") -> Incoming:
    """What the customer of a stop writes."""
    sender = PHONES.get(stop_id, stop_id)
    return Incoming(ref=ref, medium=Channel.SMS, sender=sender, text=text, answers=answers)


def test_receipts_tell_how_far_a_message_came(told: Told) -> None:
    message = told.sent()
    assert told.hear(Receipt(state=STATE.DELIVERED, key=key_of(message))).status_code == 204
    assert messages_to(told.gateway, "S2")[0].state is STATE.DELIVERED
    told.hear(Receipt(state=STATE.READ, ref="ref-1"))
    assert messages_to(told.gateway, "S2")[0].state is STATE.READ


def test_late_and_repeated_receipts_change_nothing(told: Told) -> None:
    message = told.sent()
    read = Receipt(state=STATE.READ, key=key_of(message), at=NOON + timedelta(seconds=30))
    for receipt in (read, read, Receipt(state=STATE.DELIVERED, key=key_of(message)), read):
        told.hear(receipt)
    assert messages_to(told.gateway, "S2")[0].state is STATE.READ
    assert progresses(told) == [STATE.SENDING, STATE.SENT, STATE.READ]
    assert told.refused() == []


def test_a_message_that_was_not_delivered_goes_by_the_next_channel(told: Told) -> None:
    message = told.sent()
    told.hear(Receipt(state=STATE.FAILED, key=key_of(message), why="phone is off"))
    told.gateway.until(lambda: told.mail.sent or None)
    message = until_state(told.gateway, "S2", STATE.SENT)
    assert [one.why for one in message.attempts] == ["phone is off", ""]


def test_a_receipt_settles_what_nobody_knew(told: Told) -> None:
    told.sms.answers.append(NotTaken("busy", again=True))
    message = told.sent(channel="sms")
    second = f"{message.id}-2"
    told.hear(Receipt(state=STATE.DELIVERED, key=second))
    assert [one.state for one in messages_to(told.gateway, "S2")[0].attempts] == [
        STATE.FAILED,
        STATE.DELIVERED,
    ]


def test_a_receipt_may_be_quicker_than_the_answer(told: Told) -> None:
    """The provider tells its own id only, while its answer with that id is still on its way."""
    told.sms.held = held = asyncio.Event()
    told.sms.answers.append(Taken(ref="quick"))
    send(told.http, wish("S2"))
    told.gateway.until(lambda: told.sms.sent or None)
    early = Receipt(state=STATE.DELIVERED, ref="quick")
    telling = threading.Thread(target=told.hear, args=(early,))
    telling.start()
    told.gateway.until(lambda: told.sms.times_heard or None)
    told.gateway.loop.call_soon_threadsafe(held.set)
    telling.join(PATIENCE_S)
    until_state(told.gateway, "S2", STATE.DELIVERED)
    assert told.refused() == []


def test_an_account_speaks_of_its_own_messages_only(told: Told) -> None:
    told.sms.answers.append(NotTaken("no such number"))
    message = told.sent()
    assert message.attempts[1].provider == "mail"
    told.hear(Receipt(state=STATE.READ, key=f"{message.id}-2"))
    assert messages_to(told.gateway, "S2")[0].state is STATE.SENT
    assert "did not send" in told.refused()[0]


@pytest.mark.parametrize(
    "receipt",
    [
        Receipt(state=STATE.DELIVERED, key="nothing-1"),
        Receipt(state=STATE.DELIVERED, key="-"),
        Receipt(state=STATE.DELIVERED, key="9" * 5_000 + "-" + "9" * 5_000),
        Receipt(state=STATE.DELIVERED, ref="never-given"),
        Receipt(state=STATE.CANCELLED, key="nothing-1"),
    ],
)
def test_receipts_about_nothing_are_kept_as_refused(told: Told, receipt: Receipt) -> None:
    assert told.hear(receipt).status_code == 204
    [reason] = told.refused()
    assert len(reason) < 300


def test_a_reply_lands_in_its_conversation_once(told: Told) -> None:
    message = told.sent(exception_id=GATE)
    for _ in range(3):
        told.hear(reply("Der Code ist 4417#", answers=key_of(message)))
    [kept] = told.gateway.state.replies.values()
    assert (kept.stop_id, kept.exception_id, kept.message_id) == ("S2", GATE, message.id)
    assert kept.provider == "sms"
    assert [(one.intent, one.value) for one in kept.intents] == [(Intent.GATE_CODE, "4417#")]
    assert told.gateway.state.stops["S2"].changes.access_code is None


def test_several_replies_in_one_request_are_all_taken_in(told: Told) -> None:
    told.hear(*(reply(f"Word {number}", f"in-{number}", f"S{number}") for number in (2, 3, 4)))
    assert sorted(one.stop_id for one in told.gateway.state.replies.values()) == ["S2", "S3", "S4"]


def test_whoever_says_stop_is_not_written_to_from_then_on(told: Told) -> None:
    told.sent(channel="sms")
    told.hear(reply("STOP"))
    assert told.gateway.state.consents[PHONES["S2"]].allowed is False
    refused = send(told.http, wish("S2", "Something else.", channel="sms"))
    assert refused.status_code == 422
    assert len(told.sms.sent) == 1
    told.hear(reply("START", "in-2"))
    assert told.gateway.state.consents[PHONES["S2"]].allowed is True
    told.gateway.until(lambda: len(told.sms.sent) == 2 or None)
    assert "write to you again" in told.sms.sent[1].text


def test_stop_is_obeyed_though_the_network_leaves_out_the_plus(told: Told) -> None:
    told.sent(channel="sms")
    told.hear(reply("STOP", stop_id="447700900002"))
    assert told.gateway.state.consents[PHONES["S2"]].allowed is False
    assert send(told.http, wish("S2", "Something else.", channel="sms")).status_code == 422


def test_an_unknown_sender_is_kept_and_seen(told: Told) -> None:
    told.hear(reply("Who is this?", stop_id="+447700900999"))
    [kept] = told.gateway.state.replies.values()
    assert kept.stop_id == ""
    assert kept.address == "+447700900999"
    seen = command(told.http, type="see_replies", replies=[kept.id])
    assert seen.status_code == 200
    assert told.gateway.state.seen[kept.id].by == "Ann"
    again = command(told.http, type="see_replies", replies=[kept.id])
    assert again.status_code == 200
    done = command(told.http, type="see_replies", replies=[kept.id], deed="Called back")
    assert done.status_code == 200
    assert told.gateway.state.seen[kept.id].deed == "Called back"
    assert command(told.http, type="see_replies", replies=["none"]).status_code == 422


def test_ten_thousand_letters_are_kept_short(told: Told) -> None:
    told.hear(reply("\u202e<b>hä?</b>" * 1_000))
    [kept] = told.gateway.state.replies.values()
    assert len(kept.words) == 4_000
    assert kept.intents == ()


def test_letters_that_are_none_do_no_harm(told: Told) -> None:
    told.hear(reply("x\ud800\x00y", "in-\ud800"))
    told.hear(Receipt(state=STATE.DELIVERED, key="\ud800-1", ref="\udfff", why="\ud800"))
    [kept] = told.gateway.state.replies.values()
    assert kept.words == "x? y"
    message = told.sent("S3")
    told.hear(Receipt(state=STATE.FAILED, key=key_of(message), why="\ud800 off"))
    told.gateway.until(lambda: told.mail.sent or None)
    assert messages_to(told.gateway, "S3")[0].attempts[0].why == "? off"


def test_a_forged_request_is_turned_away_and_counted(told: Told) -> None:
    answer = told.hear(reply("STOP"), **{"x-forged": "yes"})
    assert answer.status_code == 403
    assert told.gateway.state.replies == {}
    accounts = {one["name"]: one for one in told.http.get("/v1/outreach/accounts").json()}
    assert accounts["sms"]["forged"] == 1
    assert accounts["mail"]["forged"] == 0


def test_what_cannot_be_understood_is_kept_with_its_reason(told: Told) -> None:
    told.sms.heard = UNREADABLE
    assert told.post().status_code == 204
    told.sms.heard = RuntimeError("the plugin has a fault")
    assert told.post().status_code == 204
    told.sms.heard = Heard(refusals=("a status nobody knows",))
    assert told.post().status_code == 204
    assert told.refused() == [
        "there is no message in it",
        "The plugin failed on it: the plugin has a fault",
        "a status nobody knows",
    ]


def test_a_provider_gets_the_answer_it_wants_to_read(told: Told) -> None:
    told.sms.heard = Heard(answer=b"<Response/>", media="text/xml")
    answer = told.http.get("/v1/channels/sms/hook/below?challenge=1&challenge=2")
    assert answer.text == "<Response/>"
    assert answer.headers["content-type"].startswith("text/xml")


def test_there_is_no_hook_for_an_account_nobody_has(told: Told) -> None:
    assert told.http.post("/v1/channels/other/hook", content=b"").status_code == 404


def test_a_request_may_not_be_endless(told: Told) -> None:
    too_long = b"x" * (1024 * 1024 + 1)
    assert told.http.post("/v1/channels/sms/hook", content=too_long).status_code == 413


def test_the_local_outbox_hears_this_machine_only(tmp_path: Path) -> None:
    said = {"replies": [{"id": "1", "from": PHONES["S2"], "text": "Hello"}]}
    with (
        running_gateway(tmp_path / "data", shift=told_shift()) as gateway,
        gateway.client("") as http,
    ):
        passed_on, of_a_page = (
            http.post("/v1/channels/outbox/hook", json=said, headers={name: value})
            for name, value in (
                ("X-Forwarded-For", "192.0.2.1"),
                ("Origin", "https://shop.example"),
            )
        )
        near = http.post("/v1/channels/outbox/hook", json=said)
        words = [one.words for one in gateway.state.replies.values()]
    assert passed_on.status_code == 403
    assert of_a_page.status_code == 403
    assert near.status_code == 204
    assert words == ["Hello"]


def test_reply_and_consent_are_recorded_together(told: Told) -> None:
    told.hear(reply("Stop."))
    events = told.gateway.journal.read(0, 1_000)
    kinds = [type(one.body) for one in events if one.actor.kind == "customer"]
    assert kinds == [ReplyReceived, ConsentSet]
