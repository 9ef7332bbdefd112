"""The way of a key directory: requested here, signed where the root key is, accepted here.

``sign-directory`` works on a machine that has nothing but this program, the sealed root key and
its passphrase: a file in, a file out.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from suyuan.commands.opened import data_option, writing_ledger
from suyuan.trace.acts import directories
from suyuan.trace.acts import keys as acts
from suyuan.trace.acts.opening import passphrase
from suyuan.trace.errors import Misconfigured
from suyuan.trace.keys.directory import Directory, parse_directory
from suyuan.trace.keys.notes import Ed25519Signer, sign_note
from suyuan.trace.keys.root_file import read_root, write_root
from suyuan.trace.keys.sealing import Keyring
from suyuan.trace.parties.actor import SYSTEM

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("request-directory", epilog="Example: suyuan keys request-directory --out next.txt")
@click.option("--out", type=_FILE, help="File to write it to. [the terminal]")
@data_option
def request_directory(out: Path | None, data: Path | None) -> None:
    """Write the directory that waits for the root's signature, to carry to the root key.

    Where no change waits, one with new dates is drafted.
    """
    with writing_ledger(data) as ledger:
        text = ledger.perform(SYSTEM, directories.request_directory)
    _write(out, text)


@click.command(
    "sign-directory",
    epilog="Example: suyuan keys sign-directory next.txt --root root-key.sealed --out signed.txt",
)
@click.argument("draft", type=_FILE)
@click.option("--root", type=_FILE, required=True, help="The sealed root key that init made.")
@click.option(
    "--new-root",
    type=_FILE,
    help="Introduce another root: its sealed key, made where there is no such file.",
)
@click.option(
    "--passphrase-file",
    type=_FILE,
    envvar="SUYUAN_PASSPHRASE_FILE",
    help="File with the passphrase of the root key; else it is asked for.",
)
@click.option("--new-passphrase-file", type=_FILE, help="The same for the new root.")
@click.option("--out", type=_FILE, help="File to write the signed directory to. [the terminal]")
@click.option("--yes", is_flag=True, help="Do not ask whether this is what is to be signed.")
def sign_directory(
    draft: Path,
    root: Path,
    new_root: Path | None,
    passphrase_file: Path | None,
    new_passphrase_file: Path | None,
    out: Path | None,
    yes: bool,
) -> None:
    """Sign the directory in the file DRAFT. Needs no database and no network.

    With --new-root both roots sign, and whoever believes the old one believes the new one from
    then on.
    """
    directory = parse_directory(_read(draft))
    signers = [read_root(_read(root), _passphrase(passphrase_file, "Passphrase of the root key"))]
    if new_root is not None:
        signers.append(_new_root(new_root, new_passphrase_file, signers[0].name))
        directory = replace(directory, new_root=signers[1].verifier)
    click.echo(_summary(directory), err=True)
    if not yes:
        click.confirm("Sign this?", abort=True, err=True)
    _write(out, str(sign_note(directory.text(), signers)))


@click.command("accept-directory", epilog="Example: suyuan keys accept-directory signed.txt")
@click.argument("signed", type=_FILE)
@data_option
def accept_directory(signed: Path, data: Path | None) -> None:
    """Publish the directory in the file SIGNED; its keys are in force from then on.

    It must be the one that was drafted last, signed by the root key.
    """
    with writing_ledger(data) as ledger:
        seq = ledger.perform(SYSTEM, directories.accept_directory, _read(signed))
        directories.write_root_file(ledger)
    click.echo(f"Key directory {seq} is published.")


@click.command("drop-draft", epilog="Example: suyuan keys drop-draft")
@data_option
def drop_draft(data: Path | None) -> None:
    """Take back every change of a key that waits for the root's signature."""
    with writing_ledger(data) as ledger:
        seq = ledger.perform(SYSTEM, acts.drop_draft)
    click.echo(f"The draft of directory {seq} is dropped; all keys are as they were.")


def _new_root(file: Path, given: Path | None, old: str) -> Ed25519Signer:
    """The new root of a file; made there, with a name that counts on from the old, if need be."""
    if file.exists():
        return read_root(_read(file), _passphrase(given, "Passphrase of the new root key"))
    secret = _passphrase(given, "Passphrase for the new root key", new=True)
    stem, _, number = old.rpartition("-")
    name = f"{stem}-{int(number) + 1}" if number.isdecimal() else f"{old}-2"
    root = Ed25519Signer.generate(name)
    write_root(file, root, Keyring.create(secret))
    click.echo(f"Made the root key {root.verifier} in {file}.", err=True)
    return root


def _passphrase(file: Path | None, asked: str, *, new: bool = False) -> str:
    if file is not None:
        return passphrase(file)
    given: str = click.prompt(asked, hide_input=True, confirmation_prompt=new, err=True)
    return given


def _summary(directory: Directory) -> str:
    """What is about to be signed, for the eyes of whoever holds the root key."""
    keys = [
        f"  {entry.use.value:<8} {entry.key.name} "
        + (
            f"revoked at {entry.revoked_at_size}"
            if entry.revoked
            else f"until {entry.until or '…'}"
        )
        for entry in directory.keys
    ]
    new = [f"New root: {directory.new_root}"] if directory.new_root else []
    hosts = ", ".join(entry.host for entry in directory.hosts)
    return "\n".join(
        [f"Directory {directory.seq} of {directory.origin}, good until {directory.expires.date()}",
         f"  hosts    {hosts}", *keys, *new]
    )  # fmt: skip


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured("The file {path} cannot be read.", path=file) from error


def _write(out: Path | None, text: str) -> None:
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8", newline="\n")
