"""What the hand waits for has precedence, by right or by asking; what it starts has none."""

import logging
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from jeepney import HeaderFields, Message, new_error, new_method_return
from jeepney.low_level import Parser
from pytestqt.qtbot import QtBot

from ui import precedence
from ui.replay.worker import Worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux has niceness per thread")

_ASKED = """
import os, subprocess, sys, threading
from ui.precedence import go_first

def niceness():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

go_first()
later = []
thread = threading.Thread(target=lambda: later.append(niceness()))
thread.start()
thread.join()
child = subprocess.run(["nice"], capture_output=True, check=True).stdout
print(niceness(), later[0], int(child))
"""


def _may_raise() -> bool:
    try:
        os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) - 1)
    except PermissionError:
        return False
    os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) + 1)
    return True


def test_only_the_thread_itself_goes_first() -> None:
    if not _may_raise():
        pytest.skip("this user may not raise a thread's priority")

    said = subprocess.run(
        [sys.executable, "-c", _ASKED], capture_output=True, text=True, check=True
    ).stdout

    assert said.split() == [str(precedence.NICE), "0", "0"]


def test_the_thread_that_makes_moments_of_the_past_goes_first_too(qtbot: QtBot) -> None:
    if not _may_raise():
        pytest.skip("this user may not raise a thread's priority")
    worker, found = Worker(), list[int]()
    worker.do(
        lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()),
        found.append,
        lambda error: pytest.fail(str(error)),
    )
    qtbot.waitUntil(lambda: bool(found))
    worker.stop()
    assert found == [precedence.NICE]


class _Machine(threading.Thread):
    """A system bus with RealtimeKit on it, for one caller."""

    def __init__(self, path: Path, refusal: str = "") -> None:
        super().__init__(daemon=True)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen()
        self._refusal = refusal
        self.asked: list[tuple[str, object]] = []

    def run(self) -> None:
        caller, _ = self._socket.accept()
        with caller, self._socket:
            assert _until(caller, b"\r\n")[0].startswith(b"\0AUTH EXTERNAL")
            caller.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n")
            parser, serial = Parser(), 1
            _, left = _until(caller, b"BEGIN\r\n")
            while left or (left := caller.recv(4096)):
                parser.add_data(left)
                while (call := parser.get_next_message()) is not None:
                    caller.sendall(self._answer(call).serialise(serial))
                    serial += 1
                left = b""

    def _answer(self, call: Message) -> Message:
        name = str(call.header.fields[HeaderFields.member])
        if name == "Hello":
            return new_method_return(call, "s", (":1.1",))
        self.asked.append((name, call.body))
        if self._refusal:
            return new_error(call, "org.example.No", "s", (self._refusal,))
        return new_method_return(call)


def _until(caller: socket.socket, end: bytes) -> tuple[bytes, bytes]:
    """What comes before an end, however it is cut into pieces, and what came with it after."""
    heard = b""
    while end not in heard:
        piece = caller.recv(1000)
        assert piece, "the caller left"
        heard += piece
    before, _, after = heard.partition(end)
    return before, after


@pytest.fixture
def _without_the_right(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: int) -> None:
        raise PermissionError("not allowed")

    monkeypatch.setattr(os, "setpriority", refused)
    monkeypatch.setattr(os, "sched_setscheduler", lambda *_: None)


def _go_first_and_wait() -> None:
    before = set(threading.enumerate())
    precedence.go_first()
    for thread in set(threading.enumerate()) - before:
        thread.join()


@pytest.mark.usefixtures("_without_the_right")
@pytest.mark.parametrize("refusal", ["", "not at this seat"])
def test_who_has_no_right_asks_for_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    refusal: str,
) -> None:
    machine = _Machine(tmp_path / "bus", refusal)
    machine.start()
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'bus'}")

    with caplog.at_level(logging.INFO, precedence.__name__):
        _go_first_and_wait()

    machine.join()
    own = (threading.get_native_id(), precedence.NICE)
    assert machine.asked == [("MakeThreadHighPriority", own)]
    assert [record.getMessage() for record in caplog.records] == (
        [f"no precedence for the window: {refusal}"] if refusal else []
    )


@pytest.mark.usefixtures("_without_the_right")
@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "tcp:host=localhost", "nonsense"])
def test_nobody_to_ask_is_no_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)

    with caplog.at_level(logging.INFO, precedence.__name__):
        _go_first_and_wait()

    (record,) = caplog.records
    assert "no RealtimeKit" in record.getMessage()
