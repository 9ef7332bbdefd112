"""``suyuan void`` and ``suyuan labels --pins``, and that nothing is drawn before it is logged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from reportlab.pdfgen.canvas import Canvas

from suyuan.cli import main
from suyuan.labels.pdf import document
from suyuan.trace.acts import transaction
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.codes.status import State
from suyuan.trace.log.tables import Head, Record
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printing.content import IssuedLabel
from suyuan.trace.printing.online import check_online
from suyuan.trace.printing.queries import codes_of
from suyuan.trace.printing.tables import PrintRun
from tests import api_clients
from tests.web.desk_world import desk
from tests.world import make_batch, make_producer, make_product

Run = Callable[..., Result]
TEMPLATE = "trace-70x40-pin"


@pytest.fixture
def command(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line over the same installation, in this process."""
    settings = ledger.settings
    monkeypatch.setenv("SUYUAN_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("SUYUAN_PASSPHRASE_FILE", str(settings.passphrase_file))
    monkeypatch.setenv("LANG", "C.UTF-8")
    return lambda *words: CliRunner().invoke(main, [*words, "--data", str(settings.data)])


@pytest.fixture
def actor(ledger: Ledger) -> Actor:
    return make_producer(ledger)


@pytest.fixture
def code(ledger: Ledger, actor: Actor) -> str:
    product = make_product(ledger, actor, items_on_pack=True)
    return make_batch(ledger, actor, product=product)


@pytest.fixture
def drawn(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The types of the records that another reader finds in the log when a PDF is begun."""
    begun: list[str] = []

    def canvas(*args: Any, **kwargs: Any) -> Any:
        with ledger.database.read() as session:
            size = session.scalars(sa.select(Head.size)).one()
            last = sa.select(Record.type).where(Record.leaf_index < size)
            begun.extend(session.scalars(last.order_by(Record.leaf_index.desc()).limit(2)))
        return real(*args, **kwargs)

    real = Canvas
    monkeypatch.setattr(document, "Canvas", canvas)
    return begun


def _runs(ledger: Ledger) -> list[str]:
    with ledger.database.read() as session:
        return list(session.scalars(sa.select(PrintRun.uid).order_by(PrintRun.id)))


def _labels(ledger: Ledger, run: str) -> list[IssuedLabel]:
    with ledger.database.read() as session:
        return codes_of(session, run)


def _state(ledger: Ledger, label: IssuedLabel) -> State | None:
    with ledger.database.read() as session:
        return check_online(session, label.url, ledger.clock.now()).state


def _print(command: Run, code: str, out: Path, *more: str) -> Result:
    return command("labels", code, "--count", "2", "--template", TEMPLATE, "--out", str(out), *more)


def test_a_package_and_then_its_run_are_declared_void(
    ledger: Ledger, command: Run, code: str, tmp_path: Path
) -> None:
    assert _print(command, code, tmp_path / "a.pdf").exit_code == 0
    (run,) = _runs(ledger)
    torn, kept = _labels(ledger, run)
    done = command("void", f"{code} {torn.serial}", "--reason", "标签破损")
    assert done.exit_code == 0, done.output
    assert (_state(ledger, torn), _state(ledger, kept)) == (State.VOIDED, None)
    done = command("void", run, "--reason", "标签卷被盗")
    assert done.exit_code == 0, done.output
    assert _state(ledger, kept) is State.VOIDED
    again = command("void", run, "--reason", "标签卷被盗")
    assert again.exit_code == 1
    assert "void already" in again.output


def test_labels_are_declared_spoiled_by_where_they_stand_on_the_run(
    ledger: Ledger, command: Run, code: str, tmp_path: Path
) -> None:
    assert _print(command, code, tmp_path / "a.pdf").exit_code == 0
    (run,) = _runs(ledger)
    kept, torn = _labels(ledger, run)
    reason = ("--reason", "印坏")
    for wrong in (
        ("--first", "2"),
        ("--as", "spoiled"),
        ("--last", "2"),
        ("--first", "2", "--as", "x"),
    ):
        assert command("void", run, *wrong, *reason).exit_code == 2
    beyond = command("void", run, "--first", "1", "--last", "3", "--as", "spoiled", *reason)
    assert (beyond.exit_code, "are 1 to 2" in beyond.output) == (1, True), beyond.output
    done = command("void", run, "--first", str(torn.serial), "--as", "spoiled", *reason)
    assert done.exit_code == 0, done.output
    assert (_state(ledger, kept), _state(ledger, torn)) == (None, State.VOIDED)


@pytest.mark.parametrize("what", ["0" * 25 + "z", "/t/5406260000000000", "hello there"])
def test_what_there_is_not_is_not_declared_void(command: Run, what: str) -> None:
    refused = command("void", what, "--reason", "x")
    assert refused.exit_code == 1
    assert "Traceback" not in refused.output


# --- nothing is drawn before it is logged --------------------------------------------------------


def test_the_command_begins_the_file_after_the_manifest_is_logged(
    ledger: Ledger, command: Run, code: str, drawn: list[str], tmp_path: Path
) -> None:
    assert _print(command, code, tmp_path / "a.pdf").exit_code == 0
    assert drawn[0] == "print_run"


def test_with_pins_their_drawing_is_logged_before_too(
    ledger: Ledger, command: Run, code: str, drawn: list[str], tmp_path: Path
) -> None:
    assert _print(command, code, tmp_path / "a.pdf", "--pins").exit_code == 0
    assert drawn == ["pins_drawn", "print_run"]


def test_the_desk_and_the_api_draw_nothing_while_they_issue(
    ledger: Ledger, actor: Actor, code: str, drawn: list[str]
) -> None:
    client = desk(ledger, actor)
    form = {"template": TEMPLATE, "count": "2"}
    issued = client.submit(f"/desk/batches/{code}/print", form)
    assert issued.status_code == 302
    program = api_clients.client(ledger, actor)
    body = {"trace_code": code, "count": 2, "template": TEMPLATE}
    made = program.send("/print-runs", body).get_json()
    assert drawn == []
    assert client.get(f"{issued.location}/labels").data.startswith(b"%PDF")
    pdf_asked = {"Accept": "application/pdf"}
    assert program.read(f"/print-runs/{made['uid']}", headers=pdf_asked).status_code == 200
    assert drawn[0] == drawn[2] == "print_run"


def test_where_the_commit_fails_there_is_no_file(
    ledger: Ledger,
    command: Run,
    code: str,
    drawn: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_args: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(transaction, "append", fails)
    assert _print(command, code, tmp_path / "a.pdf", "--pins").exit_code != 0
    assert drawn == []
    assert _runs(ledger) == []
    assert list(tmp_path.glob("*a.pdf*")) == []
