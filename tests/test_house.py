"""The house: the rooms, names and rules that tools do not check by themselves."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from suyuan.trace.settings import DOCUMENTED, Documented

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("api", "labels", "migrations", "trace", "web")

VAGUE = {"base", "common", "core", "helper", "helpers", "lib", "manager", "misc", "shared", "stuff",
         "tools", "util", "utils"}  # fmt: skip

LONGEST = 300
LONGEST_OF_TESTS = 500
LONGER: dict[str, str] = {
    # path: why this one file may be longer than the rest
}

# What belongs to one machine and not to the project. Put together from halves, so that this file
# does not hold what it looks for.
FOREIGN = re.compile(
    "|".join(
        [
            r"(?<![\w.])/" + r"(work|root|home/\w+|opt/(pypi|wheels))/",
            r"pypi\." + "org", r"python" + r"hosted\.", r"registry\." + "npmjs",
            r"deb\." + "debian", "jsdel" + "ivr", "unpk" + r"g\.com",
        ]
    )
)  # fmt: skip


@cache
def _described() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


@cache
def _project_files() -> tuple[Path, ...]:
    """Every file of the project: tracked, or new and not ignored; links are left aside."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    files = (ROOT / name for name in listed if name)
    return tuple(file for file in files if file.is_file() and not file.is_symlink())


def _python_files() -> list[Path]:
    return [file for file in _project_files() if file.suffix == ".py"]


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


# --- packages ------------------------------------------------------------------------------------


def test_the_wheel_lists_every_folder_that_is_a_package() -> None:
    """A package that is not listed is missing from the wheel, without a word."""
    listed = set(_described()["options"]["packages"].split())
    folders = {"suyuan"}
    folders |= {
        f"suyuan.{init.parent.name}"
        for init in (ROOT / "suyuan").glob("*/__init__.py")
        if not init.parent.is_symlink()
    }
    for room in ROOMS:
        inits = (ROOT / room).rglob("__init__.py")
        folders |= {
            ".".join(["suyuan", *init.parent.relative_to(ROOT).parts])
            for init in inits
            if "node_modules" not in init.parts
        }
    assert listed == folders


def test_every_room_is_mapped_and_linked() -> None:
    lines = _described()["options"]["package_dir"].split("\n")
    mapping = dict(re.split(r"\s*=\s*", line) for line in lines if line)
    assert mapping == {f"suyuan.{room}": room for room in ROOMS}
    links = {
        link.name: link.readlink().as_posix()
        for link in (ROOT / "suyuan").iterdir()
        if link.is_symlink()
    }
    assert links == {room: f"../{room}" for room in ROOMS}


# --- files ---------------------------------------------------------------------------------------


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert not [_name(file) for file in _python_files() if file.stem in VAGUE]


def test_no_two_test_files_have_one_name() -> None:
    names = [file.name for file in _python_files() if file.name.startswith("test_")]
    assert len(names) == len(set(names)), sorted({n for n in names if names.count(n) > 1})


def test_files_are_short_enough_to_read() -> None:
    """A file of tests may hold more cases than code holds thoughts.

    A migration stays whole however long it is: it is written by a tool and never changed.
    """
    lengths = {
        _name(file): len(file.read_text(encoding="utf-8").splitlines())
        for file in _python_files()
        if "migrations/versions" not in _name(file)
    }
    too_long = {
        name
        for name, length in lengths.items()
        if length > (LONGEST_OF_TESTS if name.startswith("tests/") else LONGEST)
    }
    assert too_long == LONGER.keys(), {name: lengths.get(name) for name in too_long ^ LONGER.keys()}


def test_no_file_knows_a_machine_or_a_registry() -> None:
    found = []
    for file in _project_files():
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a font or a picture
        found += [
            f"{_name(file)}:{number}: {line.strip()[:100]}"
            for number, line in enumerate(lines, 1)
            if FOREIGN.search(line)
        ]
    assert not found, "\n".join(found)


# --- imports -------------------------------------------------------------------------------------


def test_imports_flow_one_way() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("room", ROOMS)
def test_a_bare_room_name_may_not_be_imported(room: str, tmp_path: Path) -> None:
    """``trace`` alone is the standard library's; the others work only by accident of a path."""
    file = tmp_path / "a.py"
    file.write_text(f"import {room}\n")
    settings = ROOT / "pyproject.toml"
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--config", settings,
         "--select", "TID251", file],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "TID251" in done.stdout, done.stdout + done.stderr


def test_the_import_order_of_slices_names_every_slice() -> None:
    """A slice that the contract does not know could import anything."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = {name for contract in contracts for name in contract.get("layers", ())}
    inits = (ROOT / "trace").glob("*/__init__.py")
    slices = {f"suyuan.trace.{init.parent.name}" for init in inits}
    assert slices - {"suyuan.trace.standards"} <= layers


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("setting", DOCUMENTED, ids=lambda setting: setting.name)
def test_every_setting_is_explained_to_the_operator(setting: Documented) -> None:
    page = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    name = re.escape(f"`{setting.name}`")
    row = re.search(rf"^\| {name} \| (?P<meaning>.+) \| (?P<default>.+) \|$", page, re.MULTILINE)
    assert row, f"docs/operator.md has no row for {setting.name}"
    assert row["meaning"] == setting.meaning
    assert row["default"] == setting.default


def test_the_operator_is_told_of_no_setting_that_does_not_exist() -> None:
    page = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `(SUYUAN_\w+)` \|", page, re.MULTILINE))
    assert rows == {setting.name for setting in DOCUMENTED}


def test_every_setting_is_read_and_every_setting_read_is_documented() -> None:
    """The names in the program's text and in the documented list are the same."""
    text = (ROOT / "trace" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"""env\.\w+\(\s*["'](\w+)["']""", text))
    assert {f"SUYUAN_{name}" for name in read} == {setting.name for setting in DOCUMENTED}
