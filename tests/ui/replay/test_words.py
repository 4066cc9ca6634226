"""Times as they are typed and said, playing, and what is answered about the past."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QSettings

from tests.ui.example_shift import NOON
from tests.ui.replay.conftest import BEGINS, history, recording
from tower.domain.timezones import zone_named
from tower.gateway.answers import EventPage
from ui.nogateway import NoGateway
from ui.replay.answers import NO_GATEWAY, NOT_OF_THEN, RecordedAnswers, index_of
from ui.replay.bookmarks import Bookmarks
from ui.replay.player import RATES, Player, other_rate
from ui.replay.typed import Span, typed_time
from ui.replay.words import ago_words
from ui.session import PAST_WORDS

ZONE = zone_named("Europe/Vaduz") or UTC
SPAN = Span(BEGINS, NOON)
SHOWN = NOON - timedelta(hours=1)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("11:30", NOON - timedelta(hours=1, minutes=30)),
        ("1130", NOON - timedelta(hours=1, minutes=30)),
        (" 11:30:05 ", NOON - timedelta(hours=1, minutes=29, seconds=55)),
        ("-30", SHOWN - timedelta(minutes=30)),
        ("-1 h", SHOWN - timedelta(hours=1)),
        ("+90 s", SHOWN + timedelta(seconds=90)),
        ("25:00", None),
        ("11:75", None),
        ("14:00", None),
        ("+5 h", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_typed_time_means_a_moment_of_the_span(words: str, meant: datetime | None) -> None:
    assert typed_time(words, SHOWN, SPAN, ZONE) == meant


def test_a_time_that_comes_twice_is_the_nearer_one() -> None:
    night = Span(datetime(2026, 11, 20, 20, tzinfo=UTC), datetime(2026, 11, 21, 22, tzinfo=UTC))
    shown = datetime(2026, 11, 21, 19, tzinfo=UTC)
    assert typed_time("21:30", shown, night, ZONE) == datetime(2026, 11, 21, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 s ago"),
        (40, "40 s ago"),
        (719, "11 min ago"),
        (3600, "1 h ago"),
        (4320, "1 h 12 min ago"),
        (3 * 86_400, "3 days ago"),
    ],
)
def test_how_long_ago_is_said_shortly(seconds: float, words: str) -> None:
    assert ago_words(seconds) == words


def test_the_rate_changes_without_a_jump() -> None:
    player = Player()
    player.set_rate(60, 0.0)
    player.start(BEGINS, 0.0, 1)
    player.set_rate(120, 10.0)
    assert player.at(10.0) == BEGINS + timedelta(minutes=10)
    assert player.at(20.0) == BEGINS + timedelta(minutes=30)
    assert [other_rate(rate, 1) for rate in RATES] == [5, 20, 60, 120, 120]
    assert other_rate(1, -1) == 1


def _answers(at: datetime, *, has_gateway: bool = True) -> RecordedAnswers:
    made = recording(history())
    return RecordedAnswers(made, index_of(made.events), at, has_gateway=has_gateway)


def test_only_what_was_known_by_then_is_told() -> None:
    at = NOON - timedelta(hours=2)
    found = _answers(at).answer("/v1/events?after=0&limit=500")
    assert found is not None
    told = msgspec.json.decode(found.body, type=EventPage).events
    assert told
    assert max(one.recorded_at for one in told) == at
    about = _answers(at).answer("/v1/events?exception=x2&limit=200")
    assert about is not None
    assert msgspec.json.decode(about.body, type=EventPage).events == ()


def test_what_tells_of_now_is_refused_and_the_rest_goes_to_the_gateway() -> None:
    answers = _answers(NOON)
    assert answers.answer("/v1/vehicles/own%3Av0/trail?since=x") is None
    refused = answers.answer("/v1/stops/s1/arrival")
    assert refused is not None
    assert refused.message == NOT_OF_THEN
    alone = _answers(NOON, has_gateway=False).answer("/v1/vehicles/own%3Av0/trail")
    assert alone is not None
    assert alone.message == NO_GATEWAY


def test_bookmarks_that_cannot_be_read_are_left_out() -> None:
    settings = QSettings("tower-tests", "bookmarks")
    settings.clear()
    settings.setValue("replay/bookmarks/epoch", "[{")
    bookmarks = Bookmarks(settings)
    bookmarks.open("epoch")
    assert bookmarks.all == ()
    bookmarks.add(NOON, " noon ")
    again = Bookmarks(settings)
    again.open("epoch")
    assert [one.words for one in again.all] == ["noon"]
    again.remove(again.all[0])
    assert again.all == ()


def test_a_recording_needs_no_gateway() -> None:
    host = NoGateway(Path("/somewhere/shift.tower"))
    assert host.words == "shift.tower"
    assert not host.revive()
    host.stop()


def test_the_words_of_the_past_name_the_key_that_leads_back() -> None:
    assert "Backspace" in PAST_WORDS
