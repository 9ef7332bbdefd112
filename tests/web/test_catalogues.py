"""Which language a reader gets, and that each text comes from the right catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask, render_template_string
from flask_babel import force_locale, gettext, ngettext

from suyuan.web import catalogues

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
PLURAL = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
TEXTS = {
    "zh": {
        "one": HEADER + '\nmsgid "Origin"\nmsgstr "产地"\n\nmsgid "Producer"\nmsgstr "生产者"\n',
        "two": PLURAL
        + '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
        + 'msgid "%(num)d package"\nmsgid_plural "%(num)d packages"\nmsgstr[0] "%(num)d 件"\n'
        + '\n#, fuzzy\nmsgid "Unsure"\nmsgstr "不确定"\n\nmsgid "Empty"\nmsgstr ""\n',
    },
    "bo": {"one": HEADER + '\nmsgid "Origin"\nmsgstr "ཐོན་ས།"\n'},
    "en": {},
}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    def areas(language: str) -> Iterator[tuple[str, Catalog]]:
        for area, text in TEXTS[language].items():
            yield area, read_po(BytesIO(text.encode()), locale=language)

    monkeypatch.setattr(catalogues, "areas", areas)
    catalogues.translations.cache_clear()
    app = Flask(__name__)
    catalogues.install(app)

    @app.get("/")
    def page() -> str:
        return render_template_string("{{ _('Origin') }}")

    yield app
    catalogues.translations.cache_clear()


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-Hans-CN", "zh"),
        ("en-US,zh;q=0.9", "en"),
        ("bo-CN,zh;q=0.5", "bo"),
        ("en;q=0.2,bo;q=0.7", "bo"),
        ("en;q=0,bo;q=0", "zh"),
        ("fr-FR,de;q=0.5", "zh"),
        ("*", "zh"),
        ("", "zh"),
        (";;;,,q=zz", "zh"),
    ],
)
def test_the_browser_says_which_language(app: Flask, accept: str, expected: str) -> None:
    with app.test_request_context("/", headers={"Accept-Language": accept}):
        assert catalogues.select_locale() == expected


def test_a_choice_by_hand_stands_before_the_browser(app: Flask) -> None:
    headers = {"Accept-Language": "en", "Cookie": "lang=bo"}
    with app.test_request_context("/", headers=headers):
        assert catalogues.select_locale() == "bo"
    with app.test_request_context("/?lang=zh", headers=headers):
        assert catalogues.select_locale() == "zh"
    with app.test_request_context("/?lang=../../etc", headers=headers):
        assert catalogues.select_locale() == "bo"


def test_a_page_speaks_each_language(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/?lang=zh").text == "产地"
    assert client.get("/?lang=bo").text == "ཐོན་ས།"
    assert client.get("/?lang=en").text == "Origin"


@pytest.mark.parametrize(
    ("language", "expected"), [("bo", "生产者"), ("zh", "生产者"), ("en", "Producer")]
)
def test_what_tibetan_lacks_is_said_in_chinese(app: Flask, language: str, expected: str) -> None:
    with app.test_request_context(), force_locale(language):
        assert gettext("Producer") == expected


@pytest.mark.parametrize("key", ["Unsure", "Empty", "Nowhere to be found"])
def test_an_unsure_or_missing_text_falls_back_to_the_key(app: Flask, key: str) -> None:
    with app.test_request_context(), force_locale("bo"):
        assert gettext(key) == key


def test_areas_are_merged_and_numbers_counted(app: Flask) -> None:
    with app.test_request_context(), force_locale("zh"):
        assert gettext("Origin") == "产地"
        assert ngettext("%(num)d package", "%(num)d packages", 3) == "3 件"
    with app.test_request_context(), force_locale("en"):
        assert ngettext("%(num)d package", "%(num)d packages", 1) == "1 package"
        assert ngettext("%(num)d package", "%(num)d packages", 3) == "3 packages"


def test_outside_of_a_request_texts_are_in_the_default_language(app: Flask) -> None:
    with app.app_context():
        assert gettext("Origin") == "产地"
