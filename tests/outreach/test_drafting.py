"""What a wish would send: the same for the preview and for the command."""

import pytest
from msgspec.structs import replace

from tests.outreach.scene import MAIL, ROSA, Coming, Scene, at, coming
from tower.domain.commands import MessageWish
from tower.domain.events import ArrivalPublished
from tower.domain.rulebook import Brand, OutreachPolicy
from tower.domain.words import Channel, MessageState
from tower.outreach.drafting import Drafted, draft
from tower.outreach.policy import Barred
from tower.outreach.templates import Templates

TEMPLATES = Templates.load()
LATE = coming("14:51")


def drafted(
    scene: Scene, clock: str = "14:22", arrival: Coming | None = LATE, **wish: object
) -> Drafted:
    said = wished(scene, clock, arrival, **wish)
    assert isinstance(said, Drafted), said
    return said


def wished(
    scene: Scene, clock: str = "14:22", arrival: Coming | None = LATE, **wish: object
) -> Drafted | Barred:
    wanted = MessageWish(**{"stop_id": "s", "template": "delay_notice", **wish})  # type: ignore[arg-type]
    return draft(wanted, scene.state, arrival, TEMPLATES, at(clock))


def test_the_right_words_go_to_the_customer_in_their_language() -> None:
    said = drafted(Scene())
    assert said.plan.words.startswith(
        "Guten Tag Rosa Muster, Ihre Lieferung von Beispielhof kommt voraussichtlich heute "
        "14:45–15:00 (zuvor 14:40)."
    )
    assert said.plan.language == "de"
    assert said.plan.told_at == at("14:51")
    assert said.plan.expires_at == at("15:00")
    assert said.moved_s == 720


def test_a_message_says_what_the_customer_sees_already_not_what_is_predicted_now() -> None:
    published = ArrivalPublished(start=at("14:40"), end=at("15:10"))
    scene = Scene().tell(published, at("14:00"), stop_id="s")
    said = drafted(scene)
    assert "14:40–15:10" in said.plan.words
    assert said.plan.expires_at == at("15:10")
    assert "15:15–15:30" in drafted(scene, arrival=coming("15:20")).plan.words


def test_the_first_message_to_an_address_says_how_to_opt_out_and_the_next_does_not() -> None:
    scene = Scene()
    first = drafted(scene)
    assert first.plan.words.endswith("Keine Nachrichten mehr: STOP antworten.")
    scene.sent(first, at("14:22"))
    assert "STOP" not in drafted(scene, template="apology").plan.words


def test_the_way_to_opt_out_and_the_price_are_those_of_the_first_way_an_account_carries() -> None:
    scene = Scene(replace(ROSA, contact_by=(Channel.EMAIL, Channel.SMS)))
    scene.sent(drafted(scene), at("14:22"))
    wish = MessageWish(stop_id="s", template="apology")
    said = draft(wish, scene.state, LATE, TEMPLATES, at("14:30"), carried={Channel.SMS})
    assert isinstance(said, Drafted)
    assert [reach.channel for reach in said.plan.reaches] == [Channel.SMS]
    assert said.plan.words.endswith("Keine Nachrichten mehr: STOP antworten.")
    assert said.segments is not None
    assert said.cost == pytest.approx(0.07 * said.segments.parts)


def test_what_no_account_carries_is_refused_by_its_name() -> None:
    wish = MessageWish(stop_id="s", template="delay_notice")
    said = draft(wish, Scene().state, LATE, TEMPLATES, at("14:22"), carried={Channel.VOICE})
    assert said == Barred("This gateway has no account that carries SMS, e-mail.")


def test_another_language_may_be_chosen() -> None:
    assert drafted(Scene(), language="it").plan.words.startswith("Buongiorno Rosa Muster")


def test_where_nobody_asked_the_brands_language_is_taken_then_english() -> None:
    silent = Scene(replace(ROSA, language=""))
    assert drafted(silent).plan.language == "de"
    assert drafted(Scene(replace(ROSA, language=""), policy=OutreachPolicy())).plan.language == "en"


def test_an_sms_costs_each_of_its_parts_and_an_email_nothing() -> None:
    sms = drafted(Scene())
    assert sms.segments is not None
    assert sms.segments.parts == 2
    assert sms.cost == pytest.approx(0.14)
    mail = drafted(Scene(), channel=Channel.EMAIL)
    assert (mail.cost, mail.segments) == (0, None)


def test_the_same_wish_twice_at_once_is_the_same_message() -> None:
    scene = Scene()
    assert drafted(scene).message_id == drafted(scene, "14:23").message_id


def test_words_of_a_dispatchers_own_replace_the_templates() -> None:
    said = drafted(Scene(), words="  Wir sind gleich da. ")
    assert said.plan.words.startswith("Wir sind gleich da.\n\nKeine Nachrichten mehr")
    assert said.plan.parameters == ()
    assert said.plan.told_at == at("14:51")


def test_words_by_hand_need_no_template() -> None:
    said = drafted(Scene(), template="", words="Guten Tag!")
    assert (said.plan.template, said.plan.subject) == ("", "Beispielhof")


def test_a_brand_gives_its_name() -> None:
    brands = (Brand(id="a", name="Alphahof"), Brand(id="z", name="Zetahof"))
    scene = Scene(replace(ROSA, brand="z"), policy=OutreachPolicy(brands=brands))
    said = drafted(scene)
    assert said.plan.brand == "z"
    assert "von Zetahof" in said.plan.words


def test_slots_are_offered_by_number_and_kept_with_the_message() -> None:
    slots = {"slots": "2026-11-26T09:00Z/2026-11-26T11:00Z"}
    said = drafted(Scene(), template="new_slot", options=slots)
    assert "1: morgen 10:00–12:00" in said.plan.words
    assert said.plan.options == slots


def test_windows_that_will_have_begun_when_it_is_read_are_not_offered() -> None:
    night = OutreachPolicy(quiet_from="13:00", quiet_until="08:00")
    slots = {"slots": "2026-11-25T15:00Z/2026-11-25T17:00Z"}
    refused = wished(Scene(policy=night), template="new_slot", options=slots)
    assert isinstance(refused, Barred)
    assert "by then it makes no sense any more" in refused.why


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ({"template": "new_slot"}, "To be chosen first: which windows to offer."),
        ({"template": "pickup_point", "options": {"point": "moon"}}, "pick-up point is not known"),
        ({"template": "new_slot", "options": {"slots": "soon"}}, "soon is not a time window"),
        ({"template": "love_letter"}, "There is no template love_letter."),
        ({"template": "", "words": " "}, "There are no words to send."),
        ({"stop_id": "nowhere"}, "The stop is not planned"),
    ],
)
def test_what_cannot_be_said_is_refused_in_words(wish: dict[str, object], why: str) -> None:
    said = wished(Scene(), **wish)  # type: ignore[arg-type]
    assert isinstance(said, Barred)
    assert why in said.why


def test_a_failed_sms_leaves_the_email_to_fall_back_on() -> None:
    scene = Scene()
    message = scene.queued(drafted(scene), at("14:22"))
    message = scene.attempted(message.id, at("14:22"), MessageState.FAILED)
    assert message.plan is not None
    assert message.plan.reaches[1].address == MAIL
