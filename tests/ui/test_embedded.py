"""The desktop's own gateway: started, heard, revived, ended; its token stays secret."""

import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from tower.gateway.options import ExitCode
from ui.embedded import EmbeddedGateway, EmbeddedGatewayError

LISTENS = """
    import json, os, sys
    assert len(os.environ["TOWER_TOKEN"]) >= 32
    print(json.dumps({"port": 4711, "pid": os.getpid()}), flush=True)
    sys.stdin.read()
"""
FAILS = """
    import sys
    print("tower: Port 8750 is taken by another program.", file=sys.stderr)
    sys.exit(3)
"""
BABBLES = """
    print("hello", flush=True)
"""


def _child(program: str, tmp_path: Path) -> EmbeddedGateway:
    command = (sys.executable, "-c", textwrap.dedent(program))
    return EmbeddedGateway(command, tmp_path / "log" / "gateway.log")


def test_it_is_heard_where_it_listens_and_ends_with_the_desktop(tmp_path: Path) -> None:
    child = _child(LISTENS, tmp_path)
    process = psutil.Process(child.pid)
    try:
        assert child.wait_ready() == "http://127.0.0.1:4711"
        assert child.token not in " ".join(process.cmdline())
    finally:
        child.stop()
    assert not process.is_running()


def test_its_last_words_and_exit_code_reach_the_user(tmp_path: Path) -> None:
    child = _child(FAILS, tmp_path)
    with pytest.raises(EmbeddedGatewayError, match="Port 8750 is taken") as failed:
        child.wait_ready()
    child.stop()
    assert failed.value.exit_code is ExitCode.PORT_TAKEN


def test_an_unknown_announcement_is_a_clear_error(tmp_path: Path) -> None:
    child = _child(BABBLES, tmp_path)
    with pytest.raises(EmbeddedGatewayError, match="make setup"):
        child.wait_ready()
    child.stop()


def test_a_program_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedGatewayError, match="cannot be started"):
        EmbeddedGateway((str(tmp_path / "nothing"),), tmp_path / "gateway.log")


def test_a_killed_gateway_is_started_again_with_the_same_token(tmp_path: Path) -> None:
    child = _child(LISTENS, tmp_path)
    try:
        child.wait_ready()
        token, first = child.token, psutil.Process(child.pid)
        assert not child.revive()
        first.kill()
        first.wait(10)
        assert child.revive()
        assert child.pid != first.pid
        assert child.token == token
    finally:
        child.stop()
