"""``suyuan demo``: an installation with a season of data, served at once."""

from __future__ import annotations

import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import click
import qrcode

from suyuan.commands.opened import data_option, opened_database
from suyuan.commands.serve import require_free, run_server
from suyuan.commands.tls import make_certificate
from suyuan.commands.watching import watched
from suyuan.demo.handout import Handout, hand_out, write_handout
from suyuan.demo.installation import demo_settings, make_or_find
from suyuan.trace.clock import SystemClock, shown
from suyuan.trace.journal import set_up_journal
from suyuan.trace.settings import settings_from_environment

_EVERYWHERE = "0.0.0.0"  # noqa: S104 - for the phones beside this machine
_SOMEWHERE = ("192.0.2.1", 9)
"""An address of RFC 5737: nothing is sent there, but the system says how it would be reached."""


@click.command(epilog="Example: suyuan demo --data var/demo --port 8771")
@data_option
@click.option("--port", type=click.IntRange(1, 65535), default=8771, show_default=True)
@click.option("--address", help="The address of this machine that phones reach. [found out]")
@click.option("--tls", is_flag=True, help="Serve https with a certificate made at the start.")
def demo(data: Path | None, port: int, address: str | None, tls: bool) -> None:
    """Open an installation with a season of four families, and serve it.

    Prints addresses for phones beside this machine and links that sign in once; the same and
    more is in DATA/demo.json. Begun again, it goes on with the data it has.
    """
    set_up_journal(json=True)
    # a season takes a while to tell, and the handout of a demonstration that runs would be lost
    require_free(_EVERYWHERE, port)
    settings = demo_settings(settings_from_environment(data))
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    address = address or lan_address()
    host = f"{address}:{port}"
    base_url = f"{'https' if tls else 'http'}://{host}"
    with opened_database(settings, new=True) as database:
        with watched() as told:

            def tell(moment: datetime) -> None:
                told(f"Telling the season: {shown(moment)}")

            ready = make_or_find(
                database, settings, SystemClock(), host, http=not tls, watched=tell
            )
        handout = hand_out(ready, base_url)
        write_handout(handout, settings.data / "demo.json")
        _print(handout, settings.data)
        database.close()
        certificate = make_certificate(settings.data / "tls", address) if tls else {}
        command = [sys.executable, "-m", "suyuan", "worker", "--data", str(settings.data)]
        worker = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own
        try:
            run_server(ready.ledger, _EVERYWHERE, port, 2, 4, **certificate)
        finally:
            worker.terminate()
            worker.wait(timeout=30)


def lan_address() -> str:
    """This machine's address as its neighbours see it; the loopback where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _print(handout: Handout, data: Path) -> None:
    click.echo(f"\nSuyuan serves its demonstration at {handout.base_url}\n")
    symbol = qrcode.QRCode(border=2)
    symbol.add_data(handout.base_url)
    symbol.print_ascii(invert=True)
    click.echo("\nLabels to open (what a phone's camera reads off a pack):")
    for family, url in handout.scan_urls.items():
        click.echo(f"  {family:<10} {url}")
    click.echo("\nTrace codes to type:")
    for family, code in handout.batches.items():
        click.echo(f"  {family:<10} {code}")
    click.echo("\nSign in once as:")
    for role, link in handout.sign_in.items():
        click.echo(f"  {role:<10} {link}")
    click.echo(f"\nThe same, with API tokens, is in {data / 'demo.json'}. Stop with Ctrl-C.\n")
