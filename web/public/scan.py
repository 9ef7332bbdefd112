"""The scan page: the answer about one code, as a page, as JSON or as a GS1 linkset.

Answers with 200 where a batch is vouched for, whatever is wrong with it: a recall must reach
everybody, also programs that throw away the body of an error. All else (unknown, forged,
malformed, not in use yet) is 404 with a page that says what to do: nothing is at such an address.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any, cast

from flask import Response, current_app, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from suyuan import __version__
from suyuan.api import resolver
from suyuan.trace.codes.trace_code import TraceCodeError, parse_trace_code
from suyuan.trace.errors import NotFound
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.queries import supervision_phone
from suyuan.trace.passport import Passport, Unvouched
from suyuan.trace.printing.weighing import NET_CONTENT
from suyuan.trace.products.label_items import label_item_names
from suyuan.trace.scans.counter import ScanCounter
from suyuan.web.catalogues import COOKIE, select_locale
from suyuan.web.ground import db, forget_what_was_read, ledger, now, settings
from suyuan.web.public.answers import Answer, Answers, Page
from suyuan.web.public.asked import MEDIA_TYPES, Form, asked_form, raw_path, scanned
from suyuan.web.public.route import Waypoint, draw_route

BATCH_SECONDS = 60
"""How long caches may answer for a batch; the page of a package is asked for each time."""
STEPS_SHOWN = 30


def signed(code: str) -> AnyResponse:
    """A path with a signature before it. The raw text counts, not what was made of it."""
    return answer_code(scanned(request, settings().https))


def unsigned(**_parts: str) -> AnyResponse:
    """A canonical path without a signature; the host of such an address proves nothing."""
    return answer_code(raw_path(request))


def by_trace_code(code: str) -> AnyResponse:
    """The path of a batch by trace code; written as people write it, it leads to the right one."""
    try:
        plain = parse_trace_code(code)
    except TraceCodeError:
        plain = code
    if plain != code:
        return redirect(f"/t/{plain}", 301)
    return unsigned()


def answer_code(text: str, asked_by: tuple[str, str] | None = None) -> AnyResponse:
    """The answer about ``text`` in the form that was asked for.

    ``asked_by``: kind and number of the foreign carrier that led to it, at its own address.
    """
    question, size = _answers().ask(ledger().database, text, now())
    forget_what_was_read()  # of a moment before that
    form = asked_form(request)
    how = _how(form, size)
    link_type = None if form == "linkset" else request.args.get("linkType")
    page = None if link_type else _answers().page(question, how)
    if page is None:
        answer = _answers().about(
            db(), ledger().families, question, size, now=now(), anew=form != "html",
            otherwise_call=settings().supervision_phone, asked_by=asked_by,
        )  # fmt: skip
        if isinstance(answer, Unvouched):
            return _unvouched(answer, form)
        if link_type:
            return redirect(_link_of(answer.passport, link_type, form), 307)
        page = _answers().keep_page(question, how, _draw(answer, form, how))
    response = _conditional(page, form)
    if response.status_code == 200 and _is_opening(page):
        _counter().count(page.path, now())
    return response


def _is_opening(page: Page) -> bool:
    """Whether somebody opens a package's code: not a reload, nor a program that only looks."""
    asked_again = bool(request.if_none_match)
    return page.serial is not None and request.method == "GET" and not asked_again


def _conditional(page: Page, form: Form) -> Response:
    """The page, or 304 where the asker holds it already and nothing was written since."""
    response = Response(content_type=MEDIA_TYPES[form])
    response.headers["ETag"] = page.etag
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    if page.serial is None and request.args.get(COOKIE) is None:
        response.headers["Cache-Control"] = f"public, max-age={BATCH_SECONDS}"
    else:
        # each opening of a package is to be counted, so no cache on the way may answer for it
        response.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match:
        response.make_conditional(request)
    if response.status_code != 304:
        response.data = page.body
    return response


def _draw(answer: Answer, form: Form, how: str) -> Page:
    """What is answered, drawn once a minute: nothing in it is finer."""
    passport = answer.passport
    if form == "html":
        drawn = render_template(
            "public/scan.html",
            passport=passport,
            record=_record(answer),
            in_language=_in_language,
        )
    else:
        drawn = current_app.json.dumps(_value(passport, form))
    return Page(
        drawn.encode(), _etag(answer, how), passport.path, passport.serial, answer.size,
        answer.batch_ids,
    )  # fmt: skip


def _value(passport: Passport, form: Form) -> dict[str, Any]:
    """What programs are answered: a linkset, or the passport with its proofs."""
    if form == "linkset":
        return resolver.linkset(passport)
    return resolver.answer_json(passport, db() if _with_proofs() else None)


def _with_proofs() -> bool:
    return request.args.get("proofs") != "0"


def _how(form: Form, size: int) -> str:
    """The ways in which one answer is drawn differently. A page names its own address.

    What programs are answered says how long the log is, and proves it: any record changes that.
    """
    own = raw_path(request).split("?")[0]
    more = f"{'steps' in request.args} {_with_proofs()} {'' if form == 'html' else size}"
    return f"{form} {select_locale()} {more} {request.scheme}://{request.host}{own}"


def _record(answer: Answer) -> Markup:
    """The long part of the page: what the record says. Drawn once for an edition and language."""
    steps_asked = "steps" in request.args
    passport, weighed = answer.passport, answer.passport.net_content is not None
    key = (answer.edition, f"{select_locale()} {steps_asked} {weighed}")
    drawn = _answers().pieces.get(key)
    if drawn is not None:
        return drawn
    if weighed:  # each package of it says its own, above
        label = {key: said for key, said in passport.label.items() if key != NET_CONTENT}
        passport = replace(passport, label=label)
    steps = passport.steps if steps_asked else passport.steps[:STEPS_SHOWN]
    text = render_template(
        "public/record.html",
        passport=passport,
        steps=steps,
        more_steps=len(passport.steps) - len(steps),
        numbers={step.uid: at for at, step in enumerate(passport.steps, start=1)},
        label_names=label_item_names(),
        draw_route=_draw_route,
    )
    return _answers().pieces.keep(key, Markup(text))  # noqa: S704 - made by an escaping template


def _draw_route(passport: Passport, title: str, description: str) -> Markup:
    waypoints = [
        Waypoint(number, stop.place.altitude_m)
        for number, stop in enumerate(passport.route, start=1)
    ]
    return draw_route(waypoints, title, description)


def _unvouched(about: Unvouched, form: Form) -> AnyResponse:
    """The honest page of a code that nothing can be vouched for."""
    if form != "html":
        return resolver.unvouched_json(about)
    page = render_template(
        "public/unvouched.html",
        about=about,
        supervision=_supervision(about.trace_code),
        in_language=_in_language,
    )
    response = Response(page, 404, content_type="text/html; charset=utf-8")
    response.cache_control.no_store = True
    return response


def _supervision(trace_code: str | None) -> str:
    """The line of the division that a code names, even where the code is not to be believed."""
    division = (trace_code or "")[:6]
    if division not in divisions():
        return settings().supervision_phone
    return supervision_phone(db(), division, settings().supervision_phone)


def _link_of(passport: Passport, link_type: str, form: Form) -> str:
    """The address of a view of this type (``pip``, ``gs1:pip`` or the whole URI). Raises NotFound.

    Of several the one in the form that was asked for, else the first.
    """
    wanted = resolver.link_type_of(link_type)
    found = [link for link in resolver.links(passport) if link.type == wanted]
    if wanted == "defaultLink":
        return passport.path
    if not found:
        raise NotFound("There is no link of the type {link_type} here.", link_type=link_type)
    media = resolver.HTML if form == "html" else resolver.JSON
    return next((link.href for link in found if link.media == media), found[0].href)


def _etag(answer: Answer, how: str) -> str:
    """Weak: what is finer than the record, the day and the openings does not count."""
    passport = answer.passport
    opened = passport.copies.count if passport.copies else 0
    parts = (__version__, how, passport.path, passport.issued, *answer.edition[1:],
             passport.standing.state, opened)  # fmt: skip
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:24]}"'


def _in_language(code: str) -> str:
    """This very address in another language: the path as it came, since its text is what counts."""
    return f"{raw_path(request).split('?')[0]}?{COOKIE}={code}"


def _answers() -> Answers:
    return cast(Answers, current_app.extensions["suyuan-answers"])


def _counter() -> ScanCounter:
    return cast(ScanCounter, current_app.extensions["suyuan-scans"])
