"""The agent's round: for each printer take a job, print it, tell how it went."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from tempfile import TemporaryFile
from typing import BinaryIO

import structlog

from suyuan.agent.devices import BrokenOff, Device, NotReached
from suyuan.agent.server import NotOurs, Refused, Server, Taken
from suyuan.trace.errors import Unavailable
from suyuan.trace.printers.facts import Ending

_BEAT = 10.0
"""Seconds after which the server is told again that a job is being printed."""
_PATIENCE = 5.0
"""Seconds before an ending that the server did not hear is told again."""


class Agent:
    """Feeds ``printers``, by their uids, until ``stop`` is set."""

    def __init__(
        self, server: Server, printers: Mapping[str, Device], stop: threading.Event
    ) -> None:
        self._server = server
        self._printers = printers
        self._stop = stop
        self._refused: dict[str, str] = {}

    def work(self, every: float) -> None:
        """Look for jobs every so many seconds. Raises NotLetIn; an absent server is waited for, and
        a printer that the server does not know is left aside until it does."""
        while not self._stop.is_set():
            busy = False
            try:
                busy = self.round()
            except Unavailable as error:
                structlog.get_logger().warning("server.absent", why=str(error))
            except (Refused, NotOurs):
                pass  # was written down when it was refused
            if not busy:
                self._stop.wait(every)

    def round(self) -> bool:
        """Print one job of each printer that has any; whether one had.

        Raises NotLetIn and Unavailable; Refused or NotOurs where the server feeds one of them no
        more and none of the others had a job.
        """
        found, refused = False, None
        for printer, device in self._printers.items():
            if self._stop.is_set():
                break
            try:
                taken = self._server.take(printer)
            except (Refused, NotOurs) as error:
                self._write_down(printer, str(error))
                refused = error
                continue
            self._refused.pop(printer, None)
            if taken is not None:
                found = True
                self._print(taken, device)
        if refused is not None and not found:
            raise refused
        return found

    def _write_down(self, printer: str, why: str) -> None:
        """Once, and not at every look."""
        if self._refused.get(printer) != why:
            self._refused[printer] = why
            structlog.get_logger().warning("printer.refused", printer=printer, why=why)

    def _print(self, taken: Taken, device: Device) -> None:
        # no name on the disk of the station's PC: whoever reads scratch PINs knows them
        with TemporaryFile() as data:
            self._print_from(taken, device, data)

    def _print_from(self, taken: Taken, device: Device, data: BinaryIO) -> None:
        journal = structlog.get_logger().bind(job=taken.job, labels=taken.labels)
        try:
            self._server.labels(taken, data, self._telling_that_we_live(taken))
            data.flush()
            data.seek(0)
        except Refused as error:
            self._tell(taken, Ending("failed", "not_drawn", str(error)))
            return
        except NotOurs as error:
            journal.info("job.lost", why=str(error))
            return
        try:
            # from here on nobody else prints it, whatever becomes of this process
            self._server.hold(taken, begins=True)
        except (NotOurs, Refused) as error:
            journal.info("job.lost", why=str(error))
            return
        ending = self._fed(taken, device, data)
        journal.info("job.ended", state=ending.state, why=ending.why, detail=ending.detail)
        self._tell(taken, ending)

    def _fed(self, taken: Taken, device: Device, data: BinaryIO) -> Ending:
        try:
            sent = device.print(data, self._telling_that_we_live(taken))
        except NotReached as error:
            return Ending("failed", "unreachable", str(error))
        except BrokenOff as error:
            return Ending("unsure", "broke_off", str(error), error.sent)
        return Ending("printed", sent=sent)

    def _telling_that_we_live(self, taken: Taken) -> Callable[[], None]:
        told = time.monotonic()

        def alive() -> None:
            nonlocal told
            if time.monotonic() - told < _BEAT:
                return
            told = time.monotonic()
            try:
                self._server.hold(taken)
            except (Unavailable, NotOurs, Refused) as error:
                # the labels come out all the same: what became of them is told at the end
                structlog.get_logger().warning("server.absent", why=str(error))

        return alive

    def _tell(self, taken: Taken, ending: Ending) -> None:
        """Tell the server how it went, as often as it takes: else somebody must look at the paper.

        Raises NotLetIn.
        """
        while True:
            try:
                self._server.end(taken, ending)
            except (NotOurs, Refused) as error:
                structlog.get_logger().info("job.lost", why=str(error))
            except Unavailable as error:
                structlog.get_logger().warning("server.absent", why=str(error))
                if not self._stop.wait(_PATIENCE):
                    continue
            return
