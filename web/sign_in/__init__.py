"""Coming in and going out: number and PIN, second factor, one-time links."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from suyuan.trace.acts.people import spend_link
from suyuan.trace.acts.sign_in import NotProved, prove_password, prove_second_factor
from suyuan.trace.errors import InvalidInput, SuyuanError
from suyuan.trace.parties import queries
from suyuan.trace.parties.actor import STRANGER
from suyuan.trace.settings import Settings
from suyuan.web import identity
from suyuan.web.error_pages import faults_by_field
from suyuan.web.ground import db, forget_what_was_read, ledger, now
from suyuan.web.navigation import first_area
from suyuan.web.protection import Limit

blueprint = Blueprint("sign_in", __name__)

PROVING_SECONDS = 600
"""How long after number and PIN the code may come."""

Answer = str | Response | tuple[str, int]


def limits(settings: Settings) -> list[Limit]:
    """How often one address may try, and how often one person may be tried in vain.

    The second is what makes a PIN of six digits enough against many addresses at once.
    """
    views = ("enter", "enter_code", "enter_by_link")
    return [
        *(Limit(f"{blueprint.name}.{view}", settings.rate_sign_in) for view in views),
        Limit(f"{blueprint.name}.enter", settings.rate_person, _number_tried),
        Limit(f"{blueprint.name}.enter_code", settings.rate_person, _person_proving),
    ]


def _number_tried() -> str:
    """The number as digits, however it is written; the country's prefix aside."""
    digits = "".join(one for one in request.form.get("phone", "") if one.isdecimal())
    return f"number {digits[-11:]}"


def _person_proving() -> str:
    return f"person {session.get('proving', '')}"


@blueprint.route("/sign-in", methods=["GET", "POST"])
def enter() -> Answer:
    """Number and PIN; who has an authenticator is then asked for its code."""
    onward = local_address(request.values.get("next"))
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            uid = ledger().perform(
                STRANGER,
                prove_password,
                request.form.get("phone", ""),
                request.form.get("password", ""),
            )
        except NotProved as error:
            faults = faults_by_field(error)
        else:
            return _begin(uid, onward)
    page = render_template(
        "sign_in/enter.html", next=onward, faults=faults, phone=request.form.get("phone", "")
    )
    return (page, 401) if faults else page


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
def enter_code() -> Answer:
    """The code of the authenticator, after number and PIN."""
    uid, onward = session.get("proving"), local_address(request.values.get("next"))
    if not isinstance(uid, str) or session.get("proving_until", 0) < now().timestamp():
        return redirect(url_for("sign_in.enter", next=onward))
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            ledger().perform(STRANGER, prove_second_factor, uid, request.form.get("code", ""))
        except NotProved as error:
            faults = faults_by_field(error)
        else:
            forget_what_was_read()
            identity.sign_in(queries.person(db(), uid), second_factor=True)
            return redirect(onward)
    page = render_template("sign_in/code.html", next=onward, faults=faults)
    return (page, 401) if faults else page


@blueprint.route("/in/<token>", methods=["GET", "POST"])
def enter_by_link(token: str) -> Answer:
    """A one-time link: opening shows a button, pressing it spends the link and signs in.

    Opening alone spends nothing, because messengers open links to preview them. The link stands
    for number, PIN and second factor of this one session: whoever made it answered for that.
    """
    faults: dict[str, str] = {}
    link = queries.open_link(db(), token, now())
    if request.method == "POST":
        try:
            password = request.form.get("password", "") or None
            if password != (request.form.get("again", "") or None):
                raise InvalidInput("The two entries differ.", "again")
            uid = ledger().perform(STRANGER, spend_link, token, password)
        except SuyuanError as error:
            faults = faults_by_field(error)
        else:
            forget_what_was_read()
            identity.sign_in(queries.person(db(), uid), second_factor=True)
            return redirect(url_for("account.overview") if password else first_area())
    page = render_template("sign_in/link.html", link=link, faults=faults)
    return (page, 422 if link else 404) if faults or link is None else page


@blueprint.post("/sign-out")
def leave() -> Response:
    """End this browser's session."""
    identity.sign_out()
    return redirect(url_for("sign_in.enter"))


def local_address(given: str | None) -> str:
    """``given`` where it is an address of this site, else one's own account."""
    parts = urlsplit(given or "")
    local = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    # browsers read a backslash as a slash and leave control characters out
    clean = given and "\\" not in given and not parts.path.startswith("//") and given.isprintable()
    return given if given and local and clean else url_for("account.overview")


def _begin(uid: str, onward: str) -> Response:
    person = queries.person(db(), uid)
    if person.second_factor is not None:
        session.clear()
        session["proving"] = uid
        session["proving_until"] = int(now().timestamp()) + PROVING_SECONDS
        return redirect(url_for("sign_in.enter_code", next=onward))
    identity.sign_in(person, second_factor=False)
    return redirect(onward)
