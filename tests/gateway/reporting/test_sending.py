"""Scheduled reports reach their readers, each at most once, and what fails is told."""

import asyncio
import contextlib
import io
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from msgspec import structs
from pypdf import PdfReader

from plugins.local_outbox import plugin as local_outbox
from tests.carriers.shift import StandingClock
from tests.gateway.reporting.office import KIM, LEE, WEEKLY, Office, office
from tests.gateway.telling.channels import Provider, accounts_of
from tests.kpi.report.figures import MADE_AT
from tests.plugins.smtp.mail_server import MailServer
from tower.domain.words import Channel as Medium
from tower.domain.words import MessageState
from tower.gateway.reporting.sending import ENDED, MISSED, NO_ACCOUNT
from tower.gateway.settings import ChannelSettings
from tower.gateway.telling.accounts import Accounts
from tower.gateway.telling.registry import find_channels
from tower.gateway.telling.secrets import Secrets
from tower.kpi.query import Answer, Ask
from tower.outreach.port import NotTaken, Unsure

SIX = MADE_AT - timedelta(hours=1)  # 06:00 in Vaduz; the report is due at 07:00
PAST_SEVEN = MADE_AT + timedelta(seconds=10)
BUSY = NotTaken("The mail server is busy.", again=True)

Play = Callable[[Office], Awaitable[None]]


def mail(*answers: Exception) -> Provider:
    return Provider(answers=answers, carries=(Medium.EMAIL,))


def play(
    folder: Path,
    accounts: Accounts,
    acts: Play,
    at: datetime = SIX,
    query: Callable[[Ask], Answer] | None = None,
) -> None:
    async def played() -> None:
        opened = office(folder, accounts, at, query) if query else office(folder, accounts, at)
        async with opened as place:
            await acts(place)

    asyncio.run(played())


def test_a_report_that_is_due_is_a_real_letter_with_a_real_page(tmp_path: Path) -> None:
    letters: list[EmailMessage] = []

    async def played() -> None:
        server = MailServer()
        async with server.running("none", None):
            accounts = mail_over(server.port)
            async with office(tmp_path, accounts, SIX) as place:
                await place.set(WEEKLY)
                await place.look_at(SIX + timedelta(minutes=1))
                assert place.runs == []
                await place.look_at(PAST_SEVEN)
                assert [(run.state, run.problem) for run in place.runs] == [(MessageState.SENT, "")]
            await accounts.close()
        letters.extend(letter for _, letter in server.letters)

    asyncio.run(played())
    (letter,) = letters
    assert letter["To"] == KIM
    assert letter["Subject"] == "Weekly report, 2–8 March 2026"
    assert letter["List-Unsubscribe"] is None
    body = letter.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    assert "On time: 93.5 %  −0.1 against the period before  (target ≥ 95 %, missed)" in (
        body.get_content()
    )
    (file,) = letter.iter_attachments()
    assert file.get_filename() == "weekly-report-2026-03-08.pdf"
    (page,) = PdfReader(io.BytesIO(file.get_content())).pages
    assert "Counts: carrier North Express" in page.extract_text()


def mail_over(port: int) -> Accounts:
    """The account of a mail server on this computer, as the settings name it."""
    settings = ChannelSettings(
        name="mail",
        plugin="smtp",
        options={
            "host": "127.0.0.1",
            "port": port,
            "security": "none",
            "sender": "tower@acme.example",
        },
    )
    return Accounts.opened([settings], find_channels(), Secrets(), StandingClock())


def test_it_is_sent_once_however_often_one_looks(tmp_path: Path) -> None:
    provider = mail()

    async def acts(place: Office) -> None:
        await place.set(WEEKLY)
        for seconds in range(0, 7_200, 600):
            await place.look_at(SIX + timedelta(seconds=seconds))

    play(tmp_path, accounts_of(mail=provider), acts)
    assert [one.to for one in provider.sent] == [KIM]


def test_before_noon_it_counts_up_to_the_day_before(tmp_path: Path) -> None:
    asked: list[Ask] = []

    def note(ask: Ask) -> Answer:
        asked.append(ask)
        raise LookupError("no figures yet")

    async def acts(place: Office) -> None:
        evening = structs.replace(WEEKLY, id="evening", hour=18)
        await place.set(WEEKLY, evening)
        await place.reports.look()
        await place.look_at(MADE_AT + timedelta(hours=12))
        assert [run.state for run in place.runs] == [MessageState.FAILED] * 2
        assert place.runs[0].problem == "It could not be made: no figures yet"

    play(tmp_path, accounts_of(mail=mail()), acts, query=note)
    assert [ask.filters.until for ask in asked] == ["2026-03-08", ""]
    assert {ask.filters.carriers for ask in asked} == {("c1",)}


def test_after_a_crash_in_the_middle_nobody_gets_it_again(tmp_path: Path) -> None:
    provider = mail()

    async def dies(place: Office) -> None:
        await place.set(WEEKLY)
        await place.reports.look()
        provider.held = asyncio.Event()
        looking = asyncio.get_running_loop().create_task(place.look_at(PAST_SEVEN))
        while not provider.sent:  # noqa: ASYNC110 - the provider of a test tells nobody
            await asyncio.sleep(0)
        looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await looking
        assert [run.state for run in place.runs] == [MessageState.SENDING]

    async def comes_back(place: Office) -> None:
        await place.reports.look()
        await place.look_at(PAST_SEVEN + timedelta(hours=1))
        assert [(run.state, run.problem) for run in place.runs] == [(MessageState.UNKNOWN, ENDED)]

    play(tmp_path, accounts_of(mail=provider), dies)
    play(tmp_path, accounts_of(mail=provider), comes_back, PAST_SEVEN)
    assert len(provider.sent) == 1


@pytest.mark.parametrize(("hours", "sent"), [(1, True), (11, True), (13, False)])
def test_what_was_missed_is_sent_late_once_or_told(tmp_path: Path, hours: int, sent: bool) -> None:
    provider = mail()

    async def sets(place: Office) -> None:
        await place.set(WEEKLY)

    async def comes_back(place: Office) -> None:
        await place.reports.look()
        last = place.runs[-1]
        expected = (MessageState.SENT, "") if sent else (MessageState.CANCELLED, MISSED)
        assert (last.state, last.problem) == expected

    accounts = accounts_of(mail=provider)
    play(tmp_path, accounts, sets, SIX - timedelta(days=3))
    play(tmp_path, accounts, comes_back, MADE_AT + timedelta(hours=hours))
    assert len(provider.sent) == int(sent)


def test_a_report_set_after_its_hour_waits_for_the_next_day(tmp_path: Path) -> None:
    provider = mail()

    async def sets(place: Office) -> None:
        await place.set(WEEKLY)
        await place.reports.look()

    play(tmp_path, accounts_of(mail=provider), sets, MADE_AT + timedelta(hours=3))
    play(tmp_path, accounts_of(mail=provider), sets, MADE_AT + timedelta(hours=4))
    assert provider.sent == []


def test_a_server_that_is_busy_is_asked_again(tmp_path: Path) -> None:
    provider = mail(BUSY, BUSY)

    async def acts(place: Office) -> None:
        await place.set(WEEKLY)
        await place.reports.look()
        await place.look_at(PAST_SEVEN)
        assert place.runs[0].state is MessageState.SENT

    play(tmp_path, accounts_of(mail=provider), acts)
    assert provider.got == {KIM: 1}


def test_what_each_reader_got_is_told(tmp_path: Path) -> None:
    provider = mail(NotTaken("The mail server said 550: No such user"))

    async def acts(place: Office) -> None:
        await place.set(structs.replace(WEEKLY, to=(LEE, KIM)))
        await place.reports.look()
        await place.look_at(PAST_SEVEN)
        (run,) = place.runs
        assert run.state is MessageState.SENT
        assert run.problem == (
            f"Not everybody got it. {LEE}: The mail server said 550: No such user"
        )

    play(tmp_path, accounts_of(mail=provider), acts)
    assert provider.got == {KIM: 1}


def test_a_lost_answer_leaves_it_unknown_and_tries_no_other_account(tmp_path: Path) -> None:
    first, second = mail(Unsure("no answer in time")), mail()

    async def acts(place: Office) -> None:
        await place.set(WEEKLY)
        await place.reports.look()
        await place.look_at(PAST_SEVEN)
        assert place.runs[0].state is MessageState.UNKNOWN

    play(tmp_path, accounts_of(mail=first, other=second), acts)
    assert second.sent == []


def test_an_account_that_carries_no_files_leaves_it_to_the_next(tmp_path: Path) -> None:
    words, files = mail(NotTaken("JSON over HTTP carries no attached files.")), mail()

    async def acts(place: Office) -> None:
        await place.set(WEEKLY)
        await place.reports.look()
        await place.look_at(PAST_SEVEN)
        assert place.runs[0].state is MessageState.SENT

    play(tmp_path, accounts_of(words=words, files=files), acts)
    assert files.got == {KIM: 1}


def test_without_an_account_it_says_that_nobody_got_it(tmp_path: Path) -> None:
    async def acts(place: Office) -> None:
        await place.set(WEEKLY)
        await place.reports.look()
        await place.look_at(PAST_SEVEN)
        (run,) = place.runs
        assert (run.state, run.problem) == (MessageState.NOT_SENT, NO_ACCOUNT)

    kept = Accounts.opened((), {local_outbox.name: local_outbox}, Secrets(), StandingClock())
    play(tmp_path, kept, acts)


def test_what_is_asked_for_now_is_sent_at_the_next_look_and_once(tmp_path: Path) -> None:
    provider = mail()

    async def acts(place: Office) -> None:
        await place.set(structs.replace(WEEKLY, paused=True))
        await place.reports.look()
        await place.ask_for("weekly")
        assert place.reports.hurry.is_set()
        for _ in range(3):
            await place.reports.look()
        assert [run.state for run in place.runs] == [MessageState.SENT]

    play(tmp_path, accounts_of(mail=provider), acts)
    assert provider.got == {KIM: 1}


def test_what_was_asked_for_before_a_crash_is_sent_after_it(tmp_path: Path) -> None:
    provider = mail()

    async def asks(place: Office) -> None:
        await place.set(WEEKLY)
        await place.ask_for("weekly")

    async def comes_back(place: Office) -> None:
        await place.reports.look()
        assert [run.state for run in place.runs] == [MessageState.SENT]

    play(tmp_path, accounts_of(mail=provider), asks)
    play(tmp_path, accounts_of(mail=provider), comes_back, SIX + timedelta(minutes=5))
    assert provider.got == {KIM: 1}
