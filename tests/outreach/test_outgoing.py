"""What a channel is handed, and how an e-mail looks."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.outreach.scene import BRAND, MAIL, PHONE, Scene, at, coming
from tower.domain.commands import MessageWish
from tower.domain.messages import Message, MessagePlan, Reach
from tower.domain.rulebook import Brand, OutreachPolicy
from tower.domain.words import Channel, MessageState
from tower.outreach.drafting import draft
from tower.outreach.html import html_of
from tower.outreach.outgoing import NothingPlanned, attempt_of, outgoing
from tower.outreach.templates import Templates

TEMPLATES = Templates.load()
MAIL_PLAN = MessagePlan(
    stop_id="s", reaches=(Reach(channel=Channel.EMAIL, address=MAIL),), words="", language="de"
)


class Page(HTMLParser):
    """What somebody reads on a page, and what it would load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.tags, self.loads = "", [], []  # type: ignore[var-annotated]
        self._is_read = True
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._is_read = tag not in ("style", "title")
        self.words += "\n" if tag in ("br", "p") else ""
        self.loads += [value for name, value in attrs if name in ("src", "href", "background")]

    def handle_data(self, data: str) -> None:
        self.words += data if self._is_read else ""


def delayed(scene: Scene, **wish: object) -> Message:
    wanted = MessageWish(stop_id="s", template="delay_notice", **wish)  # type: ignore[arg-type]
    said = draft(wanted, scene.state, coming("14:51"), TEMPLATES, at("14:22"))
    return scene.queued(said, at("14:22"))


def test_the_first_way_is_handed_over_with_a_key_of_its_own() -> None:
    scene = Scene()
    message = delayed(scene)
    said = outgoing(message, 1, scene.state, at("14:22"), "https://tower.example.org/hook")
    assert (said.medium, said.to, said.sender) == (Channel.SMS, PHONE, "Beispielhof")
    assert said.key == f"{message.id}-1"
    assert attempt_of(said.key) == (message.id, 1)
    assert said.template == "delay_notice"
    assert said.status_url == "https://tower.example.org/hook"
    assert said.html == said.subject == ""


def test_an_sms_has_the_dashes_of_a_keyboard() -> None:
    scene = Scene()
    message = delayed(scene)
    assert message.plan is not None
    assert "14:45–15:00" in message.plan.words
    assert "14:45-15:00" in outgoing(message, 1, scene.state, at("14:22")).text


def test_after_a_failure_the_next_way_is_handed_over() -> None:
    scene = Scene()
    message = scene.attempted(delayed(scene).id, at("14:22"), MessageState.FAILED)
    said = outgoing(message, 2, scene.state, at("14:23"))
    assert (said.medium, said.to, said.key) == (Channel.EMAIL, MAIL, f"{message.id}-2")
    assert outgoing(message, 1, scene.state, at("14:23")).to == PHONE


def test_a_customer_who_wrote_today_is_in_session() -> None:
    scene = Scene()
    message = delayed(scene)
    assert not outgoing(message, 1, scene.state, at("14:22")).in_session
    scene.replied("hallo", at("14:00"))
    assert outgoing(message, 1, scene.state, at("14:22")).in_session
    assert not outgoing(message, 1, scene.state, at("14:01", 1)).in_session


def test_a_message_without_words_cannot_be_handed_over() -> None:
    with pytest.raises(NothingPlanned):
        outgoing(Message(id="m"), 1, Scene().state, at("14:22"))


def test_an_email_says_the_same_in_html_and_in_plain_text() -> None:
    scene = Scene(policy=OutreachPolicy(brands=(replace(BRAND, footer="Beispielhof AG"),)))
    said = outgoing(delayed(scene, channel=Channel.EMAIL), 1, scene.state, at("14:22"))
    page = Page(said.html)
    assert said.subject == "Ihre Lieferung von Beispielhof kommt heute 14:45–15:00"
    for line in said.text.splitlines():
        assert line in page.words
    assert page.words.split() == ["Beispielhof", *said.text.split()]
    assert said.text.endswith("\n\nBeispielhof AG")
    assert 'lang="de"' in said.html
    assert "color-scheme" in said.html


def test_an_email_loads_nothing_from_anywhere() -> None:
    page = html_of(replace(MAIL_PLAN, words="https://example.org/x.png"), BRAND)
    assert Page(page).loads == []
    assert not re.search(r"url\(|<(img|script|link|iframe|form)", page)


@given(st.text(max_size=80), st.text(max_size=40), st.text(max_size=40))
def test_nothing_anybody_writes_becomes_markup(words: str, subject: str, name: str) -> None:
    empty = Page(html_of(MAIL_PLAN, Brand(id="b", name="x", footer="x"))).tags
    words = re.sub(r"\s+", " ", words)
    plan = replace(MAIL_PLAN, words=words, subject=subject)
    page = Page(html_of(plan, Brand(id="b", name=name or "x", footer="x")))
    assert page.tags == empty


@pytest.mark.parametrize(
    ("colour", "on"), [("#000000", "#ffffff"), ("#ffffff", "#000000"), ("#1f6feb", "#ffffff")]
)
def test_the_brands_name_is_readable_on_its_colour(colour: str, on: str) -> None:
    page = html_of(MAIL_PLAN, Brand(id="b", name="Beispielhof", colour=colour))
    assert f'color:{on};">Beispielhof' in page
