"""The command ``suyuan`` as an operator types it."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from suyuan.cli import COMMANDS
from suyuan.commands.opened import opened_ledger
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.codes.queries import newest_directory
from suyuan.trace.errors import Unauthenticated
from suyuan.trace.parties.queries import actor_by_token
from suyuan.trace.printing.queries import codes_of
from suyuan.trace.printing.tables import PrintRun
from tests.shell import Shell, install
from tests.world import make_batch, make_party, make_producer, make_product


@pytest.fixture
def new(tmp_path: Path) -> Shell:
    """A shell before ``init``, with the database that stands where nothing else is set."""
    return Shell(tmp_path, f"sqlite:///{tmp_path}/data/suyuan.db")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an installation, made once."""
    return install(tmp_path_factory.mktemp("installed")).folder


@pytest.fixture
def shell(new: Shell, installed: Path) -> Shell:
    """A shell with an installation of its own, a copy of the one above."""
    shutil.copytree(installed, new.folder, dirs_exist_ok=True)
    return new


def test_an_installation_is_set_up_once_and_is_then_in_order(
    tmp_path: Path, empty_database_url: str
) -> None:
    new = Shell(tmp_path, empty_database_url)
    first = new.init()
    assert first.returncode == 0
    assert (new.folder / "data" / "root.vkey").read_text().strip() in first.stdout
    again = new.init()
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == "This database holds an installation already.\n"
    checks = json.loads(new.done("doctor", "--whole-log", "--json"))
    assert {check["state"] for check in checks} == {"ok", "warning"}
    told = {check["name"] for check in checks if check["state"] == "warning"}
    assert {"site", "root key"} <= told


@pytest.mark.parametrize("host", ["localhost", "10.0.0.1:8000", "[::1]", "t.localhost"])
def test_labels_may_not_name_a_host_that_is_elsewhere_another(new: Shell, host: str) -> None:
    refused = new.init(host)
    assert refused.returncode == 1
    assert refused.stderr.startswith("host: ")
    assert refused.stderr.count("\n") == 1
    assert not (new.folder / "secret").exists()


def test_the_passphrase_may_not_lie_with_the_data(new: Shell) -> None:
    inside = str(new.folder / "data" / "passphrase")
    refused = new.run(
        "init", "--origin", "a.cn", "--label-host", "t.a.cn", "--issuer", "x",
        SUYUAN_PASSPHRASE_FILE=inside,
    )  # fmt: skip
    assert refused.returncode == 1
    assert "SUYUAN_PASSPHRASE_FILE" in refused.stderr


def test_the_doctor_finds_what_is_wrong(shell: Shell) -> None:
    passphrase = shell.folder / "secret" / "passphrase"
    passphrase.chmod(0o644)
    found = shell.run("doctor", "--json")
    assert found.returncode == 1
    failed = [check["name"] for check in json.loads(found.stdout) if check["state"] == "failure"]
    assert failed == ["passphrase"]
    passphrase.chmod(0o600)
    passphrase.write_text("another\n")
    failed = [
        check["name"]
        for check in json.loads(shell.run("doctor", "--json").stdout)
        if check["state"] == "failure"
    ]
    assert failed == ["keys"]


@pytest.mark.parametrize("words", [("doctor",), ("keys", "list"), ("worker", "--once")])
def test_without_an_installation_every_command_says_so(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    shell = Shell(tmp_path, f"sqlite:///{tmp_path}/data/suyuan.db")
    refused = shell.run_alone(*words)
    assert refused.returncode == 1
    assert "suyuan init" in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "data").exists()


def test_a_database_that_cannot_be_reached_is_told_in_one_line(tmp_path: Path) -> None:
    shell = Shell(tmp_path, f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    refused = shell.run("keys", "list")
    assert refused.returncode == 1
    assert refused.stderr.startswith("The database cannot be used:")
    assert refused.stderr.count("\n") == 1


def test_errors_are_told_in_the_language_of_the_terminal(tmp_path: Path) -> None:
    shell = Shell(tmp_path, f"sqlite:///{tmp_path}/data/suyuan.db")
    told = shell.run("keys", "list", LANG="zh_CN.UTF-8").stderr
    assert "中没有安装：请先运行 suyuan init" in told


def test_labels_are_issued_drawn_and_verified_without_a_network(shell: Shell) -> None:
    code = _batch(shell)
    out = shell.folder / "labels.pdf"
    made = json.loads(shell.done("labels", code, "--count", "3", "--out", str(out), "--json"))
    assert made["labels"] == 3
    assert out.read_bytes().startswith(b"%PDF")
    assert sorted(path.name for path in shell.folder.glob("*labels*")) == ["labels.pdf"]
    directory = shell.folder / "keys.txt"
    with _ledger(shell) as ledger, ledger.database.read() as session:
        url = codes_of(session, made["print_run"])[0].url
        directory.write_text(newest_directory(session).note)
    answer = json.loads(shell.done("verify", url, "--keys", str(directory), "--json"))
    assert answer["verdict"] == "good"
    roll = shell.folder / "roll.pdf"
    half_used = ("--paper", "a4-3x7", "--taken", "20")
    shell.done("labels", code, "--count", "2", "--unbound", *half_used, "--out", str(roll))
    assert len(PdfReader(roll).pages) == 2
    for name, begins in (
        ("labels.zpl", b"^XA"),
        ("labels.tspl", b"SIZE"),
        ("labels.zip", b"PK"),
        ("a.symbols.zip", b"PK"),
    ):
        file = shell.folder / name
        shell.done("labels", code, "--count", "1", "--dpi", "203", "--out", str(file))
        assert file.read_bytes().startswith(begins)
    refused = shell.run("labels", code, "--count", "1", "--out", str(shell.folder / "labels.docx"))
    assert ".pdf, .zpl, .tspl, .zip, .symbols.zip" in refused.stderr


def test_weights_in_a_file_are_a_label_each(shell: Shell) -> None:
    code, out, weights = _batch(shell), shell.folder / "w.pdf", shell.folder / "weights.txt"
    weights.write_text("0.482\n\n512.5 g\n", encoding="utf-8")
    order = ("labels", code, "--weights", str(weights), "--template", "trace-70x50-net")
    made = json.loads(shell.done(*order, "--out", str(out), "--json"))
    assert made["labels"] == 2
    with _ledger(shell) as ledger, ledger.database.read() as session:
        said = [one.net_content for one in codes_of(session, made["print_run"])]
    assert said == ["482 g", "512.5 g"]
    assert "482 g" in "".join(PdfReader(out).pages[0].extract_text())
    assert "how many labels" in shell.run("labels", code, "--out", str(out)).stderr


def test_a_label_that_cannot_be_printed_leaves_no_file(shell: Shell) -> None:
    code, out = _batch(shell), shell.folder / "labels.pdf"
    (shell.folder / "no text").write_bytes(b"\xff\xfe0\x00")
    for words in (
        (code, "--count", "1", "--paper", "210x297 30x70 7.25,15.15 2.5,0"),
        (code, "--count", "1", "--paper", "a4-3x7", "--taken", "21"),
        (code, "--weights", str(shell.folder / "no text")),
        (code, "--count", "1", "--template", "none-1x1"),
        (code, "--count", "1", "--template", "complete-80x60"),
        ("5406260847047297", "--count", "1"),
        ("123", "--count", "1"),
        (code, "--count", "99999"),
    ):
        refused = shell.run("labels", *words, "--out", str(out))
        assert (refused.returncode, refused.stdout) == (1, ""), words
        assert refused.stderr.count("\n") == 1
        assert not list(shell.folder.glob("*.pdf*"))
    with _ledger(shell) as ledger, ledger.database.read() as session:
        assert not session.scalars(sa.select(PrintRun)).all()


def test_keys_are_shown_without_their_secrets(shell: Shell) -> None:
    keys = json.loads(shell.done("keys", "list", "--json"))
    assert {key["use"] for key in keys} == {"root", "log", "code", "status"}
    assert (
        shell.done("keys", "show", "trace.example.cn/root")
        == (shell.folder / "data" / "root.vkey").read_text()
    )
    assert shell.run("keys", "show", "nobody").returncode == 1


def test_the_first_person_comes_in_by_what_init_says(shell: Shell) -> None:
    """Of an empty installation nothing but the commands is at hand: each names the next."""
    words = ("--kind", "platform_operator", "--name", "索县信息中心", "--division", "540626")
    told = shell.done("party", "add", *words, "--checked-against", "法人证书")
    uid, following = told.split("\n")[:2]
    assert f"suyuan user add --party {uid}" in following
    assert f"{uid}  platform_operator  active  索县信息中心" in shell.done("party", "list")
    person = ("--role", "administrator", "--name", "卓玛", "--phone", "13800138000")
    assert "/in/" in shell.done("user", "add", "--party", uid, *person)


def test_people_are_added_and_let_in_by_a_link(shell: Shell) -> None:
    with _ledger(shell) as ledger:
        party = make_party(ledger)
    words = ("--party", party, "--role", "clerk", "--name", "卓玛", "--phone", "13800138000")
    added = json.loads(shell.done("user", "add", *words, "--json"))
    assert added["link"].startswith("https://t.example.cn/in/")
    linked = json.loads(shell.done("user", "link", "138 0013 8000", "--json"))
    assert linked["person"] == added["person"]
    assert linked["link"] != added["link"]
    assert shell.run("user", "link", "13800138001").returncode == 1


def test_a_program_is_let_in_by_a_token_that_is_shown_once(shell: Shell) -> None:
    with _ledger(shell) as ledger:
        party = make_party(ledger)
    for role, phone in (("head", "13800138000"), ("clerk", "13800138001")):
        shell.done(
            "user", "add", "--party", party, "--role", role, "--name", role, "--phone", phone
        )
    words = ("--party", party, "--label", "称重台")
    made = json.loads(shell.done("user", "token", "138 0013 8000", *words, "--json"))
    assert (made["party"], made["days"]) == (party, 90)
    with _ledger(shell) as ledger, ledger.database.read() as session:
        actor = actor_by_token(session, made["token"], ledger.clock.now())
        assert (actor.person_uid, actor.party_uid) == (made["person"], party)
        late = ledger.clock.now() + timedelta(days=91)
        with pytest.raises(Unauthenticated):
            actor_by_token(session, made["token"], late)
    assert shell.done("user", "token", "13800138000", *words).startswith("sy_")
    for phone in ("13800138001", "13800138002"):  # whose role has no API, and nobody's
        refused = shell.run("user", "token", phone, *words)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr.count("\n") == 1


def test_the_worker_stops_when_told(shell: Shell) -> None:
    with subprocess.Popen(
        [Path(sys.executable).with_name("suyuan"), "worker"],
        env=shell.environment(), stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        assert "worker.started" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_the_server_serves_and_stops_when_told(shell: Shell) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
        [Path(sys.executable).with_name("suyuan"), "serve", "--port", str(port), "--workers", "1"],
        env=shell.environment(),
    ) as process:
        try:
            assert _get(f"http://127.0.0.1:{port}/log/checkpoint").startswith("trace.example.cn")
            for asked, status, says in (
                (f"GET /t/{'1' * 5000} HTTP/1.1", "414 ", "start page"),
                (f"GET / HTTP/1.1\r\nHost: a\r\nCookie: {'x' * 9000}", "431 ", "cookies"),
                ("GET / HTTP/1.1\r\nHost : <b>", "400 ", "cannot be read"),
                ("\x16\x03\x01", "400 ", "cannot be read"),
            ):
                answer = _told(port, f"{asked}\r\n\r\n".encode())
                assert answer.startswith(f"HTTP/1.1 {status}")
                assert says in answer
                assert '<p lang="zh">' in answer
                assert "<b>" not in answer
            assert _get(f"http://127.0.0.1:{port}/healthz")
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_a_backup_is_made_and_brought_back_with_a_log_of_its_own(
    shell: Shell, tmp_path: Path
) -> None:
    _batch(shell)
    file = tmp_path / "all.backup"
    shell.done("backup", "--out", str(file))
    assert shell.run("backup", "--out", str(file)).returncode == 1
    again = replace(shell, folder=tmp_path / "again", database_url="")
    shutil.copytree(shell.folder / "secret", again.folder / "secret")
    told = json.loads(again.done("restore", str(file), "--json"))
    assert told["opened"].startswith("trace.example.cn/log/2-")
    assert again.run("restore", str(file)).returncode == 1, "over an installation"
    assert "not halted" in again.run("log", "continue", "--reason", "x").stderr
    _batch(again)
    roots = [(one.folder / "data" / "root.vkey").read_text() for one in (shell, again)]
    assert roots[0] == roots[1]


def test_verifying_loads_neither_database_nor_web() -> None:
    program = (
        "import sys; from suyuan.cli import main;"
        "main(['verify', '--help'], standalone_mode=False);"
        "print(sorted({'sqlalchemy', 'flask', 'reportlab', 'alembic'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip().endswith("[]"), done.stdout


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    told = Shell(Path("nowhere"), "").done(name, "--help")
    is_a_group = "Commands:" in told
    assert is_a_group or f"Example: suyuan {name}" in " ".join(told.split())


@contextmanager
def _ledger(shell: Shell) -> Iterator[Ledger]:
    """The ledger behind the shell, as the server would have it."""
    with pytest.MonkeyPatch.context() as patch:
        for key, value in shell.environment().items():
            patch.setenv(key, value)
        with opened_ledger(None) as ledger:
            yield ledger


def _batch(shell: Shell) -> str:
    with _ledger(shell) as ledger:
        actor = make_producer(ledger)
        product = make_product(ledger, actor, items_on_pack=True)
        return make_batch(ledger, actor, product=product)


def _told(port: int, request: bytes) -> str:
    """The whole answer to some bytes that need not be HTTP."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as to:
        to.sendall(request)
        answer = b""
        while part := to.recv(4096):
            answer += part
    return answer.decode()


def _get(address: str) -> str:
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                text: str = answer.read().decode()
                return text
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"nothing answers at {address}")
