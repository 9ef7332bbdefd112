"""``suyuan keys`` as an operator types it, on the server and on the machine with the root key."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from suyuan.cli import main
from suyuan.trace.keys.directory import open_directory
from suyuan.trace.keys.notes import parse_verifier_key
from tests.commands.test_cli import installed, new, shell
from tests.shell import Shell, Typed

__all__ = ["installed", "new", "shell"]

CODES = "trace.example.cn/codes-1"


@pytest.fixture
def other(shell: Shell, tmp_path: Path) -> Path:
    """The other machine: the sealed root key, carried there and deleted here, and a passphrase."""
    folder = tmp_path / "other"
    folder.mkdir()
    shutil.move(shell.folder / "data" / "root-key.sealed", folder)
    shutil.copy(shell.folder / "secret" / "passphrase", folder)
    return folder


def sign(folder: Path, *words: str) -> Typed:
    """``keys sign-directory`` where there is no database and no setting."""
    bare = {name: None for name in os.environ if name.startswith("SUYUAN_")}
    words = (
        "keys", "sign-directory", "next.txt", "--root", "root-key.sealed",
        "--passphrase-file", "passphrase", "--out", "signed.txt", "--yes", *words,
    )  # fmt: skip
    with chdir(folder):
        done = CliRunner().invoke(main, words, env={**bare, "HOME": str(folder), "LANG": "C.UTF-8"})
    return Typed(done.exit_code, done.stdout, done.stderr)


def there_and_back(shell: Shell, other: Path, *words: str) -> str:
    shell.done("keys", "request-directory", "--out", str(other / "next.txt"))
    signed = sign(other, *words)
    assert signed.returncode == 0, signed.stderr
    shell.done("keys", "accept-directory", str(other / "signed.txt"))
    return signed.stderr


def listed(shell: Shell) -> dict[str, dict[str, Any]]:
    return {key["name"]: key for key in json.loads(shell.done("keys", "list", "--json"))}


def test_a_key_comes_into_force_by_way_of_the_root_on_another_machine(
    shell: Shell, other: Path
) -> None:
    made = shell.done("keys", "make", "--use", "code", "--division", "540626", "--issuer", "索县站")
    assert made.startswith("trace.example.cn/codes-2+")
    shell.done("keys", "rotate", CODES)
    shell.done("keys", "revoke", CODES, "--at-size", "1")
    waiting = listed(shell)
    assert waiting["trace.example.cn/codes-2"]["waits"] == "to be listed"
    assert waiting[CODES]["waits"] == "to be revoked at 1"
    assert "to be revoked at 1" in shell.done("keys", "list")
    told = there_and_back(shell, other)
    assert "Directory 2 of trace.example.cn" in told
    assert f"{CODES} revoked at 1" in told
    keys = listed(shell)
    assert (keys[CODES]["state"], keys[CODES]["revoked_at_size"]) == ("revoked", 1)
    assert keys["trace.example.cn/codes-2"]["state"] == "active"
    assert {key["waits"] for key in keys.values()} == {None}


def test_a_new_root_is_introduced_and_signs_alone_from_then_on(shell: Shell, other: Path) -> None:
    old = shell.done("keys", "show", "trace.example.cn/root").strip()
    words = ("--new-root", "root-2.sealed", "--new-passphrase-file", "passphrase-2")
    (other / "passphrase-2").write_text("འབྲོག་པ\n")
    assert "New root: trace.example.cn/root-2+" in there_and_back(shell, other, *words)
    note = (other / "signed.txt").read_text()
    new = open_directory(note, (parse_verifier_key(old),)).new_root
    assert (shell.folder / "data" / "root.vkey").read_text() == f"{new}\n"
    assert shell.done("keys", "show", "trace.example.cn/root-2").strip() == str(new)
    shell.done("keys", "request-directory", "--out", str(other / "next.txt"))
    assert sign(other).returncode == 0
    refused = shell.run("keys", "accept-directory", str(other / "signed.txt"))
    assert refused.returncode == 1
    shutil.move(other / "root-2.sealed", other / "root-key.sealed")
    shutil.move(other / "passphrase-2", other / "passphrase")
    there_and_back(shell, other)


def test_nothing_is_signed_with_a_wrong_passphrase_or_unasked(shell: Shell, other: Path) -> None:
    shell.done("keys", "request-directory", "--out", str(other / "next.txt"))
    (other / "passphrase").write_text("another\n")
    refused = sign(other)
    assert refused.returncode == 1
    assert refused.stderr.startswith("passphrase: ")
    (other / "next.txt").write_text("suyuan.keys/1\nnonsense\n")
    assert sign(other).returncode == 1
    (other / "next.txt").unlink()
    assert sign(other).stderr.count("\n") == 1
    assert not (other / "signed.txt").exists()


def test_what_waits_is_dropped(shell: Shell, other: Path) -> None:
    assert shell.run("keys", "drop-draft").returncode == 1
    shell.done("keys", "make", "--use", "status")
    assert "directory 2 is dropped" in shell.done("keys", "drop-draft")
    assert set(listed(shell)) == {
        "trace.example.cn/root", "trace.example.cn/log", CODES, "trace.example.cn/status-1",
    }  # fmt: skip


def test_labels_are_moved_to_another_host(shell: Shell, other: Path) -> None:
    too_long = shell.run("keys", "label-host", "traceability-of-the-whole-county.example.gov.cn")
    assert too_long.returncode == 1
    assert "too long" in too_long.stderr
    shell.done("keys", "label-host", "q.example.cn")
    there_and_back(shell, other)
    assert "labels name https://q.example.cn" in shell.done("doctor")


def test_the_keys_of_the_log_are_told_apart_by_their_ids(shell: Shell, other: Path) -> None:
    shell.done("keys", "rotate", "trace.example.cn/log")
    there_and_back(shell, other)
    both = shell.done("keys", "show", "trace.example.cn/log").split()
    assert len(both) == 2
    unclear = shell.run("keys", "revoke", "trace.example.cn/log")
    assert unclear.returncode == 1
    assert all(one.rsplit("+", 1)[0] in unclear.stderr for one in both)
    shell.done("keys", "revoke", both[0].rsplit("+", 1)[0])
    assert "failure" not in shell.done("doctor", "--whole-log")
