"""``suyuan verify``: who issued a code, or what of a passport is in the log.

Works without a network, a database or a server.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import click

from suyuan.commands import passport_file
from suyuan.trace.clock import SystemClock, utc_text
from suyuan.trace.codes.manifest import LoggedRun
from suyuan.trace.codes.signed_code import is_address
from suyuan.trace.codes.status import State, StatusList, open_status
from suyuan.trace.codes.verify import Verdict, Verification
from suyuan.trace.codes.verify import verify as verify_code
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.directory import Directory, HostEntry, KeyEntry, KeyUse, open_directory
from suyuan.trace.keys.notes import VerifierKey, parse_verifier_key
from suyuan.trace.log.policy import parse_policy
from suyuan.trace.printing.run_proof import ANYBODY, parse_run_proof

ROOT_FILE = "root.vkey"
"""In the data directory: the verifier keys of the roots that are trusted, one a line."""

_SAYS = {
    Verdict.UNSIGNED: "This address has no signature: it does not show who issued it.",
    Verdict.MALFORMED: "This is no code of a label.",
    Verdict.NEWER_FORMAT: "This code has a newer format: update this program.",
    Verdict.UNKNOWN_KEY: "No known key signed this code. Treat it as a forgery.",
    Verdict.FORGED: "The signature is wrong: this code is a forgery, or it was altered.",
    Verdict.OUT_OF_SCOPE: "The key that signed this code may not sign for this product or place.",
    Verdict.OTHER_HOST: "This code leads to a host that its issuer does not list.",
    Verdict.REVOKED_KEY: "The key was revoked: this cannot be confirmed without a network.",
    Verdict.GOOD: "This code was issued by {issuer}. It may still be a copy.",
}
_STATES = {
    State.RECALLED: "It is recalled.",
    State.VOIDED: "It was declared void.",
    State.HELD: "It is held back.",
    State.PAPER_REVOKED: "It leans on a paper that was revoked.",
    State.EXPIRED_EARLY: "It expired before its date.",
}


class CannotVerify(click.ClickException):
    """What the code should be checked with cannot be used; nothing is said about the code."""

    exit_code = 2


@click.command(
    epilog="Example: suyuan verify https://t.example.cn/1478…/t/5406260847047297 "
    "--keys keys.txt --root trace.example.cn/root+66f2a545+ASx7wr1t…"
)
@click.argument("url", required=False)
@click.option(
    "--passport",
    type=click.Path(path_type=Path),
    help="A saved passport with its proofs (JSON), instead of a URL.",
)
@click.option(
    "--keys",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A key directory, as it is served. Where the root key was handed over since, give the "
    "editions in order (/.well-known/suyuan/keys/<number>), --keys before each.",
)
@click.option("--root", help="The root key that signs the directory; else the data directory's.")
@click.option("--vkey", help="The one key to check with, instead of a directory.")
@click.option("--host", help="The label host that belongs to --vkey.")
@click.option(
    "--status",
    type=click.Path(path_type=Path),
    help="A status list: its note, then a blank line and its body, or the body in FILE.body.",
)
@click.option(
    "--run",
    type=click.Path(path_type=Path),
    help="Where the key was revoked: the proof of the code's print run, as served at /log/run….",
)
@click.option(
    "--policy",
    type=click.Path(path_type=Path),
    help="The witnesses that must have cosigned that proof (C2SP tlog-policy).",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    envvar="SUYUAN_DATA",
    help="The data directory, for its root key. [SUYUAN_DATA]",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def verify(
    context: click.Context,
    url: str | None,
    passport: Path | None,
    keys: tuple[Path, ...],
    root: str | None,
    vkey: str | None,
    host: str | None,
    status: Path | None,
    run: Path | None,
    policy: Path | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Tell who issued the code URL, or which values of a passport are in the log; no network.

    Exit status 0 only for a good code with nothing listed against it, or for a passport of which
    every value is proven; 1 for any other verdict; 2 when there is nothing to check with. A good
    code says who issued it: never that this package is the original, and without --status not
    whether it is recalled.
    """
    if (url is None) == (passport is None):
        raise click.UsageError("Give either a URL or --passport FILE.")
    if passport is not None:
        context.exit(_check_passport(passport, keys, vkey, _roots_of(keys, root, data), as_json))
    if (not keys) == (vkey is None) or (vkey is None) != (host is None):
        raise click.UsageError("Give either --keys FILE, or --vkey KEY with --host HOST.")
    if vkey and (root or status or run):
        raise click.UsageError(
            "--root, --status and --run go with --keys: the directory names the keys."
        )
    now = SystemClock().now()
    try:
        if keys:
            directory = _open_directories(keys, _roots(root, data))
        else:
            directory = _directory_of_one(str(vkey), str(host))
        listed = _open_status(status, directory) if status else None
        logged = _open_run(run, policy, directory) if run else None
    except InvalidInput as error:
        raise CannotVerify(str(error)) from error
    answer = verify_code(str(url), directory, listed, now, lambda _path: logged)
    click.echo(json.dumps(_as_json(answer), ensure_ascii=False) if as_json else _as_text(answer))
    context.exit(0 if answer.clear else 1)


def _check_passport(
    passport: Path,
    keys: tuple[Path, ...],
    vkey: str | None,
    roots: list[VerifierKey],
    as_json: bool,
) -> int:
    """Check a saved passport with the log's key, or with the log keys of a directory."""
    if (not keys) == (vkey is None):
        raise click.UsageError("Give either --vkey KEY, the log's key, or --keys FILE.")
    try:
        if keys:
            known = _open_directories(keys, roots).keys_for(KeyUse.LOG)
        else:
            known = (parse_verifier_key(str(vkey)),)
        checked = passport_file.check_passport(_read(passport), known)
    except InvalidInput as error:
        raise CannotVerify(str(error)) from error
    passport_file.tell(checked, as_json)
    return 0 if checked.proven else 1


def _open_directories(files: tuple[Path, ...], roots: list[VerifierKey]) -> Directory:
    """The last of some editions, each signed by the root that is believed after the one before."""
    first, *later = files
    directory = open_directory(_read(first), roots)
    for file in later:
        roots = roots if directory.new_root is None else [directory.new_root]
        directory = open_directory(_read(file), roots, directory.seq)
    return directory


def _roots_of(keys: tuple[Path, ...], root: str | None, data: Path | None) -> list[VerifierKey]:
    return _roots(root, data) if keys else []


def _roots(root: str | None, data: Path | None) -> list[VerifierKey]:
    if root is not None:
        return [parse_verifier_key(root)]
    if data is None:
        raise click.UsageError(
            f"Say which root key you trust: --root KEY, or --data DIR with its {ROOT_FILE}."
        )
    lines = _read(data / ROOT_FILE).decode("utf-8", "replace").split()
    return [parse_verifier_key(line) for line in lines]


def _directory_of_one(vkey: str, host: str) -> Directory:
    """A directory of one key and one host, as if a root had signed it.

    An address, or a host written ``http://…``, allows http, as one of a demonstration does.
    """
    since, until = date(1970, 1, 1), datetime.max.replace(tzinfo=UTC)
    name = host.removeprefix("http://").removeprefix("https://").lower()
    http = host.startswith("http://") or is_address(name)
    key = parse_verifier_key(vkey)
    return Directory(
        origin=key.name,
        seq=0,
        issued=datetime(1970, 1, 1, tzinfo=UTC),
        expires=until,
        hosts=(HostEntry(name, since, http=http),),
        keys=(KeyEntry(key, KeyUse.CODE, issuer=key.name, since=since),),
    )


def _open_status(path: Path, directory: Directory) -> StatusList:
    """The list in a file: the note, a blank line and the body; or the body in FILE.body."""
    note = _read(path)
    end = note.find(b"\n\n", note.find("\n\n\N{EM DASH} ".encode()) + 2)
    beside = path.with_name(path.name + ".body")
    if end >= 0:
        note, body = note[: end + 1], note[end + 2 :]
    else:
        if not beside.exists():
            raise CannotVerify(_no_body(note, path, beside))
        body = _read(beside)
    text = body.decode("ascii", "replace")
    return open_status(note, text, directory.keys_for(KeyUse.STATUS), origin=directory.origin)


def _open_run(path: Path, policy: Path | None, directory: Directory) -> LoggedRun:
    """The print run that a proof shows to have been logged."""
    witnesses = parse_policy(_read(policy)) if policy else ANYBODY
    return parse_run_proof(_read(path)).check(directory, witnesses)


def _no_body(note: bytes, path: Path, beside: Path) -> str:
    """What is missing beside the note of a status list, and where it is to be had."""
    number = re.search(rb'"seq":\s*([0-9]+)', note)
    where = f"/{number[1].decode()}" if number else "/<its seq>"
    return (
        f"{path} is only the note of a status list: its body is missing. Fetch the body from the "
        f"same site, at /.well-known/suyuan/status{where}, and keep it as {beside}."
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotVerify(f"{path} cannot be read: {error.strerror}.") from error


def _as_json(answer: Verification) -> dict[str, object]:
    return {
        "verdict": answer.verdict.value,
        "path": None if answer.path is None else str(answer.path),
        "host": answer.host,
        "key": answer.key and str(answer.key.key),
        "issuer": answer.issuer,
        "state": answer.state and answer.state.name.lower(),
        "listed": _listed(answer),
        "as_of": answer.as_of and utc_text(answer.as_of),
        "stale": answer.stale,
        "clock_behind": answer.clock_behind,
        "why": None if answer.fault is None else str(answer.fault),
    }


def _listed(answer: Verification) -> bool | None:
    """Whether something is listed against the code; None where that is not known."""
    known = answer.as_of is not None and answer.path is not None
    return answer.state is not None if known else None


def _as_text(answer: Verification) -> str:
    lines = [f"{answer.verdict.value}: " + _SAYS[answer.verdict].format(issuer=answer.issuer)]
    if answer.verdict is Verdict.GOOD and answer.key is not None and answer.key.revoked:
        lines.append("Its key was revoked since: it counts as its print run was logged before.")
    if answer.fault is not None:
        lines.append(str(answer.fault))
    if answer.state is not None:
        lines.append(_STATES[answer.state])
    elif answer.as_of is not None and answer.path is not None:
        lines.append("Nothing is listed against it.")
    elif answer.path is not None:
        lines.append("No status list was given: whether it is recalled or void is not known.")
    if answer.as_of is not None:
        lines.append(f"Status list as of {utc_text(answer.as_of)}.")
    if answer.clock_behind:
        lines.append("The clock here is behind: these lists are of later. Set it and ask again.")
    if answer.stale:
        lines.append("These lists are past their date: fetch newer ones before you rely on this.")
    return "\n".join(lines)
