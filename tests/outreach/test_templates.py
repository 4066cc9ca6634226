"""Templates: ours in every language, an operator's own, and those that must be refused."""

import re
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.outreach.scene import POINT, at
from tower.outreach.case import MessageCase, Span
from tower.outreach.sandbox import Sheet, TemplateBroken
from tower.outreach.segments import segments, sms_text
from tower.outreach.slots import Slot
from tower.outreach.templates import NothingToSay, Templates, UnknownTemplate

OURS = Templates.load()
LANGUAGES = ("de", "en", "es", "fr", "it", "pt")
VADUZ = ZoneInfo("Europe/Vaduz")
CASE = MessageCase(
    customer="Rosa Muster",
    brand="Beispielhof",
    reference="4711",
    address="Lindenweg 12, 9490 Vaduz",
    zone=VADUZ,
    said_at=at("14:22"),
    parcels=2,
    arrival=Span(start=at("14:46"), end=at("14:57")),
    before=Span(start=at("14:40"), end=at("14:40")),
    window=Span(start=at("14:00"), end=at("14:45")),
    done_at=at("14:10"),
    slots=tuple(Slot(at("16:00", day), at("18:00", day)) for day in range(3)),
    point=POINT,
)
EVERY = [(template.name, language) for template in OURS.all for language in LANGUAGES]
WORDS = "{% block subject %}S{% endblock %}{% block words %}"


def own(folder: Path, name: str, text: str, language: str = "de", about: str = "") -> Templates:
    place = folder / name
    place.mkdir(parents=True)
    (place / f"{language}.txt").write_text(text, encoding="utf-8")
    if about:
        (place / "about.toml").write_text(about, encoding="utf-8")
    return Templates.load(folder)


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_template_speaks_every_language_in_two_sms_at_most(name: str, language: str) -> None:
    said = OURS.render(name, language, CASE)
    assert said.language == language
    assert said.subject
    assert "{" not in said.words
    opt_out = OURS.language(language).opt_out
    assert segments(sms_text(f"{said.words}\n\n{opt_out}")).parts <= 2


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_case_of_which_little_is_known_leaves_no_holes(name: str, language: str) -> None:
    bare = MessageCase(said_at=at("14:22"))
    needed = {need: getattr(CASE, need) for need in OURS[name].needs}
    words = OURS.render(name, language, replace(bare, **needed)).words
    assert "  " not in words
    assert " ," not in words
    assert "()" not in words
    assert not words.startswith(",")


def test_an_arrival_is_rounded_outward_and_told_on_the_customers_clock() -> None:
    assert "heute 14:45–15:00 (zuvor 14:40)" in OURS.render("delay_notice", "de", CASE).words
    chile = replace(CASE, zone=ZoneInfo("America/Santiago"))
    assert "hoy 10:45–11:00 (antes 10:40)" in OURS.render("delay_notice", "es", chile).words


def test_tomorrow_is_a_word_and_later_days_a_date() -> None:
    words = OURS.render("new_slot", "de", CASE).words
    assert "1: heute 16:00–18:00" in words
    assert "2: morgen 16:00–18:00" in words
    assert "3: Fr. 27.11. 16:00–18:00" in words


def test_today_ends_at_the_customers_midnight() -> None:
    late = replace(
        CASE,
        said_at=at("23:50"),
        arrival=Span(start=at("23:58"), end=at("23:58") + timedelta(minutes=5)),
    )
    assert "heute 23:55–00:05" in OURS.render("arriving_soon", "de", late).words


@pytest.mark.parametrize(
    ("wanted", "written"),
    [("de-CH", "de"), ("es_CL", "es"), ("PT-br", "pt"), ("", "fr"), ("xx", "fr"), ("rm-CH", "fr")],
)
def test_a_language_nobody_wrote_is_the_nearest_or_the_brands(wanted: str, written: str) -> None:
    assert OURS.language_for("apology", wanted, "fr") == written


def test_without_any_other_it_is_english() -> None:
    assert OURS.language_for("apology", "xx", "") == "en"


def test_parameters_are_in_the_declared_order_and_never_empty() -> None:
    said = OURS.render("delay_notice", "de", replace(CASE, brand=""))
    assert said.parameters == ("Rosa Muster", "–", "heute 14:45–15:00", "14:40")


def test_what_a_template_needs_and_nobody_knows_is_named() -> None:
    with pytest.raises(NothingToSay, match="when the vehicle comes"):
        OURS.render("arriving_soon", "de", replace(CASE, arrival=None))
    with pytest.raises(UnknownTemplate):
        OURS.render("love_letter", "de", CASE)


def test_an_operators_text_goes_before_ours_and_the_rest_stays(tmp_path: Path) -> None:
    both = own(tmp_path, "apology", WORDS + "Pardon {{ customer }}{% endblock %}")
    assert both.render("apology", "de", CASE).words == "Pardon Rosa Muster"
    assert both.render("apology", "en", CASE) == OURS.render("apology", "en", CASE)
    assert both.troubles == []


def test_an_operator_adds_a_template_of_their_own(tmp_path: Path) -> None:
    about = 'title = "Wine"\nabout = "A gift."\ntopic = "gift"\n'
    both = own(tmp_path, "gift", WORDS + "Prost{% endblock %}", about=about)
    assert both["gift"].languages == ("de",)
    assert both.render("gift", "en", CASE).words == "Prost"


def test_an_operator_adds_a_language(tmp_path: Path) -> None:
    told = (Path(__file__).parents[2] / "resources/templates/languages.toml").read_text("utf-8")
    dutch = told.split("[en]")[1].split("[es]")[0].replace("today", "today", 1)
    (tmp_path / "languages.toml").write_text(f"[nl]\n{dutch}", encoding="utf-8")
    both = own(tmp_path, "apology", WORDS + "Sorry hoor{% endblock %}", language="nl")
    assert both.render("apology", "nl-BE", CASE).words == "Sorry hoor"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("{% block words %}x{% endblock %}", 0, "no block `subject`"),
        (WORDS + "\n\n{{ secrets }}{% endblock %}", 3, "`secrets` is not known"),
        (WORDS + "\n{{ customer.__class__ }}{% endblock %}", 2, "Getattr"),
        (WORDS + "{{ customer['upper'] }}{% endblock %}", 1, "Getitem"),
        (WORDS + "{{ range(10) }}{% endblock %}", 1, "Call"),
        (WORDS + "{{ customer * 1000000 }}{% endblock %}", 1, "Mul"),
        (WORDS + "{% include '/etc/passwd' %}{% endblock %}", 1, "Include"),
        (WORDS + "{% set a = 1 %}{% endblock %}", 1, "Assign"),
        (WORDS + "{% for a in customer %}x{% endfor %}{% endblock %}", 1, "only slots"),
        (
            WORDS + "{% for a in slots %}{% for b in slots %}x{% endfor %}{% endfor %}"
            "{% endblock %}",
            1,
            "in a loop",
        ),
        (WORDS + "\n{% if customer %}{% endblock %}", 2, "Unexpected|Encountered"),
        (WORDS + "{{ customer | pprint }}{% endblock %}", 1, "pprint"),
        (WORDS + "{% for a in slots %}{% endfor %}{{ a }}{% endblock %}", 0, "'a' is undefined"),
        (WORDS + "x" * 20_001 + "{% endblock %}", 0, "longer than"),
        (WORDS + "{% if customer %}" * 300 + "{% endif %}" * 300 + "{% endblock %}", 0, "nested"),
        (WORDS + "{{ " + "not " * 3000 + "customer }}{% endblock %}", 0, "nested"),
    ],
)
def test_a_broken_text_is_refused_with_its_line_and_ours_stays(
    tmp_path: Path, text: str, line: int, why: str
) -> None:
    both = own(tmp_path, "apology", text)
    (trouble,) = both.troubles
    assert trouble.file == tmp_path / "apology" / "de.txt"
    assert trouble.line == line
    assert re.search(why, trouble.why)
    assert both.render("apology", "de", CASE) == OURS.render("apology", "de", CASE)


PIECES = st.sampled_from(
    (
        *("{% block subject %}", "{% block words %}", "{% endblock %}", "{% if customer %}"),
        *("{% else %}", "{% endif %}", "{% for slot in slots %}", "{% endfor %}", "{{ slot }}"),
        *("{{ customer }}", "{{ loop }}", "{{ self }}", "{{ slots | first }}", "{#", "%}", "x"),
    )
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=14).map("".join))
def test_any_text_is_a_template_or_refused(text: str) -> None:
    try:
        sheet = Sheet(text)
        said = sheet.fill("words", {"customer": "Rosa", "slots": ("1: heute", "2: morgen")})
    except TemplateBroken:
        return
    assert len(said) <= 4_000


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ('title = "x"', "about"),
        ("title = ", "Invalid value"),
        ('title = "x"\nabout = "x"\ntopic = "x"\nneeds = ["moon"]', "moon"),
        ('title = "x"\nabout = "x"\ntopic = "x"\ncolour = 1', "colour"),
    ],
)
def test_a_broken_declaration_is_refused_and_ours_stays(
    tmp_path: Path, about: str, why: str
) -> None:
    both = own(tmp_path, "apology", WORDS + "x{% endblock %}", about=about)
    (trouble,) = both.troubles
    assert trouble.file.name == "about.toml"
    assert why in trouble.why
    assert both["apology"] == OURS["apology"]


def test_a_language_nobody_declared_is_refused(tmp_path: Path) -> None:
    both = own(tmp_path, "apology", WORDS + "x{% endblock %}", language="tlh")
    assert "no language tlh" in str(both.troubles[0])


def test_a_customers_name_cannot_be_a_template(tmp_path: Path) -> None:
    both = own(tmp_path, "apology", WORDS + "{{ customer }}{% endblock %}")
    trick = replace(CASE, customer="{{ address }}{% raw %}")
    assert both.render("apology", "de", trick).words == "{{ address }}{% raw %}"
