"""``suyuan print-agent``: on a station's PC, feeds its printers with what is sent to them."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from types import FrameType

import click

from suyuan.agent.devices import Device, device
from suyuan.agent.server import Server
from suyuan.agent.work import Agent
from suyuan.trace.errors import InvalidInput, Misconfigured
from suyuan.trace.journal import set_up_journal


@click.command(
    epilog="Example: suyuan print-agent --server https://trace.example.cn --token-file token "
    "--printer 01k…=tcp://192.168.1.50"
)
@click.option("--server", required=True, help="Address of the server, https://…")
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File with the station's API token.",
)
@click.option(
    "--printer",
    "printers",
    multiple=True,
    required=True,
    metavar="UID=ADDRESS",
    help="A printer and where it is: tcp://HOST:9100, /dev/usb/lp0 or cups:QUEUE. May be repeated.",
)
@click.option(
    "--every",
    type=click.FloatRange(1),
    default=3.0,
    show_default=True,
    help="Seconds between looks.",
)
@click.option(
    "--patience",
    type=click.FloatRange(0.1),
    default=30.0,
    show_default=True,
    help="Seconds in which a printer must take something.",
)
@click.option("--once", is_flag=True, help="Print what waits now, then end.")
def print_agent(
    server: str,
    token_file: Path,
    printers: tuple[str, ...],
    every: float,
    patience: float,
    once: bool,
) -> None:
    """Fetch what was sent to the station's printers and print it, until told to stop (SIGTERM).

    What came out, or why not, is told to the server. Where a printer breaks off in the middle
    nothing is printed again by itself: somebody looks at the paper and decides.
    """
    set_up_journal(json=False)
    stop = threading.Event()

    def stopped(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    fed = dict(_read(one, patience) for one in printers)
    agent = Agent(Server(server, _token(token_file)), fed, stop)
    if once:
        while agent.round():
            pass
        return
    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGINT, stopped)
    agent.work(every)


def _read(said: str, patience: float) -> tuple[str, Device]:
    uid, equals, address = said.partition("=")
    if not (uid and equals):
        raise InvalidInput("Write --printer as UID=ADDRESS; the uid stands on its page.", "printer")
    return uid, device(address, patience)


def _token(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured("{file} cannot be read: {why}", file=file, why=error) from error
