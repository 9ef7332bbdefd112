"""A commitment certificate by its number: what everybody may read, and where its symbol leads."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from suyuan.trace.certificates import queries
from suyuan.trace.certificates.content import content_of
from suyuan.trace.certificates.number import grouped, read_number
from suyuan.trace.errors import InvalidInput, NotFound
from suyuan.trace.release.queries import stops
from suyuan.web.ground import db


def certificate(number: str) -> str | Response:
    """The certificate; a number written with hyphens is led to its plain form."""
    try:
        plain = read_number(number)
    except InvalidInput as error:
        raise NotFound("There is no certificate with this number.", field="number") from error
    if plain != number:
        return redirect(url_for("public.certificate", number=plain), 301)
    found = queries.certificate(db(), plain)
    return render_template(
        "public/certificate.html",
        certificate=found,
        content=content_of(found, for_all=True),
        sources=queries.sources(db(), found.id),
        replaced_by=queries.replaced_by(db(), found.id),
        stops=stops(db(), [found.batch_id]),
        number=grouped,
    )
