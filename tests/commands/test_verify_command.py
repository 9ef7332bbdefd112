"""``suyuan verify``: the answer, the exit status, and that it needs neither database nor server."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from suyuan.commands.verify import verify
from suyuan.trace.codes import signed_code, status
from suyuan.trace.codes.paths import TracePath
from suyuan.trace.codes.status import State, StatusList
from suyuan.trace.keys import notes
from suyuan.trace.keys.directory import Directory, HostEntry, KeyEntry, KeyUse
from suyuan.trace.keys.notes import Ed25519Signer

SINCE = date(2026, 1, 1)
ROOT = Ed25519Signer("trace.example.cn/root", b"\x01" * 32)
CODES = Ed25519Signer("trace.example.cn/codes-1", b"\x02" * 32)
STATUS = Ed25519Signer("trace.example.cn/status", b"\x03" * 32)
PATH = TracePath("5406260847047297")
URL = signed_code.sign_code("t.example.cn", PATH, CODES)
FORGED = URL + "/000000000001"
DIRECTORY = Directory(
    origin="trace.example.cn",
    seq=1,
    issued=datetime(2026, 1, 1, tzinfo=UTC),
    expires=datetime(2999, 1, 1, tzinfo=UTC),
    hosts=(HostEntry("t.example.cn", SINCE),),
    keys=(
        KeyEntry(CODES.verifier, KeyUse.CODE, "索县农业农村局", SINCE),
        KeyEntry(STATUS.verifier, KeyUse.STATUS, "索县农业农村局", SINCE),
    ),
)


def run(*arguments: str | Path, data: Path | None = None) -> Result:
    environment = {"SUYUAN_DATA": None if data is None else str(data)}
    return CliRunner().invoke(verify, [str(each) for each in arguments], env=environment)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    file = tmp_path / "keys"
    file.write_text(str(notes.sign_note(DIRECTORY.text(), [ROOT])), "utf-8")
    return file


def status_list(states: dict[TracePath, State], days: int = 1, origin: str = "") -> StatusList:
    next_by = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    return status.list_states(
        states.items(),
        origin=origin or DIRECTORY.origin,
        seq=1,
        as_of=next_by - timedelta(days=1),
        next_by=next_by,
    )


def written(folder: Path, listed: StatusList) -> Path:
    file = folder / "status"
    note = notes.sign_note(listed.text(), [STATUS])
    file.write_text(f"{note}\n{listed.body()}", "utf-8")
    return file


def test_a_good_code_is_told_with_its_issuer_and_exits_0(keys: Path) -> None:
    result = run(URL, "--keys", keys, "--root", str(ROOT.verifier))
    assert result.exit_code == 0
    assert "issued by 索县农业农村局" in result.stdout


def test_without_a_status_list_it_says_that_it_knows_of_no_recall(
    keys: Path, tmp_path: Path
) -> None:
    trust = (URL, "--keys", keys, "--root", str(ROOT.verifier))
    unknown = "No status list was given"
    assert unknown in run(*trust).stdout
    assert unknown in run(URL, "--vkey", str(CODES.verifier), "--host", "t.example.cn").stdout
    for states, listed in (({}, False), ({PATH: State.RECALLED}, True)):
        status = ("--status", written(tmp_path, status_list(states)))
        assert unknown not in run(*trust, *status).stdout
        assert json.loads(run(*trust, *status, "--json").stdout)["listed"] is listed


def test_the_answer_as_json_is_for_programs(keys: Path) -> None:
    result = run(URL, "--keys", keys, "--root", str(ROOT.verifier), "--json")
    answer = json.loads(result.stdout)
    assert answer == {
        "verdict": "good", "path": str(PATH), "host": "t.example.cn", "issuer": "索县农业农村局",
        "key": str(CODES.verifier), "state": None, "listed": None, "as_of": None, "stale": False,
        "clock_behind": False, "why": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        (FORGED, "forged"),
        (f"https://t.example.cn{PATH}", "unsigned"),
        ("https://t.example.cn/about", "malformed"),
        ("\udcff", "malformed"),
        ("", "malformed"),
    ],
)
def test_any_other_code_exits_1(keys: Path, url: str, verdict: str) -> None:
    result = run(url, "--keys", keys, "--root", str(ROOT.verifier), "--json")
    assert (result.exit_code, json.loads(result.stdout)["verdict"]) == (1, verdict)
    assert run(url, "--keys", keys, "--root", str(ROOT.verifier)).stdout.startswith(verdict)


def test_the_root_key_is_the_data_directorys_unless_given(keys: Path, tmp_path: Path) -> None:
    (tmp_path / "root.vkey").write_text(f"{ROOT.verifier}\n", "utf-8")
    assert run(URL, "--keys", keys, "--data", tmp_path).exit_code == 0
    assert run(URL, "--keys", keys, data=tmp_path).exit_code == 0
    assert run(URL, "--keys", keys, "--root", str(CODES.verifier), data=tmp_path).exit_code == 2
    without = run(URL, "--keys", keys)
    assert without.exit_code == 2
    assert "which root key you trust" in without.stderr


def test_several_editions_lead_from_an_old_root_to_a_new_one(tmp_path: Path) -> None:
    new = Ed25519Signer("trace.example.cn/root-2", b"\x04" * 32)
    handing_over = replace(DIRECTORY, seq=2, new_root=new.verifier)
    editions = {
        "1": notes.sign_note(DIRECTORY.text(), [ROOT]),
        "2": notes.sign_note(handing_over.text(), [ROOT, new]),
        "3": notes.sign_note(replace(DIRECTORY, seq=3).text(), [new]),
        "by the old root": notes.sign_note(replace(DIRECTORY, seq=3).text(), [ROOT]),
    }
    for name, note in editions.items():
        (tmp_path / name).write_text(str(note), "utf-8")

    def exit_code(*names: str) -> int:
        given = [word for name in names for word in ("--keys", tmp_path / name)]
        return run(URL, *given, "--root", str(ROOT.verifier)).exit_code

    assert exit_code("2", "3") == exit_code("1", "2", "3") == 0
    refused = (["3"], ["1", "3"], ["3", "2"], ["2", "1"], ["2", "by the old root"])
    assert {exit_code(*names) for names in refused} == {2}


def test_one_key_and_one_host_are_enough() -> None:
    assert run(URL, "--vkey", str(CODES.verifier), "--host", "T.example.cn").exit_code == 0
    for key, host, verdict in (
        (CODES, "other.example", "other-host"),
        (STATUS, "t.example.cn", "unknown-key"),
    ):
        result = run(URL, "--vkey", str(key.verifier), "--host", host, "--json")
        assert (result.exit_code, json.loads(result.stdout)["verdict"]) == (1, verdict)


def test_a_demonstrations_address_may_be_http() -> None:
    url = signed_code.sign_code("192.0.2.7:8771", PATH, CODES, "http")
    for host in ("192.0.2.7:8771", "http://192.0.2.7:8771"):
        assert run(url, "--vkey", str(CODES.verifier), "--host", host).exit_code == 0
    plain = URL.replace("https:", "http:")
    assert run(plain, "--vkey", str(CODES.verifier), "--host", "t.example.cn").exit_code == 1


def test_what_a_status_list_says_is_told_and_decides_the_exit_status(
    keys: Path, tmp_path: Path
) -> None:
    trust = ("--keys", keys, "--root", str(ROOT.verifier), "--json")
    cases: list[tuple[StatusList, int, str | None, bool]] = [
        (status_list({}), 0, None, False),
        (status_list({PATH: State.RECALLED}), 1, "recalled", False),
        (status_list({}, days=-1), 1, None, True),
    ]
    for listed, exit_code, state, stale in cases:
        result = run(URL, *trust, "--status", written(tmp_path, listed))
        answer = json.loads(result.stdout)
        assert (answer["verdict"], answer["state"], answer["stale"]) == ("good", state, stale)
        assert answer["as_of"].endswith("Z")
        assert result.exit_code == exit_code


def test_a_list_that_is_of_later_tells_that_the_clock_is_behind(keys: Path, tmp_path: Path) -> None:
    """An old list would be a new one to whoever sets the clock back to its day."""
    later = written(tmp_path, status_list({}, days=9))
    trust = (URL, "--keys", keys, "--root", str(ROOT.verifier), "--status", later)
    answer = run(*trust)
    assert answer.exit_code == 1
    assert "The clock here is behind" in answer.stdout
    assert json.loads(run(*trust, "--json").stdout)["clock_behind"] is True


def test_a_status_list_may_have_its_body_beside_it(keys: Path, tmp_path: Path) -> None:
    listed = status_list({PATH: State.HELD})
    file = tmp_path / "status"
    file.write_text(str(notes.sign_note(listed.text(), [STATUS])), "utf-8")
    trust = (URL, "--keys", keys, "--root", str(ROOT.verifier), "--status", file)
    alone = run(*trust)
    assert alone.exit_code == 2
    assert "/.well-known/suyuan/status/1," in alone.stderr
    assert str(tmp_path / "status.body") in alone.stderr
    (tmp_path / "status.body").write_text(listed.body(), "utf-8")
    held = run(*trust)
    assert held.exit_code == 1
    assert "held back" in held.stdout


def test_a_status_list_of_somebody_else_is_refused(keys: Path, tmp_path: Path) -> None:
    file = written(tmp_path, status_list({}, origin="other.example.cn"))
    result = run(URL, "--keys", keys, "--root", str(ROOT.verifier), "--status", file)
    assert result.exit_code == 2
    assert "other.example.cn" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("--vkey", str(CODES.verifier)), ("--host", "t.example.cn"),
        ("--keys", "absent", "--root", str(ROOT.verifier)),
        ("--keys", "absent", "--vkey", str(CODES.verifier), "--host", "t.example.cn"),
        ("--vkey", "no key", "--host", "t.example.cn"),
        ("--vkey", str(CODES.verifier), "--host", "not a host"),
        ("--vkey", str(CODES.verifier), "--host", "t.example.cn", "--status", "absent"),
    ],
)  # fmt: skip
def test_with_nothing_to_check_with_it_says_so_and_exits_2(arguments: tuple[str, ...]) -> None:
    result = run(URL, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


@pytest.mark.parametrize("content", [b"", b"\xff", b"suyuan.keys/1\n", b"\x00" * 100])
def test_a_file_that_is_no_directory_ends_in_words(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "keys"
    file.write_bytes(content)
    result = run(URL, "--keys", file, "--root", str(ROOT.verifier))
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)


def test_help_has_an_example() -> None:
    assert "Example: suyuan verify https://" in " ".join(run("--help").output.split())


def test_verifying_loads_neither_database_nor_web_framework() -> None:
    script = (
        "import sys, suyuan.commands.verify, suyuan.trace.codes.verify\n"
        "heavy = {'sqlalchemy', 'flask', 'marshmallow', 'alembic', 'reportlab', 'babel'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
