"""What is read from customers' replies: nothing wrong ever, nearly everything that is plain."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tower.domain.messages import MessagePlan, Reach, Recognised
from tower.domain.words import Channel, Intent
from tower.outreach.intents import recognise
from tower.outreach.intents.text import folded
from tower.outreach.offers import offered, understood
from tower.outreach.templates import Templates

TEMPLATES = Templates.load()
CORPUS = tomllib.loads(Path(__file__).with_name("replies.toml").read_text(encoding="utf-8"))
REPLIES = [(language, one) for language, said in CORPUS.items() for one in said["replies"]]
WAYS = (Reach(channel=Channel.SMS, address="+41791234567"),)


def answered(template: str, **options: str) -> MessagePlan:
    return MessagePlan(stop_id="s", template=template, reaches=WAYS, words="", options=options)


def meaning(reply: dict[str, Any]) -> set[str]:
    plan = answered(reply["to"]) if "to" in reply else None
    found = understood(reply["words"], plan, TEMPLATES)
    return {f"{one.intent} {one.value}".strip() for one in found}


def wrong() -> list[str]:
    return [
        f"{reply['words']}: {', '.join(sorted(more))}"
        for _, reply in REPLIES
        if (more := meaning(reply) - set(reply["means"]))
    ]


def test_the_corpus_speaks_six_languages_and_much_of_it_means_nothing() -> None:
    assert len(REPLIES) >= 150
    assert all(len(said["replies"]) >= 35 for said in CORPUS.values())
    assert sum(not reply["means"] for _, reply in REPLIES) > len(REPLIES) / 3


def test_nothing_is_read_from_a_reply_that_it_does_not_say() -> None:
    assert wrong() == []


def test_most_of_what_is_plainly_said_is_read(record_property: Any) -> None:  # noqa: ANN401
    said = [(reply, word) for _, reply in REPLIES for word in reply["means"]]
    missed = [f"{reply['words']}: {word}" for reply, word in said if word not in meaning(reply)]
    recall = 1 - len(missed) / len(said)
    record_property("recall", recall)
    assert recall >= 0.9, missed


@pytest.mark.parametrize(
    "words", ["STOP", " stop. ", "Stop!!!", "«STOP»", "\uff33\uff34\uff2f\uff30", "Stopp"]
)
def test_stop_is_stop_however_it_is_typed(words: str) -> None:
    assert [one.intent for one in recognise(words)] == [Intent.STOP]


@given(st.text(min_size=1, max_size=30))
def test_stop_with_anything_else_said_is_none(more: str) -> None:
    if any(letter.isalnum() for letter in more):
        found = recognise(f"stop am Tor {more}")
        assert Intent.STOP not in [one.intent for one in found]


def test_a_number_names_the_slot_that_was_offered() -> None:
    slots = "2026-11-27T09:00Z/2026-11-27T11:00Z 2026-11-28T09:00Z/2026-11-28T11:00Z"
    (chosen,) = understood("2", answered("new_slot", slots=slots), TEMPLATES)
    assert chosen.intent is Intent.RESCHEDULE
    assert chosen.value == "2026-11-28T09:00Z/2026-11-28T11:00Z"


def test_a_number_takes_the_pickup_point_that_was_offered() -> None:
    (chosen,) = understood("1", answered("pickup_point", point="kiosk"), TEMPLATES)
    assert (chosen.intent, chosen.value) == (Intent.PICKUP_POINT, "kiosk")


def test_a_message_without_numbers_offers_none() -> None:
    assert offered(answered("gate_code"), TEMPLATES) == ()
    assert offered(answered("unknown"), TEMPLATES) == ()
    assert offered(None, TEMPLATES) == ()


def test_the_quote_is_the_customers_own_words() -> None:
    (found,) = recognise("Hallo! CÓDIGO del portón: 4417#, gracias")
    assert found == Recognised(
        intent=Intent.GATE_CODE, value="4417#", quote="CÓDIGO del portón: 4417#"
    )


@given(st.text(max_size=400))
def test_any_text_is_read_without_trouble_and_quoted_from(words: str) -> None:
    for one in recognise(words, offered(answered("delay_notice"), TEMPLATES)):
        assert one.quote


@given(st.text(max_size=100))
def test_folding_keeps_every_letter_in_its_place(words: str) -> None:
    assert len(folded(words)) == len(words)


@pytest.mark.parametrize("word", ["bitte ", "in der garage ", "code 44", "ok, ", "en do de la "])
def test_no_reply_keeps_the_gateway_busy(word: str) -> None:
    nearly_one_thing = f"{word * 40}"[:150] + " qq qq"
    assert recognise(nearly_one_thing) == ()  # milliseconds; backtracking would never end
    assert len(recognise(word * 400)) <= 3
