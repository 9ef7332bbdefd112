"""``/verify``: a page that checks labels on the phone itself, with and without network.

The page, its scripts and the texts of one language are kept on the phone by a service worker; the
key directory and the status list by the page's own script, which believes them by their signatures
alone. What this room serves is the same for everybody.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template
from flask_babel import force_locale, gettext

from suyuan.trace.acts.opening import instance_of
from suyuan.trace.spans import span
from suyuan.web.catalogues import LANGUAGES, select_locale
from suyuan.web.ground import db, settings
from suyuan.web.verify import shell
from suyuan.web.verify.texts import texts

PAGE = "/verify"
WORKER = f"{PAGE}/worker.js"

blueprint = Blueprint("verify", __name__)


@blueprint.get(PAGE)
def page() -> Response:
    """The page, in the reader's language."""
    response = Response(_page(select_locale()))
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@blueprint.get(WORKER)
def worker() -> Response:
    """The service worker: another text whenever anything that it keeps is another."""
    pages = {code: f"{PAGE}?lang={code}" for code in LANGUAGES}
    drawn = [_page(code) for code in LANGUAGES]
    response = Response(shell.worker(PAGE, pages, drawn), content_type=shell.JAVASCRIPT)
    response.headers["Service-Worker-Allowed"] = PAGE
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response


@blueprint.get(f"{PAGE}/<language>.webmanifest")
def manifest(language: str) -> Response:
    """What a phone needs to put the page among its programs (W3C Web Application Manifest)."""
    code = language if language in LANGUAGES else LANGUAGES[0]
    with force_locale(code):
        answer = jsonify(shell.manifest(PAGE, code, gettext("Check a label"), gettext("Suyuan")))
    answer.content_type = "application/manifest+json"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _page(language: str) -> str:
    """The whole page: nothing in it depends on who asks."""
    with force_locale(language):
        given = {
            "root": instance_of(db()).root,
            "language": language,
            "phone": settings().supervision_phone,
            "clocks_differ_ms": int(span("clocks_differ").total_seconds() * 1000),
            "scripts": shell.vendored(),
            "texts": texts(),
        }
        return render_template(
            "verify/page.html",
            given=given,
            modules=shell.modules(),
            in_language=lambda code: f"{PAGE}?lang={code}",
        )
