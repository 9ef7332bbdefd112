"""One's own account: organisation, PIN, authenticator, tokens, language."""

from __future__ import annotations

import base64

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from suyuan.labels import qr
from suyuan.trace.acts.people import choose_language, make_token, revoke_token
from suyuan.trace.acts.sign_in import (
    change_own_password,
    remove_second_factor,
    set_second_factor,
)
from suyuan.trace.errors import InvalidInput, SuyuanError
from suyuan.trace.parties import queries
from suyuan.trace.parties import second_factor as authenticator
from suyuan.trace.parties.roles import Rights
from suyuan.trace.spans import day_choices
from suyuan.web import identity
from suyuan.web.error_pages import faults_by_field
from suyuan.web.ground import db, forget_what_was_read, ledger
from suyuan.web.showing import COOKIE_SECONDS
from suyuan.web.sign_in import local_address

blueprint = Blueprint("account", __name__, url_prefix="/account")

Answer = str | Response | tuple[str, int]
ISSUER = "Suyuan"
"""What authenticator apps call us; in Latin letters, so that the symbol stays small."""


@blueprint.before_request
def only_who_is_signed_in() -> Response | None:
    if identity.signed_in() is None:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("sign_in.enter", next=back))
    return None


@blueprint.get("/")
def overview() -> str:
    """Where one can go from here, and for whom one acts."""
    return _overview({})


@blueprint.post("/organisation")
def choose_organisation() -> Response:
    """Act for another organisation."""
    identity.choose_organisation(request.form.get("party", ""))
    return redirect(local_address(request.form.get("next")))


@blueprint.post("/language")
def language() -> Response:
    """Keep in which language one reads, here and on the next device."""
    chosen = request.form.get("language", "")
    who = identity.require_signed_in()
    identity.perform_as(identity.oneself(), choose_language, who.uid, chosen)
    answer = redirect(url_for("account.overview"))
    answer.set_cookie(
        "lang", chosen, max_age=COOKIE_SECONDS, samesite="Lax", httponly=True,
        secure=ledger().settings.https,
    )  # fmt: skip
    return answer


@blueprint.route("/pin", methods=["GET", "POST"])
def pin() -> Answer:
    """Set a new PIN; every other session ends."""
    who = identity.require_signed_in()
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            if request.form.get("password") != request.form.get("again"):
                raise InvalidInput("The two entries differ.", "again")
            ledger().perform(
                identity.oneself(),
                change_own_password,
                who.uid,
                request.form.get("old", ""),
                request.form.get("password", ""),
            )
        except SuyuanError as error:
            faults = faults_by_field(error)
        else:
            _go_on(who)
            flash(gettext("The new PIN holds. Other devices were signed out."), "done")
            return redirect(url_for("account.overview"))
    page = render_template("account/pin.html", faults=faults)
    return (page, 422) if faults else page


@blueprint.route("/second-factor", methods=["GET", "POST"])
def second_factor() -> Answer:
    """Set an authenticator up: scan the symbol, type the code it shows."""
    who = identity.require_signed_in()
    onward = local_address(request.values.get("next"))
    secret = _offered_secret(who.uid)
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            code = request.form.get("code", "")
            identity.perform_as(identity.oneself(), set_second_factor, who.uid, secret, code)
        except SuyuanError as error:
            faults = faults_by_field(error)
        else:
            session.pop("offered", None)
            session["second_factor"] = True
            flash(gettext("From now on signing in asks for a code of this app."), "done")
            return redirect(onward)
    page = render_template(
        "account/second_factor.html",
        symbol=_symbol(secret, who.uid),
        secret=authenticator.as_text(secret),
        next=onward,
        faults=faults,
        who=who,
    )
    return (page, 422) if faults else page


@blueprint.post("/second-factor/remove")
def forget_second_factor() -> Response:
    """Remove the authenticator, e.g. before changing the phone."""
    who = identity.require_signed_in()
    identity.perform_as(identity.oneself(), remove_second_factor, who.uid)
    flash(gettext("The authenticator was removed."), "done")
    return redirect(url_for("account.overview"))


@blueprint.route("/tokens", methods=["GET", "POST"])
def tokens() -> Answer:
    """Tokens for programs that speak to the API in one's name; each is shown once."""
    who, made = identity.require_signed_in(), None
    faults: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            party = identity.current_actor().party_uid or ""
            made = identity.perform_secretly(
                make_token, who.uid, party, request.form.get("label", ""), _days()
            )
        except SuyuanError as error:
            faults, status = faults_by_field(error), error.status
    page = render_template(
        "account/tokens.html",
        tokens=queries.tokens(db(), who.person_id),
        made=made,
        faults=faults,
        days=day_choices("token_lives"),
    )
    return page, status


@blueprint.post("/tokens/<uid>/revoke")
def revoke(uid: str) -> Response:
    """Make a token useless."""
    identity.perform_as(identity.oneself(), revoke_token, uid)
    flash(gettext("The token was revoked."), "done")
    return redirect(url_for("account.tokens"))


def _overview(faults: dict[str, str]) -> str:
    mine = identity.organisations()
    chosen = session.get("party")
    return render_template(
        "account/overview.html",
        who=identity.require_signed_in(),
        organisations=mine,
        chosen=next((one.uid for one in mine if one.uid == chosen), mine[0].uid if mine else None),
        kinds=Rights.load().organisation_kinds,
        faults=faults,
    )


def _go_on(who: identity.SignedIn) -> None:
    """Keep this browser signed in under the session name that the new PIN brought."""
    forget_what_was_read()
    party = session.get("party")
    identity.sign_in(queries.person(db(), who.uid), second_factor=who.gave_second_factor)
    if party is not None:
        session["party"] = party


def _offered_secret(uid: str) -> bytes:
    """The secret offered in this session, the same until it is taken: a reload changes nothing."""
    installation = ledger().keys.secret
    if offered := session.get("offered"):
        return authenticator.unseal(base64.b64decode(offered), installation, uid)
    secret = authenticator.new_secret()
    session["offered"] = base64.b64encode(authenticator.seal(secret, installation, uid)).decode()
    return secret


def _symbol(secret: bytes, uid: str) -> str:
    """The QR symbol for the app, as an address that an image takes."""
    drawn = qr.as_svg(qr.encode(authenticator.address(secret, ISSUER, uid[-6:])))
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()


def _days() -> int:
    given = request.form.get("days", "")
    if given not in {str(days) for days in day_choices("token_lives")}:
        raise InvalidInput("Choose how long the token may be used.", "days")
    return int(given)
