"""How a message looks as an e-mail, in the look of its brand."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tower.domain.messages import MessagePlan
from tower.domain.rulebook import Brand
from tower.outreach.templates import BUILT_IN

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(BUILT_IN), autoescape=True, undefined=StrictUndefined
)
_SAME_CONTRAST_AT = 0.179
"""Relative luminance at which black and white are equally readable on a colour (WCAG 2.1)."""

_LINEAR_UNTIL = 0.04045
"""sRGB is linear up to there (IEC 61966-2-1)."""


def html_of(plan: MessagePlan, brand: Brand) -> str:
    """The e-mail of a message: the same words as its plain text, nothing loaded from elsewhere.

    Args:
        plan: what the message says.
        brand: whose look it wears.
    """
    page = _ENVIRONMENT.get_template("email.html")
    return page.render(
        language=plan.language,
        subject=plan.subject,
        paragraphs=[part.split("\n") for part in plan.words.split("\n\n")],
        brand=brand.name,
        colour=brand.colour,
        on_colour=_readable_on(brand.colour),
        footer=brand.footer.split("\n") if brand.footer else [],
    )


def _readable_on(colour: str) -> str:
    """Black or white, whichever contrasts more with a colour (WCAG 2.1, relative luminance)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if luminance > _SAME_CONTRAST_AT else "#ffffff"


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_UNTIL else ((channel + 0.055) / 1.055) ** 2.4
