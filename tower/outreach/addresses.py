"""Addresses of customers, written the one way in which they can be compared and sent to."""

import re
from functools import lru_cache
from importlib.resources import files

import idna
import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from tower.domain.words import Channel

NONE_KNOWN = "no address is known"
"""Why nothing can be sent to a customer who left no address."""

_LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LONGEST_LOCAL_PART = 64
_LONGEST_MAIL = 254
_LONGEST_PHONE = 64
_NEVER = {
    PhoneNumberType.PREMIUM_RATE: "is a premium-rate number",
    PhoneNumberType.SHARED_COST: "is a shared-cost number",
    PhoneNumberType.TOLL_FREE: "is a toll-free number",
    PhoneNumberType.PAGER: "is a pager",
    PhoneNumberType.VOICEMAIL: "is a voicemail box",
}
_WRITTEN_TO = (Channel.SMS, Channel.WHATSAPP)


class NoAddress(ValueError):
    """Nothing can be sent to what stands for an address; the words say why."""


@lru_cache(maxsize=8192)
def normalised(channel: Channel, raw: str, region: str = "") -> str:
    """An address as the channel writes it, and as consents and replies name it.

    Phone numbers become E.164 (+41791234567). E-mail addresses become lower case with the domain
    in ASCII (RFC 5891), so that an opt-out holds however the address is written.

    Args:
        channel: how it is to be used.
        raw: as somebody typed it.
        region: two-letter country a number without a country code is in, "" for unknown.

    Raises:
        NoAddress: it cannot be one.
    """
    raw = raw.strip()
    if not raw:
        raise NoAddress(NONE_KNOWN)
    return _mail(raw) if channel is Channel.EMAIL else _phone(channel, raw, region)


def consent_key(raw: str, region: str = "") -> str:
    """The address a consent is kept under, whatever channel it is for.

    Raises:
        NoAddress: it is neither a phone number nor an e-mail address.
    """
    return normalised(Channel.EMAIL if "@" in raw else Channel.VOICE, raw, region)


def sender_of(raw: str, region: str = "") -> str:
    """The address somebody wrote from, as their consent is kept under.

    Some networks leave out the + of a number (`41791234567`), or its country (`0791234567`). Who
    says STOP from there is the one we write to at +41791234567.

    Raises:
        NoAddress: it is neither a phone number nor an e-mail address.
    """
    try:
        return consent_key(raw, region)
    except NoAddress:
        if not raw.strip().isdecimal():
            raise
        return consent_key(f"+{raw.strip()}")


def region_of(timezone: str) -> str:
    """The two-letter country of a time zone, by the IANA database; "" where there is none."""
    return _countries().get(timezone, "")


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {row[2]: row[0] for row in rows if len(row) >= 3}


def _phone(channel: Channel, raw: str, region: str) -> str:
    try:
        number = phonenumbers.parse(raw[:_LONGEST_PHONE], region or None)
    except NumberParseException as trouble:
        raise NoAddress(f"{raw[:_LONGEST_PHONE]} is not a phone number") from trouble
    written = str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    if number.extension:
        raise NoAddress(f"{written} has an extension")
    if not phonenumbers.is_possible_number(number):
        raise NoAddress(f"{written} is too short or too long for a phone number")
    sort = phonenumbers.number_type(number)
    if sort in _NEVER:
        raise NoAddress(f"{written} {_NEVER[sort]}")
    if sort == PhoneNumberType.FIXED_LINE and channel in _WRITTEN_TO:
        raise NoAddress(f"{written} is a landline")
    return written


def _mail(raw: str) -> str:
    local, at, domain = raw.lower().rpartition("@")
    if not at or len(local) > _LONGEST_LOCAL_PART or not _LOCAL_PART.fullmatch(local):
        raise NoAddress(f"{raw[:_LONGEST_MAIL]} is not an e-mail address")
    try:
        written = f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except idna.IDNAError as trouble:
        raise NoAddress(f"{raw[:_LONGEST_MAIL]} is not an e-mail address") from trouble
    if len(written) > _LONGEST_MAIL or "." not in written.rpartition("@")[2].strip("."):
        raise NoAddress(f"{raw[:_LONGEST_MAIL]} is not an e-mail address")
    return written
