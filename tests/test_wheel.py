"""The wheel, installed where the repository is not: it must hold every package and data file."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import suyuan

ROOT = Path(__file__).resolve().parent.parent
NOT_SOURCE = shutil.ignore_patterns(
    ".*", "__pycache__", "*.egg-info", "build", "dist", "var", "node_modules", "tests", "bench"
)
DATA = ("trace/standards", "labels/fonts", "web/templates", "web/static", "web/translations")
STARTS_WITHIN = 180.0
"""Seconds that the demo may take to write its data and to serve."""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is built: a build leaves folders behind that a later one would read."""
    copy = tmp_path_factory.mktemp("source") / "suyuan"
    shutil.copytree(ROOT, copy, symlinks=True, ignore=NOT_SOURCE)
    return copy


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, source],
        cwd=folder,
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that has Suyuan only from the wheel.

    The packages it needs are lent by the environment of this test, to stay fast and offline. Of
    that only the folder is added: its ``.pth`` files, through which an editable Suyuan would come
    in, are not read from there.
    """
    home = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    own = Path(sysconfig.get_path("purelib", "venv", {"base": str(home)}))
    _run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python",
         home / "bin" / "python", "install", "--no-deps", "--no-index", wheel],
        cwd=home,
    )  # fmt: skip
    (own / "lent.pth").write_text(sysconfig.get_path("purelib"))
    return home / "bin"


def _environment() -> dict[str, str]:
    """The environment without what could lead to the repository or to a real Suyuan."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SUYUAN_", "PYTHON", "VIRTUAL_ENV"))
    }


def _run(command: list[str | Path], cwd: Path) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=_environment(), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_holds_every_data_file(source: Path, wheel: Path) -> None:
    expected = {
        f"suyuan/{file.relative_to(source).as_posix()}"
        for folder in DATA
        for file in (source / folder).rglob("*")
        if file.is_file()
    }
    with zipfile.ZipFile(wheel) as opened:
        held = set(opened.namelist())
    assert expected - held == set()
    assert "suyuan/py.typed" in held
    assert not [name for name in held if name.startswith(("tests/", "bench/"))]


def test_the_wheel_holds_the_scripts_of_others(source: Path, wheel: Path) -> None:
    if not (source / "web" / "static" / "vendor").is_dir():
        pytest.skip("the scripts could not be brought here: neither npm nor a network")
    with zipfile.ZipFile(wheel) as opened:
        held = set(opened.namelist())
    for name in ("qr.js", "qr.js.LICENSE.txt", "tweetnacl.js", "tweetnacl.js.LICENSE.txt"):
        assert f"suyuan/web/static/vendor/{name}" in held


def test_suyuan_comes_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    where = "import suyuan.trace.errors as module; print(module.__file__)"
    found = _run([installed / "python", "-c", where], cwd=tmp_path)
    assert Path(found.strip()).is_relative_to(installed.parent)


def test_it_tells_its_version(installed: Path, tmp_path: Path) -> None:
    assert suyuan.__version__ in _run([installed / "suyuan", "--version"], cwd=tmp_path)


def test_it_serves_the_demo(installed: Path, tmp_path: Path) -> None:
    with _demo(installed, tmp_path) as described:
        with urllib.request.urlopen(described["scan_urls"]["grain"], timeout=30) as answer:
            assert answer.status == 200
            page = answer.read().decode()
        assert "</html>" in page
        with urllib.request.urlopen(described["base_url"], timeout=30) as answer:
            assert answer.status == 200


@contextmanager
def _demo(installed: Path, folder: Path) -> Iterator[dict[str, Any]]:
    """The demo, serving; yields what its demo.json says, ends the server at the end."""
    data, said = folder / "data", folder / "said.txt"
    with said.open("wb") as out:
        server = subprocess.Popen(
            [installed / "suyuan", "demo", "--data", data, "--port", str(_free_port())],
            cwd=folder, env=_environment(), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        end = time.monotonic() + STARTS_WITHIN
        while not (described := _served(data / "demo.json")):
            assert server.poll() is None, said.read_text()
            assert time.monotonic() < end, f"not serving yet: {said.read_text()}"
            time.sleep(0.2)
        yield described
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _served(demo_json: Path) -> dict[str, Any] | None:
    """What demo.json says, once it is written whole and its server answers."""
    try:
        described: dict[str, Any] = json.loads(demo_json.read_text())
        with urllib.request.urlopen(f"{described['base_url']}/readyz", timeout=5) as answer:
            return described if answer.status == 200 else None
    except (OSError, ValueError):
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
