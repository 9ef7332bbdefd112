"""The words people see: which language a reader gets, and where its texts come from.

Texts are kept as ``translations/<language>/<area>.po``, one file for each area of the pages, so
that several people can translate at once. All files of a language are merged and compiled in
memory when the first reader asks for it; no compiled catalogue is kept.

The English text is the key. What a language does not have is taken from the next one of its
``FALLBACKS``: a page in Tibetan shows Chinese, not English, where a Tibetan word is not approved.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain, get_locale
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

LANGUAGES = ("zh", "bo", "en")
DEFAULT = "zh"
FALLBACKS = {"bo": ("zh",), "zh": (), "en": ()}
"""Languages tried in turn before the English key itself."""

COOKIE = "lang"


def select_locale() -> str:
    """The language of the one who reads this page.

    Chosen by hand stands first (``?lang=`` now, the cookie from before), then the languages the
    browser asks for in its order of liking, region and script left aside; Chinese if none fits.
    """
    if not has_request_context():
        return DEFAULT
    for chosen in (request.args.get(COOKIE), request.cookies.get(COOKIE)):
        if chosen in LANGUAGES:
            return chosen
    return _liked(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=256)
def _liked(accept: str) -> str:
    """The best of our languages for a header that browsers of a kind all send alike."""
    for asked, liking in parse_accept_header(accept, LanguageAccept):
        language = asked.lower().replace("_", "-").split("-")[0]
        if language in LANGUAGES and liking > 0:
            return language
    return DEFAULT


def areas(language: str) -> Iterator[tuple[str, Catalog]]:
    """Each catalogue file of ``language``: its area and what it says, in order of name."""
    folder = files("suyuan.web") / "translations" / language
    if not folder.is_dir():
        return
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".po"):
            content = BytesIO(file.read_bytes())
            yield file.name.removesuffix(".po"), read_po(content, locale=language)


def merged(language: str) -> Catalog:
    """All areas of ``language`` as one catalogue, without entries that are empty or unsure."""
    whole = Catalog(locale=language, fuzzy=False)
    for _, catalogue in areas(language):
        for message in catalogue:
            if message.id and message.string and not message.fuzzy:
                whole.add(message.id, message.string, context=message.context)
    return whole


@cache
def translations(language: str) -> Translations:
    """The texts of ``language``, its fallbacks behind it."""
    compiled = BytesIO()
    write_mo(compiled, merged(language))
    compiled.seek(0)
    texts = Translations(compiled)
    for other in FALLBACKS[language]:
        texts.add_fallback(translations(other))
    return texts


class Catalogues(Domain):  # type: ignore[misc]  # flask-babel has no types
    """flask-babel's source of texts, read from the catalogue files above."""

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        language = locale.language if locale else "en"
        return translations(language) if language in LANGUAGES else NullTranslations()


def install(app: Flask) -> Babel:
    """Give ``app`` its languages; ``gettext`` of flask_babel then works everywhere in it."""
    babel = Babel()
    babel.domain_instance = Catalogues()
    babel.init_app(
        app,
        default_locale=DEFAULT,
        default_timezone="Asia/Shanghai",
        locale_selector=select_locale,
    )
    # what templates say goes straight to the texts: a page says a hundred things
    domain = babel.domain_instance
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of Jinja's extension
        lambda text: domain.get_translations().ugettext(text),
        lambda one, many, number: domain.get_translations().ungettext(one, many, number),
        newstyle=True,
    )
    return babel
