"""Whom the policy lets be told what, when somebody wants to and again before every attempt."""

import pytest
from msgspec.structs import replace

from tests.outreach.scene import MAIL, PHONE, ROSA, Coming, Scene, at, coming
from tower.domain import events as e
from tower.domain.commands import MessageWish
from tower.domain.messages import Message, Reach
from tower.domain.words import Channel, MessageState, StopState
from tower.outreach.drafting import Drafted, draft
from tower.outreach.policy import Bar, Barred, Clear, Hold, gate
from tower.outreach.templates import Templates

TEMPLATES = Templates.load()
SMS = Reach(channel=Channel.SMS, address=PHONE)
LATE = coming("14:51")


def notice(
    scene: Scene,
    clock: str = "14:22",
    arrival: Coming | None = LATE,
    template: str = "delay_notice",
    **wish: object,
) -> Drafted | Barred:
    wanted = MessageWish(stop_id="s", template=template, **wish)  # type: ignore[arg-type]
    return draft(wanted, scene.state, arrival, TEMPLATES, at(clock))


def why(said: object) -> str:
    assert isinstance(said, Barred | Bar), said
    return said.why


def ways(said: object) -> list[tuple[Channel, str]]:
    assert isinstance(said, Drafted), said
    return [(reach.channel, reach.address) for reach in said.plan.reaches]


def sms_of(message: Message) -> Reach:
    assert message.plan is not None
    return message.plan.reaches[0]


class TestWays:
    def test_without_preference_sms_goes_before_email_and_whatsapp_needs_consent(self) -> None:
        assert ways(notice(Scene())) == [(Channel.SMS, PHONE), (Channel.EMAIL, MAIL)]

    def test_what_the_customer_agreed_to_comes_first_in_their_order(self) -> None:
        scene = Scene(replace(ROSA, contact_by=(Channel.EMAIL, Channel.WHATSAPP)))
        assert [channel for channel, _ in ways(notice(scene))] == [
            Channel.EMAIL,
            Channel.WHATSAPP,
            Channel.SMS,
        ]

    def test_a_channel_asked_for_is_the_only_one(self) -> None:
        assert ways(notice(Scene(), channel=Channel.EMAIL)) == [(Channel.EMAIL, MAIL)]

    def test_whatsapp_alone_without_consent_is_refused_in_words(self) -> None:
        said = notice(Scene(), channel=Channel.WHATSAPP)
        assert why(said) == "WhatsApp: the customer did not agree to it."

    def test_who_wrote_on_whatsapp_is_answered_there_for_a_day(self) -> None:
        scene = Scene().replied("hola", at("14:00"), channel=Channel.WHATSAPP)
        assert ways(notice(scene, channel=Channel.WHATSAPP)) == [(Channel.WHATSAPP, PHONE)]
        scene = Scene().replied("hola", at("14:00", -1), channel=Channel.WHATSAPP)
        assert isinstance(notice(scene, channel=Channel.WHATSAPP), Barred)

    def test_words_of_ones_own_go_over_whatsapp_only_as_an_answer(self) -> None:
        scene = Scene(replace(ROSA, contact_by=(Channel.WHATSAPP,)))
        by_hand = {"template": "", "words": "Guten Tag", "channel": Channel.WHATSAPP}
        assert "only within 24 hours" in why(notice(scene, **by_hand))  # type: ignore[arg-type]
        scene.replied("hallo", at("14:00"), channel=Channel.WHATSAPP)
        assert ways(notice(scene, **by_hand)) == [(Channel.WHATSAPP, PHONE)]  # type: ignore[arg-type]

    def test_an_address_that_was_opted_out_is_left_out_however_it_is_written(self) -> None:
        scene = Scene().consent(MAIL, at("9:00"), allowed=False)
        assert ways(notice(scene)) == [(Channel.SMS, PHONE)]

    def test_opted_out_everywhere_is_told_so(self) -> None:
        scene = Scene().consent(MAIL, at("9:00"), allowed=False)
        scene.consent(PHONE, at("9:00"), allowed=False)
        assert why(notice(scene)) == (
            f"{PHONE} does not want messages; {MAIL} does not want messages."
        )

    def test_start_undoes_stop(self) -> None:
        scene = Scene().consent(PHONE, at("9:00"), allowed=False)
        scene.consent(PHONE, at("10:00"), allowed=True)
        assert (Channel.SMS, PHONE) in ways(notice(scene))

    def test_no_address_says_which_is_missing(self) -> None:
        scene = Scene(replace(ROSA, phone="12", email=""))
        assert why(notice(scene)) == (
            "WhatsApp, SMS: +42312 is too short or too long for a phone number; "
            "e-mail: no address is known."
        )

    def test_without_any_address_no_channel_is_named(self) -> None:
        scene = Scene(replace(ROSA, phone="", email=""))
        assert why(notice(scene)) == "Nobody knows an address of this customer."
        only = notice(scene, channel=Channel.SMS)
        assert why(only) == "SMS: no address is known."

    def test_a_national_number_is_of_the_customers_country(self) -> None:
        scene = Scene(replace(ROSA, phone="079 123 45 67", timezone="Europe/Zurich"))
        assert (Channel.SMS, PHONE) in ways(notice(scene))

    def test_an_address_that_had_enough_today_is_left_out(self) -> None:
        scene = Scene().set(daily_most=1)
        scene.sent(notice(scene, "10:00", template="apology"), at("10:00"))
        assert ways(notice(scene, template="safe_place")) == [(Channel.EMAIL, MAIL)]
        said = notice(scene, template="safe_place", channel=Channel.SMS)
        assert why(said) == f"{PHONE} had 1 messages in 24 hours already."


class TestQuietHours:
    def test_in_the_evening_it_is_held_until_the_morning(self) -> None:
        said = notice(Scene(), "22:30", template="apology")
        assert isinstance(said, Drafted)
        assert said.plan.send_after == at("8:00", 1)
        assert said.held == "Quiet hours at the customer's until 08:00: sent then."

    def test_what_makes_no_sense_in_the_morning_is_barred(self) -> None:
        said = notice(Scene(), "22:30", arrival=coming("23:10"))
        assert why(said) == (
            "Quiet hours at the customer's until 08:00; by then it makes no sense any more."
        )

    def test_the_customers_clock_counts_not_the_rooms(self) -> None:
        scene = Scene(replace(ROSA, timezone="America/Santiago"))
        early = notice(scene, "11:30", template="apology")  # 07:30 there
        assert isinstance(early, Drafted)
        assert early.plan.send_after == at("12:00")
        late = notice(scene, "22:30", template="apology")  # 18:30 there
        assert isinstance(late, Drafted)
        assert late.plan.send_after is None

    def test_a_held_message_says_today_of_the_day_it_is_read(self) -> None:
        said = notice(Scene(), "23:00", arrival=coming("36:00"), template="where_is_it")
        assert isinstance(said, Drafted)
        assert "heute 11:55–12:10" in said.plan.words

    def test_none_are_kept_where_none_are_set(self) -> None:
        scene = Scene().set(quiet_from="00:00", quiet_until="00:00")
        said = notice(scene, "22:30", template="apology")
        assert isinstance(said, Drafted)
        assert said.plan.send_after is None


class TestRepetition:
    def test_one_cause_is_told_once_within_the_window(self) -> None:
        scene = Scene()
        scene.sent(notice(scene), at("14:22"))
        said = notice(scene, "14:40", coming("15:20"))
        assert why(said) == (
            "They were told about this at 14:22; again from 15:22, or when they answer."
        )
        assert isinstance(notice(scene, "15:22", coming("15:40")), Drafted)

    def test_another_template_for_the_same_exception_is_the_same_cause(self) -> None:
        scene = Scene()
        scene.sent(notice(scene, exception_id="x"), at("14:22"))
        assert isinstance(notice(scene, "14:30", template="apology", exception_id="x"), Barred)
        assert isinstance(notice(scene, "14:30", template="apology"), Drafted)

    def test_another_template_about_the_same_topic_is_the_same_cause(self) -> None:
        scene = Scene()
        scene.sent(notice(scene), at("14:22"))
        assert isinstance(notice(scene, "14:30", template="arriving_soon"), Barred)

    def test_an_answer_to_the_customer_may_be_given_once(self) -> None:
        scene = Scene()
        scene.sent(notice(scene), at("14:22"))
        scene.replied("Wo ist mein Paket?", at("14:30"))
        answer = notice(scene, "14:31", template="where_is_it")
        scene.sent(answer, at("14:31"))
        assert isinstance(notice(scene, "14:32", template="where_is_it"), Barred)

    def test_an_old_word_of_the_customer_is_no_question_any_more(self) -> None:
        scene = Scene().replied("Wo ist mein Paket?", at("13:30"))
        assert isinstance(notice(scene, arrival=coming("14:42", 1, 1)), Barred)

    def test_what_waits_to_be_sent_is_not_queued_again(self) -> None:
        scene = Scene()
        scene.queued(notice(scene), at("14:22"))
        assert why(notice(scene)) == "A message about this is waiting to be sent already."

    def test_what_failed_everywhere_may_be_said_again_as_another_episode(self) -> None:
        scene = Scene()
        first = scene.queued(notice(scene), at("14:22"))
        scene.attempted(first.id, at("14:22"), MessageState.FAILED)
        again = notice(scene, "14:25")
        assert isinstance(again, Drafted)
        assert again.plan.episode == 2
        assert again.message_id != first.id


class TestMoved:
    def test_a_small_move_is_not_told(self) -> None:
        said = notice(Scene(), arrival=coming("14:43", 2, 4))
        assert why(said) == "The arrival moved by 3 min only; customers are told from 10 min."

    def test_within_the_window_nothing_moved_for_the_customer(self) -> None:
        assert isinstance(notice(Scene(), "13:30", arrival=coming("14:10")), Barred)

    def test_against_what_was_last_told(self) -> None:
        scene = Scene()
        scene.sent(notice(scene), at("14:22"))
        scene.set(repeat_within_s=0)
        assert why(notice(scene, "14:30", coming("14:55"))).startswith("The arrival moved by 4 min")
        assert isinstance(notice(scene, "14:30", coming("15:02")), Drafted)

    def test_who_asks_is_told_however_little_it_moved(self) -> None:
        scene = Scene().replied("wann kommt ihr?", at("14:20"))
        assert isinstance(notice(scene, arrival=coming("14:42", 1, 1)), Drafted)

    def test_without_a_prediction_there_is_nothing_to_tell(self) -> None:
        assert "Nobody knows when the vehicle comes" in why(notice(Scene(), arrival=None))

    def test_a_question_is_no_notice_and_asks_for_no_move(self) -> None:
        assert isinstance(notice(Scene(), arrival=None, template="gate_code"), Drafted)


class TestDone:
    def test_a_customer_who_has_the_parcel_is_not_told_it_is_late(self) -> None:
        scene = Scene().tell(e.StopDelivered(), at("14:20"), stop_id="s")
        assert why(notice(scene)) == "The stop is delivered: this makes no sense any more."

    def test_a_customer_the_driver_stands_before_is_not_told_the_driver_comes_later(self) -> None:
        scene = Scene().tell(e.StopArrived(), at("14:20"), stop_id="s")
        assert why(notice(scene)) == "The driver is at the door already."

    def test_but_may_be_asked_whether_all_is_there(self) -> None:
        scene = Scene().tell(e.StopDelivered(), at("14:20"), stop_id="s")
        said = notice(scene, template="proof_check")
        assert isinstance(said, Drafted)
        assert "heute 14:20" in said.plan.words

    def test_after_an_attempt_a_new_slot_makes_sense(self) -> None:
        scene = Scene().tell(e.StopAttempted(), at("14:20"), stop_id="s")
        slots = {"slots": "2026-11-27T09:00Z/2026-11-27T11:00Z"}
        assert isinstance(notice(scene, template="new_slot", options=slots), Drafted)

    def test_words_written_by_hand_may_follow_a_delivery(self) -> None:
        scene = Scene().tell(e.StopDelivered(), at("14:20"), stop_id="s")
        assert isinstance(notice(scene, template="", words="Danke!"), Drafted)


class TestGate:
    def queued(self, scene: Scene, clock: str = "14:22", **wish: object) -> Message:
        return scene.queued(notice(scene, clock, **wish), at(clock))  # type: ignore[arg-type]

    def test_nothing_in_the_way(self) -> None:
        scene = Scene()
        assert gate(scene.state, self.queued(scene), SMS, at("14:23")) == Clear()

    def test_an_opt_out_in_between_closes_this_way_only(self) -> None:
        scene = Scene()
        message = self.queued(scene)
        scene.consent(PHONE, at("14:23"), allowed=False)
        said = gate(scene.state, message, SMS, at("14:24"))
        assert isinstance(said, Bar)
        assert not said.whole
        mail = Reach(channel=Channel.EMAIL, address=MAIL)
        assert gate(scene.state, message, mail, at("14:24")) == Clear()

    def test_a_delivery_in_between_ends_it(self) -> None:
        scene = Scene()
        message = self.queued(scene)
        scene.tell(e.StopDelivered(), at("14:23"), stop_id="s")
        said = gate(scene.state, message, SMS, at("14:24"))
        assert why(said) == "The stop is delivered: this makes no sense any more."
        assert isinstance(said, Bar)
        assert said.whole

    def test_an_arrival_in_between_ends_what_tells_it_and_nothing_else(self) -> None:
        scene = Scene()
        told = self.queued(scene)
        asked = self.queued(scene, template="gate_code")
        scene.tell(e.StopArrived(), at("14:23"), stop_id="s")
        assert why(gate(scene.state, told, SMS, at("14:24"))).startswith("The driver is at")
        assert gate(scene.state, asked, SMS, at("14:24")) == Clear()

    def test_an_arrival_is_not_told_once_it_is_past(self) -> None:
        scene = Scene()
        message = self.queued(scene)
        assert why(gate(scene.state, message, SMS, at("15:00"))) == (
            "It made sense until 15:00 only."
        )

    def test_quiet_hours_that_began_meanwhile_hold_it(self) -> None:
        scene = Scene()
        message = self.queued(scene, "20:55", template="apology")
        said = gate(scene.state, message, SMS, at("21:05"))
        assert said == Hold(at("8:00", 1), "Quiet hours at the customer's until 08:00.")
        assert gate(scene.state, message, SMS, at("8:00", 1)) == Clear()

    def test_quiet_hours_set_meanwhile_count(self) -> None:
        scene = Scene()
        message = self.queued(scene, template="apology")
        scene.set(quiet_from="14:00", quiet_until="16:00")
        assert isinstance(gate(scene.state, message, SMS, at("14:23")), Hold)

    def test_two_queued_at_once_for_one_cause_are_sent_once(self) -> None:
        scene = Scene()
        first, second = notice(scene), notice(scene, template="arriving_soon")
        one, two = scene.queued(first, at("14:22")), scene.queued(second, at("14:22"))
        scene.attempted(one.id, at("14:23"), MessageState.SENDING)
        assert "told about this" in why(gate(scene.state, two, SMS, at("14:24")))

    def test_its_own_first_attempt_does_not_stand_in_its_way(self) -> None:
        scene = Scene().set(daily_most=1)
        message = self.queued(scene)
        message = scene.attempted(message.id, at("14:23"), MessageState.UNKNOWN)
        assert gate(scene.state, message, SMS, at("14:24"), number=1) == Clear()
        assert isinstance(gate(scene.state, message, SMS, at("14:24"), number=2), Bar)

    def test_a_cancelled_message_stays_so(self) -> None:
        scene = Scene()
        message = self.queued(scene)
        body = e.MessageCancelled(version=2, why="Anna cancelled it.")
        scene.tell(body, at("14:23"), message_id=message.id)
        said = gate(scene.state, scene.state.messages[message.id], SMS, at("14:24"))
        assert why(said) == "Anna cancelled it."


@pytest.mark.parametrize("state", [state for state in StopState if state.is_outcome])
def test_no_outcome_leaves_a_delay_to_tell(state: StopState) -> None:
    happened: dict[StopState, e.AnyBody] = {
        StopState.DELIVERED: e.StopDelivered(),
        StopState.COLLECTED: e.StopCollected(),
        StopState.ATTEMPTED: e.StopAttempted(),
        StopState.CANCELLED: e.StopCancelled(),
        StopState.SKIPPED: e.StopSkipped(),
    }
    scene = Scene().tell(happened[state], at("14:20"), stop_id="s")
    assert isinstance(notice(scene), Barred)
