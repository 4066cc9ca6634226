"""A real Kannel on loopback: bearerbox, smsbox and the fake SMSC of Debian's packages."""

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PATIENCE_S = 20.0
_FAKE_SMSC = "/usr/lib/kannel/test/fakesmsc"
_PROGRAMS = ("/usr/sbin/bearerbox", "/usr/sbin/smsbox", _FAKE_SMSC)
_INSTALL = ("install", "-y", "--no-install-recommends", "kannel", "kannel-extras")
_APT_S = 120


def install_or_skip() -> None:
    """Have Kannel here, or skip the test with the reason why not."""
    if not _is_here() and os.geteuid() == 0 and shutil.which("apt-get"):
        said = _apt(*_INSTALL)
        if "Unable to locate package" in said:  # a machine that has never asked what there is
            _apt("update")
            _apt(*_INSTALL)
    if not _is_here():
        pytest.skip("no Kannel: Debian's kannel and kannel-extras cannot be installed here")


def _apt(*words: str) -> str:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    try:
        ran = subprocess.run(
            ["apt-get", *words],
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=_APT_S,
        )
    except subprocess.TimeoutExpired:
        return ""
    return ran.stdout + ran.stderr


def _is_here() -> bool:
    return all(Path(program).is_file() for program in _PROGRAMS)


@dataclass
class Program:
    """One running program of Kannel's, and what it has said."""

    process: asyncio.subprocess.Process
    said: list[str]

    async def until(self, words: str) -> str:
        """The next line with these words."""
        assert self.process.stdout is not None
        while True:
            line = await asyncio.wait_for(self.process.stdout.readline(), PATIENCE_S)
            self.said.append(line.decode(errors="replace"))
            if not line:
                pytest.fail(f"Kannel stopped before it said {words!r}: {''.join(self.said)}")
            if words in self.said[-1]:
                return self.said[-1]


@asynccontextmanager
async def _running(*command: str | Path) -> AsyncIterator[Program]:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield Program(process, [])
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@dataclass
class Kannel:
    """A Kannel that runs, with no phones in its network yet.

    Attributes:
        url: where its smsbox listens.
    """

    url: str
    _bearer: Program
    _smsc: int

    @asynccontextmanager
    async def phones(self, *texts: str) -> AsyncIterator[Program]:
        """The network with its phones, which print what they get.

        Args:
            texts: what phones send, as fakesmsc writes messages.
        """
        many = ("-i", "0.01", "-m", str(len(texts)))
        async with _running(
            _FAKE_SMSC, "-H", "127.0.0.1", "-r", str(self._smsc), *many, *texts
        ) as network:
            await self._bearer.until("Fakesmsc client connected")
            yield network


@asynccontextmanager
async def running(folder: Path, get_url: str) -> AsyncIterator[Kannel]:
    """Run Kannel until the block is left.

    Args:
        folder: for its configuration.
        get_url: where smsbox brings incoming messages.
    """
    admin, boxes, smsc, sendsms = _free_ports(4)
    written = folder / "kannel.conf"
    written.write_text(_configuration(admin, boxes, smsc, sendsms, get_url))
    async with AsyncExitStack() as stack:
        bearer = await stack.enter_async_context(
            _running("/usr/sbin/bearerbox", "-v", "1", written)
        )
        await bearer.until("entering mainloop")
        box = await stack.enter_async_context(_running("/usr/sbin/smsbox", "-v", "1", written))
        await box.until("Connected to bearerbox")
        await bearer.until("Client connected from")
        yield Kannel(f"http://127.0.0.1:{sendsms}", bearer, smsc)


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports


def _configuration(admin: int, boxes: int, smsc: int, sendsms: int, get_url: str) -> str:
    return f"""
group = core
admin-port = {admin}
admin-interface = "127.0.0.1"
admin-password = admin-of-the-test
smsbox-port = {boxes}
smsbox-interface = "127.0.0.1"
box-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"

group = smsc
smsc = fake
smsc-id = FAKE
port = {smsc}
connect-allow-ip = "127.0.0.1"

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {sendsms}
sendsms-interface = "127.0.0.1"
mo-recode = true

group = sendsms-user
username = tower
password = swordfish
max-messages = 10
concatenation = true

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "{get_url}"
"""
