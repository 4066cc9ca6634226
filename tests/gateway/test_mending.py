"""A gateway whose journal is damaged while it is in use."""

import random
from pathlib import Path

import pytest

from tests.drills._damage import damage, pages_with
from tests.drills._gateway import GatewayProcess
from tests.drills._journal import JOURNAL
from tests.drills._senders import NOT_THERE, ask, connect
from tests.drills._watcher import Watcher, until
from tests.journal.diary import HandClock, raised
from tower.journal.journal import Journal

EXCEPTIONS = 400


@pytest.mark.slow
def test_it_mends_its_journal_and_goes_on_where_desktops_left_it(tmp_path: Path) -> None:
    file = tmp_path / "data" / JOURNAL
    journal = Journal.open(file, HandClock())
    journal.append([raised(f"x{number}") for number in range(EXCEPTIONS)]).result()
    journal.close()
    with GatewayProcess(tmp_path) as gateway, Watcher(gateway.port) as desktop:
        assert until(lambda: desktop.is_well and len(desktop.state.exceptions) == EXCEPTIONS)
        pages = pages_with(file, b"exception_raised")
        damage(file, pages[len(pages) // 2], random.Random(4))
        assert desktop.until_saw("The journal is damaged")
        assert desktop.until_saw("has been mended")
        assert until(lambda: _is_served(gateway.port))
        assert len(desktop.state.exceptions) == EXCEPTIONS
        assert desktop.saw("none is missing")
        assert len(set(desktop.epochs)) == 1
        gateway.end()
    assert len(list(file.parent.glob("*.damaged-*"))) == 1


def _is_served(port: int) -> bool:
    line = connect(port)
    try:
        return ask(line, "GET", "/v1/health").status == 200
    except NOT_THERE:
        return False
    finally:
        line.close()
