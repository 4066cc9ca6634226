"""How the demo's customers can be reached, and what was sold to them."""

import math

import numpy as np
from msgspec.structs import replace

from tower.demo.chance import happens
from tower.demo.numbers import customer_number, mail_address, masked_number
from tower.demo.plan import DemoStop
from tower.domain.rulebook import Brand
from tower.domain.words import Channel

LANGUAGES = {"de": 0.74, "fr": 0.06, "it": 0.06, "en": 0.06, "es": 0.04, "pt": 0.04}
"""Shares of the customers by language."""

MASKED_SHARE, SAFE_PLACE_SHARE, UNREACHABLE_SHARE = 0.05, 0.08, 0.02

EXPRESS, STANDARD, COLD = "express", "standard", "cold"
EXPRESS_WINDOW_S = 3_600.0
"""Who was promised an hour has paid for it."""

PHARMACY, HOME, BOOKS = "demo-pharmacy", "demo-home", "demo-books"

BRANDS = (
    Brand(id=HOME, name="Demo Home", colour="#1f6feb", language="de"),
    Brand(id=BOOKS, name="Demo Books", colour="#8250df", language="de"),
    Brand(id=PHARMACY, name="Demo Pharmacy", colour="#1a7f37", language="de"),
)
"""Who sells what is delivered; messages wear their look."""

AGREED: tuple[tuple[Channel, ...], ...] = (
    (Channel.WHATSAPP, Channel.SMS),
    (Channel.SMS,),
    (Channel.SMS, Channel.EMAIL),
    (Channel.EMAIL,),
    (),
)
"""What customers agreed to; the last ones were never asked."""

_AGREED_SHARES = (0.34, 0.26, 0.16, 0.12, 0.12)

SAFE_PLACES = {
    "de": "hinter dem Haus",
    "fr": "derrière la maison",
    "it": "dietro la casa",
    "en": "behind the house",
    "es": "detrás de la casa",
    "pt": "atrás da casa",
}


def reachable(order: DemoStop, number: int, rng: np.random.Generator) -> DemoStop:
    """The order with its customer's language, addresses and agreements.

    Args:
        order: as promised.
        number: of the customer within the shift; no two have the same addresses.
        rng: decides everything that is chance.
    """
    language = str(rng.choice(list(LANGUAGES), p=list(LANGUAGES.values())))
    agreed = AGREED[int(rng.choice(len(AGREED), p=_AGREED_SHARES))]
    masked = happens(MASKED_SHARE, rng)
    unreachable = happens(UNREACHABLE_SHARE, rng)
    safe_place = SAFE_PLACES[language] if happens(SAFE_PLACE_SHARE, rng) else ""
    return replace(
        order,
        phone="" if unreachable else customer_number(number),
        masked_phone=masked_number(1_000 + number) if masked else "",
        email="" if unreachable else mail_address(order.customer),
        language=language,
        contact_by=() if unreachable else agreed,
        brand=_brand(order, number),
        service_level=_service_level(order),
        safe_place=safe_place,
    )


def _brand(order: DemoStop, number: int) -> str:
    if order.temperature_limit_c is not None:
        return PHARMACY
    return HOME if number % 3 else BOOKS


def _service_level(order: DemoStop) -> str:
    if order.temperature_limit_c is not None:
        return COLD
    begin, end = order.window_start_s, order.window_end_s
    is_narrow = end is not None and end - (begin or -math.inf) <= EXPRESS_WINDOW_S
    return EXPRESS if is_narrow else STANDARD
