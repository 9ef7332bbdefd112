"""The ways to a label printer: a network port, a device file, a queue of CUPS.

Each takes the bytes of a job from a file and gives back how many went out. What went wrong is told
apart by whether a label may have come out: before the first byte none can have.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol

from suyuan.trace.errors import InvalidInput

RAW_PORT = 9100
"""Where label printers listen for what they are to print (HP JetDirect, and all since)."""
_TCP = re.compile(r"tcp://(?P<host>[^/:\[\]]+|\[[^/\]]+\])(?::(?P<port>[0-9]{1,5}))?/?")
_PART = 4096
_TAKES_ALL = 10
"""So often the patience for a part is the patience for CUPS, which takes all at once."""
_LOOKS = 1.0
"""Seconds between looks whether CUPS has it."""
_HANGS_UP = 5.0
"""Seconds in which a printer that hangs up after a job does so."""

Alive = Callable[[], None]


class NotReached(Exception):
    """The printer took nothing: no label can have come out."""


class BrokenOff(Exception):
    """The printer took ``sent`` bytes and then no more: nobody knows how many labels came out."""

    def __init__(self, why: str, sent: int) -> None:
        super().__init__(why)
        self.sent = sent


class Device(Protocol):
    """A way to a printer."""

    def print(self, data: BinaryIO, alive: Alive) -> int:
        """Send all of a file; returns how many bytes went out. ``alive`` is called now and then.

        Raises NotReached and BrokenOff.
        """


def device(address: str, patience: float) -> Device:
    """The way to the printer at an address: ``tcp://HOST[:PORT]``, ``cups:QUEUE`` or a device file.

    ``patience``: seconds in which a printer must take something. Raises InvalidInput.
    """
    if (found := _TCP.fullmatch(address)) is not None:
        port = int(found["port"] or RAW_PORT)
        if not 0 < port < 1 << 16:
            raise _no_address(address)
        return NetworkPrinter(found["host"].strip("[]"), port, patience)
    if address.startswith("cups:") and address != "cups:":
        return CupsQueue(address.removeprefix("cups:"), patience)
    if address.startswith("/"):
        return DeviceFile(Path(address), patience)
    raise _no_address(address)


@dataclass(frozen=True)
class NetworkPrinter:
    """A printer that prints what is sent to a port of it."""

    host: str
    port: int
    patience: float

    def print(self, data: BinaryIO, alive: Alive) -> int:
        try:
            connection = socket.create_connection((self.host, self.port), self.patience)
        except OSError as error:
            raise NotReached(_said(error)) from error
        with connection:
            return self._feed(connection, data, alive)

    def _feed(self, connection: socket.socket, data: BinaryIO, alive: Alive) -> int:
        sent = 0
        try:
            while part := data.read(_PART):
                while part:
                    _require_open(connection)
                    taken = connection.send(part)
                    part, sent = part[taken:], sent + taken
                    alive()
            connection.shutdown(socket.SHUT_WR)
            self._await_end(connection)
        except OSError as error:
            if not sent:
                raise NotReached(_said(error)) from error
            raise BrokenOff(_said(error), sent) from error
        return sent

    def _await_end(self, connection: socket.socket) -> None:
        """Wait until the printer has taken what was on its way and hangs up.

        One that throws it away hangs up with a reset. Many never hang up at all, which is no fault.
        """
        connection.settimeout(min(self.patience, _HANGS_UP))
        with contextlib.suppress(TimeoutError):
            while connection.recv(_PART):
                pass  # what a printer tells of itself


def _require_open(connection: socket.socket) -> None:
    """Raises OSError where the printer hung up: what is sent then is lost without a word."""
    readable, _, _ = select.select([connection], [], [], 0)
    if readable and not connection.recv(_PART):
        raise ConnectionResetError("the printer hung up")


@dataclass(frozen=True)
class DeviceFile:
    """A printer at a device file, such as /dev/usb/lp0."""

    path: Path
    patience: float

    def print(self, data: BinaryIO, alive: Alive) -> int:
        try:
            file = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            raise NotReached(_said(error)) from error
        sent = 0
        try:
            while part := data.read(_PART):
                while part:
                    _, ready, _ = select.select([], [file], [], self.patience)
                    if not ready:
                        raise TimeoutError("the printer takes nothing: paper, ribbon, cover?")
                    taken = os.write(file, part)
                    part, sent = part[taken:], sent + taken
                    alive()
        except OSError as error:
            if not sent:
                raise NotReached(_said(error)) from error
            raise BrokenOff(_said(error), sent) from error
        finally:
            os.close(file)
        return sent


@dataclass(frozen=True)
class CupsQueue:
    """A queue of CUPS, which takes a job whole or not at all and feeds the printer by itself.

    It is told by the command ``lp`` (CUPS 1.2 and later), raw, so that no filter turns commands of
    a label printer into pages.
    """

    queue: str
    patience: float

    def print(self, data: BinaryIO, alive: Alive) -> int:
        program = shutil.which("lp")
        if program is None:
            raise NotReached("there is no command lp: install CUPS")
        command = [program, "-d", self.queue, "-o", "raw", "--", "-"]
        with TemporaryFile() as said:
            try:
                process = subprocess.Popen(  # noqa: S603 - the queue's name is one argument
                    command, stdin=data, stdout=subprocess.DEVNULL, stderr=said
                )
            except OSError as error:
                raise NotReached(_said(error)) from error
            if not self._ended(process, alive):
                raise BrokenOff("CUPS does not answer", 0)
            if process.returncode != 0:
                said.seek(0)
                why = said.read(_PART).decode(errors="replace").strip()
                raise NotReached(why or f"lp ended with {process.returncode}")
        return data.tell()

    def _ended(self, process: subprocess.Popen[bytes], alive: Alive) -> bool:
        """Whether ``lp`` has ended in time; one that has not is killed."""
        until = time.monotonic() + _TAKES_ALL * self.patience
        while time.monotonic() < until:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_LOOKS)
                return True
            alive()
        process.kill()
        process.wait()
        return False


def _said(error: OSError) -> str:
    return error.strerror or str(error)


def _no_address(address: str) -> InvalidInput:
    return InvalidInput(
        "A printer is at tcp://HOST:9100, at a device file such as /dev/usb/lp0, or at cups:QUEUE, "
        "and not at {address}.",
        field="printer",
        address=address,
    )
