"""Keys and directories as the operator changes them.

What is changed here waits for the root key, which is on another machine: the draft is taken away
as a file and brought back signed. What each change means stands beside its button.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from suyuan.trace.acts import directories
from suyuan.trace.acts import keys as acts
from suyuan.trace.acts.opening import instance_of
from suyuan.trace.acts.witnessing import believed_size
from suyuan.trace.codes import queries as codes
from suyuan.trace.errors import InvalidInput, NotFound, SuyuanError
from suyuan.trace.keys import queries
from suyuan.trace.keys.directory import KeyUse
from suyuan.trace.keys.facts import KeyFacts
from suyuan.trace.keys.notes import parse_verifier_key
from suyuan.trace.keys.tables import SigningKey
from suyuan.trace.log import queries as log
from suyuan.web.days import day_in
from suyuan.web.error_pages import faults_by_field
from suyuan.web.ground import db, ledger, settings
from suyuan.web.identity import perform

_PREFIXES = re.compile(r"[\s,;，；、]+")
_MOST_OF_A_NOTE = 1024 * 1024


def add_views(blueprint: Blueprint) -> None:
    """The pages of keys, on the operator's blueprint."""
    both = ["GET", "POST"]
    blueprint.get("/keys")(signing_keys)
    blueprint.route("/keys/new", methods=both)(make_signing_key)
    blueprint.route("/keys/<key_id>", methods=both)(change_signing_key)
    blueprint.get("/keys/draft")(directory_draft)
    blueprint.post("/keys/draft")(change_draft)
    blueprint.route("/keys/directory", methods=both)(bring_directory)


def signing_keys() -> str:
    """The keys and the directory that outsiders verify with, and what waits for the root."""
    return render_template(
        "admin/keys.html",
        instance=instance_of(db()),
        keys=queries.signing_keys(db()),
        id_of=queries.id_of,
        draft=queries.draft(db()),
        directory=codes.newest_directory(db()),
    )


def make_signing_key() -> ResponseReturnValue:
    """A new key for one use, with its scope."""
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            perform(acts.make_key, _asked())
        except SuyuanError as error:
            faults = faults_by_field(error)
        else:
            return _drafted()
    page = render_template(
        "admin/keys_new.html", uses=list(KeyUse), given=request.form, faults=faults
    )
    return (page, 422) if faults else page


def change_signing_key(key_id: str) -> ResponseReturnValue:
    """One key: rotate, retire or revoke it."""
    key = queries.key_with_id(db(), key_id)
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            _change(key, request.form.get("act", ""))
        except SuyuanError as error:
            faults = faults_by_field(error)
        else:
            return _drafted()
    page = render_template(
        "admin/keys_one.html",
        key=key,
        size=believed_size(db(), settings()),
        present=log.head(db()).size,
        given=request.form,
        faults=faults,
    )
    return (page, 422) if faults else page


def directory_draft() -> Response:
    """The draft as a file, to carry to the root key."""
    draft = queries.draft(db())
    if draft is None:
        raise NotFound("No directory waits for the root's signature.")
    response = Response(draft.text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="directory-{draft.seq}.txt"'
    return response


def change_draft() -> ResponseReturnValue:
    """Draft a directory with new dates, or take back all that waits."""
    act = request.form.get("act")
    if act == "drop":
        perform(acts.drop_draft)
        flash(gettext("All keys are as they were."), "done")
        return redirect(url_for("admin.signing_keys"))
    if act == "renew":
        perform(directories.request_directory)
        return _drafted()
    raise InvalidInput("Choose what is to be done.", field="act")


def bring_directory() -> ResponseReturnValue:
    """Take the directory that the root has signed."""
    faults: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            seq = perform(directories.accept_directory, _note())
            directories.write_root_file(ledger())
        except SuyuanError as error:
            faults, status = faults_by_field(error), error.status
        else:
            flash(gettext("Key directory %(number)s is published.", number=seq), "done")
            return redirect(url_for("admin.signing_keys"))
    page = render_template(
        "admin/keys_directory.html", draft=queries.draft(db()), given=request.form, faults=faults
    )
    return page, status


def _asked() -> KeyFacts:
    given = request.form
    public = given.get("public", "").strip()
    return KeyFacts(
        use=given.get("use", ""),
        issuer=given.get("issuer", ""),
        gtin=_prefixes("gtin"),
        division=_prefixes("division"),
        since=day_in(request.form, "since"),
        until=day_in(request.form, "until"),
        public=parse_verifier_key(public) if public else None,
    )


def _change(key: SigningKey, act: str) -> str:
    if act == "rotate":
        return perform(acts.rotate_key, key.verifier)
    if act == "retire":
        return perform(acts.retire_key, key.verifier, day_in(request.form, "on"))
    if act == "revoke":
        return perform(acts.revoke_key, key.verifier, _size())
    raise InvalidInput("Choose what is to be done.", field="act")


def _drafted() -> ResponseReturnValue:
    flash(gettext("It waits for the root's signature: take the draft to the root key."), "done")
    return redirect(url_for("admin.signing_keys"))


def _note() -> str:
    """The signed directory, from the file or the field. Raises InvalidInput."""
    file = request.files.get("file")
    data = file.stream.read(_MOST_OF_A_NOTE) if file and file.filename else b""
    try:
        text = data.decode() if data else request.form.get("note", "")
    except UnicodeDecodeError as error:
        raise InvalidInput("A signed note is written in UTF-8.", field="note") from error
    # a form sends line ends of its own
    return text.replace("\r\n", "\n").strip("\n") + "\n"


def _prefixes(field: str) -> tuple[str, ...]:
    return tuple(filter(None, _PREFIXES.split(request.form.get(field, "").strip())))


def _size() -> int | None:
    text = request.form.get("size", "").strip()
    if not text:
        return None
    if not re.fullmatch("[0-9]{1,18}", text):
        raise InvalidInput("The size of the log is a whole number.", field="size")
    return int(text)
