"""How many parts an SMS travels in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tower.domain.rulebook import OutreachPolicy
from tower.domain.words import Channel
from tower.outreach.segments import Segments, cost, segments, sms_text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", Segments(True, 0, 1)),
        ("a" * 160, Segments(True, 160, 1)),
        ("a" * 161, Segments(True, 161, 2)),
        ("a" * 306, Segments(True, 306, 2)),
        ("a" * 307, Segments(True, 307, 3)),
        ("€" * 80, Segments(True, 160, 1)),
        ("€" * 81, Segments(True, 162, 2)),
        ("a" * 152 + "€" + "a" * 152, Segments(True, 306, 3)),  # a pair is not cut in half
        ("í" * 70, Segments(False, 70, 1)),
        ("í" * 71, Segments(False, 71, 2)),
        ("í" * 134, Segments(False, 134, 2)),
        ("😀" * 35, Segments(False, 70, 1)),
        ("😀" * 67, Segments(False, 134, 3)),  # 33 whole ones fit a part
    ],
)
def test_parts_are_counted_as_networks_do(words: str, expected: Segments) -> None:
    assert segments(words) == expected


def test_print_becomes_keyboard() -> None:
    assert sms_text("„Ja“ – 14:45–15:00… l’été") == '"Ja" - 14:45-15:00... l\'été'


def test_accents_go_only_where_that_saves_a_part() -> None:
    assert sms_text("Díaz, ¿mañana?") == "Díaz, ¿mañana?"
    assert sms_text("Díaz, ¿mañana?" * 8) == "Diaz, ¿mañana?" * 8
    assert sms_text("Привет, Díaz" * 20) == "Привет, Díaz" * 20


@given(st.text(max_size=400))
def test_what_is_sent_never_takes_more_parts_than_what_was_written(words: str) -> None:
    assert segments(sms_text(words)).parts <= segments(words.replace("…", "...")).parts


def test_an_sms_costs_each_part_and_a_channel_without_price_nothing() -> None:
    policy = OutreachPolicy()
    assert cost(policy, Channel.SMS, "a" * 161) == pytest.approx(0.14)
    assert cost(policy, Channel.WHATSAPP, "a" * 161) == pytest.approx(0.05)
    assert cost(policy, Channel.EMAIL, "a" * 161) == 0
