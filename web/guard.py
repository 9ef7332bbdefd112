"""The door of an area: who may come in, and where the others are sent."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from suyuan.web.identity import NoOrganisation, SecondFactorNeeded, current_actor, signed_in


def guarded(blueprint: Blueprint, permission: str | None = None) -> Blueprint:
    """Let only people with an organisation into ``blueprint``, and with ``permission`` if named.

    A stranger is sent to sign in and comes back afterwards; the acts check each right again.
    """

    @blueprint.before_request
    def only_those_who_may() -> Response | None:
        return door(permission)

    return blueprint


def door(permission: str | None = None) -> Response | None:
    """Where to send the one who asks before coming in here; None lets in.

    Raises Forbidden for one who is known and may not.
    """
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    if signed_in() is None:
        return redirect(url_for("sign_in.enter", next=back))
    try:
        actor = current_actor()
    except NoOrganisation:
        return redirect(url_for("account.overview"))
    except SecondFactorNeeded:
        return redirect(url_for("account.second_factor", next=back))
    if permission is not None:
        actor.require(permission)
    return None
