"""How the demo's customers take a message: whether they answer, when, and in which words."""

from typing import NamedTuple

import numpy as np

from tower.demo.chance import happens

ANSWERS_AFTER_S = (35.0, 210.0)
"""Somebody reads the message and answers so long after it, seconds."""

ANSWER_SHARE = {"gate_code": 0.85, "ask_address": 0.7, "delay_notice": 0.65, "new_slot": 0.6}
"""Share of the customers who answer, by template."""

OTHER_SHARE = 0.3

CHATTER_SHARE, STOP_SHARE = 0.18, 0.03

_CODES = {
    "de": ("Code ist {code}", "Das Tor ist das grüne, Code {code}", "{code}"),
    "fr": ("Le code est {code}", "Code portail : {code}"),
    "it": ("Il codice è {code}", "Codice {code}, cancello verde"),
    "en": ("The code is {code}", "Gate code {code}, green gate"),
    "es": ("El código es {code}", "Espero. El portón es el verde, código {code}"),
    "pt": ("O código é {code}", "Código {code}, portão verde"),
}
_CHOICES = {
    "de": ("1", "Ich warte", "bitte morgen", "hinter dem Haus", "3"),
    "fr": ("1", "J'attends", "demain s'il vous plaît", "derrière la maison", "3"),
    "it": ("1", "Aspetto", "domani per favore", "dietro la casa", "3"),
    "en": ("1", "I'll wait", "tomorrow please", "behind the house", "3"),
    "es": ("1", "Espero", "mañana por favor", "detrás de la casa", "3"),
    "pt": ("1", "Eu espero", "amanhã por favor", "atrás da casa", "3"),
}
_CHATTER = {
    "de": ("ok", "Danke für die Info!", "Schon wieder?", "👍"),
    "fr": ("ok", "Merci pour l'info", "👍"),
    "it": ("ok", "Grazie", "👍"),
    "en": ("ok", "Thanks for letting me know", "👍"),
    "es": ("ok", "Gracias", "👍"),
    "pt": ("ok", "Obrigado", "👍"),
}
_STOP = {"de": "STOP", "fr": "ARRET", "it": "STOP", "en": "STOP", "es": "BAJA", "pt": "SAIR"}
_LANGUAGE = "de"


class Answer(NamedTuple):
    """What a customer writes back.

    Attributes:
        after_s: seconds after the message.
    """

    after_s: float
    words: str


def answer_to(template: str, language: str, rng: np.random.Generator) -> Answer | None:
    """What a customer answers to a message; None for most, who do not.

    Args:
        template: what the message says.
        language: it is written in.
        rng: of this message alone.
    """
    share, after_s = ANSWER_SHARE.get(template, OTHER_SHARE), float(rng.uniform(*ANSWERS_AFTER_S))
    known = language.partition("-")[0]
    spoken = known if known in _CHATTER else _LANGUAGE
    words = _words(template, spoken, rng)
    return Answer(round(after_s, 1), words) if happens(share, rng) else None


def _words(template: str, language: str, rng: np.random.Generator) -> str:
    luck = rng.random()
    if luck < STOP_SHARE:
        return _STOP[language]
    if luck < STOP_SHARE + CHATTER_SHARE:
        return _one_of(_CHATTER[language], rng)
    if template == "gate_code":
        code = f"{rng.integers(1000, 9999)}#"
        return _one_of(_CODES[language], rng).format(code=code)
    if template in ANSWER_SHARE:
        return _one_of(_CHOICES[language], rng)
    return _one_of(_CHATTER[language], rng)


def _one_of(several: tuple[str, ...], rng: np.random.Generator) -> str:
    return several[int(rng.integers(len(several)))]
