"""Addresses in the one form in which they are sent to and opted out of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tower.domain.words import Channel
from tower.outreach.addresses import NoAddress, consent_key, normalised, region_of, sender_of


@pytest.mark.parametrize(
    ("channel", "raw", "region", "written"),
    [
        (Channel.SMS, "+41 79 123 45 67", "", "+41791234567"),
        (Channel.SMS, "079 123 45 67", "CH", "+41791234567"),
        (Channel.SMS, "0041791234567", "CH", "+41791234567"),
        (Channel.WHATSAPP, "+41791234567", "", "+41791234567"),
        (Channel.VOICE, "+423 237 74 77", "", "+4232377477"),
        (Channel.EMAIL, " Rosa@Example.ORG ", "", "rosa@example.org"),
        (Channel.EMAIL, "rosa@bücher.example", "", "rosa@xn--bcher-kva.example"),
        (Channel.EMAIL, "o'neil+x@mail.example.org", "", "o'neil+x@mail.example.org"),
    ],
)
def test_an_address_is_written_one_way(
    channel: Channel, raw: str, region: str, written: str
) -> None:
    assert normalised(channel, raw, region) == written


@pytest.mark.parametrize(
    ("channel", "raw", "why"),
    [
        (Channel.SMS, "", "no address is known"),
        (Channel.SMS, "079 123 45 67", "is not a phone number"),
        (Channel.SMS, "+41 79", "too short"),
        (Channel.SMS, "+423 237 74 77", "is a landline"),
        (Channel.SMS, "+41 900 123 456", "premium-rate"),
        (Channel.SMS, "+41 79 123 45 67 ext. 3", "extension"),
        (Channel.EMAIL, "rosa", "is not an e-mail address"),
        (Channel.EMAIL, "rosa@localhost", "is not an e-mail address"),
        (Channel.EMAIL, "a b@example.org", "is not an e-mail address"),
        (Channel.EMAIL, "rosa@example.org\nBcc: all@example.org", "is not an e-mail address"),
        (Channel.EMAIL, "x" * 65 + "@example.org", "is not an e-mail address"),
    ],
)
def test_what_is_none_is_refused_in_words(channel: Channel, raw: str, why: str) -> None:
    with pytest.raises(NoAddress, match=why):
        normalised(channel, raw)


@given(st.sampled_from(Channel), st.text(max_size=60), st.sampled_from(["", "CH", "CL"]))
def test_any_text_is_an_address_or_refused(channel: Channel, raw: str, region: str) -> None:
    try:
        written = normalised(channel, raw, region)
    except NoAddress:
        return
    assert normalised(channel, written) == written
    assert written.isascii()
    assert not set(written) & set(" \r\n,;<>")


def test_a_consent_is_kept_under_the_same_address_whatever_the_channel() -> None:
    assert consent_key("079 123 45 67", "CH") == normalised(Channel.SMS, "+41791234567")
    assert consent_key("Rosa@Example.org") == normalised(Channel.EMAIL, "rosa@example.org")


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("+41791234567", ""),
        ("41791234567", ""),
        ("41791234567", "CH"),
        ("41791234567", "LI"),
        ("0791234567", "CH"),
        (" 0041791234567", "CH"),
    ],
)
def test_whoever_writes_is_known_however_the_network_writes_their_number(
    written: str, region: str
) -> None:
    assert sender_of(written, region) == consent_key("+41 79 123 45 67")


@pytest.mark.parametrize("sender", ["12345", "TOWER", "", "²²²²²²²²²"])
def test_a_short_number_or_a_name_is_nobody_to_write_to(sender: str) -> None:
    with pytest.raises(NoAddress):
        sender_of(sender, "CH")


def test_a_number_without_country_is_of_the_time_zones() -> None:
    assert region_of("Europe/Vaduz") == "LI"
    assert region_of("America/Santiago") == "CL"
    assert region_of("UTC") == ""
