"""Every text that people may read has its Chinese, and no two catalogue files disagree."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from suyuan.web.catalogues import LANGUAGES, areas, merged
from tests.messages import ROOT, error_classes, texts, untranslated

GAP = re.compile(r"%\((\w+)\)\w|\{(\w+)[^}]*\}")


def _forms(text: str | Sequence[str] | None) -> Sequence[str]:
    return (text,) if isinstance(text, str) else text or ()


def _gaps(text: str | Sequence[str] | None) -> set[str]:
    found = (gap for form in _forms(text) for gap in GAP.findall(form))
    return {first or second for first, second in found}


def test_every_text_has_its_chinese() -> None:
    missing = {
        f"{text.file.relative_to(ROOT)}:{text.line}: {text.key!r}" for text in untranslated("zh")
    }
    assert not missing, (
        "no Chinese in web/translations/zh/ (`make texts` prints them):\n"
        + "\n".join(sorted(missing))
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_areas_say_a_text_differently(language: str) -> None:
    said: dict[tuple[object, str | None], tuple[str, object]] = {}
    clashes = []
    for area, catalogue in areas(language):
        for message in catalogue:
            if not message.id or not message.string:
                continue
            key = (message.id, message.context)
            before = said.setdefault(key, (area, message.string))
            if before[1] != message.string:
                clashes.append(f"{message.id!r}: {before[0]}.po and {area}.po")
    assert not clashes, "\n".join(clashes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_its_gaps(language: str) -> None:
    """A gap that the source does not fill would be an error when the text is shown."""
    wrong = []
    for message in merged(language):
        given = _gaps(message.id)
        wrong += [f"{said!r}" for said in _forms(message.string) if not _gaps(said) <= given]
    assert not wrong, "\n".join(wrong)


def test_texts_are_found_where_they_hide(tmp_path: Path) -> None:
    source = tmp_path / "a.py"
    source.write_text(
        "class OutOfStock(Conflict):\n"
        "    def __init__(self):\n"
        "        super().__init__('Only {left} left.')\n"
        "class Conflict(SuyuanError): ...\n"
        "class Sold(Conflict): ...\n"
        "raise OutOfStock('q')\n"
        "raise errors.Sold('Nothing ' 'left.', field='q')\n"
        "raise ValueError('for programmers')\n"
        "Fault('phone', 'No such number.')\n"
        "Fault(field='phone', message='Too short.')\n"
        "raise Conflict('Sold.' if sold else 'Held.')\n"
        "flash(_('Saved.')); lazy_gettext('Later.'); ngettext('one', 'many', n)\n"
    )
    template = tmp_path / "a.html"
    template.write_text("<p>{{ _('Shown.') }}{% trans %}  Told\n  twice. {% endtrans %}</p>")
    found = {text.key for text in texts([source], [template])}
    assert found == {
        "Only {left} left.", "Nothing left.", "No such number.", "Too short.", "Sold.", "Held.",
        "Saved.", "Later.", "one", "Shown.", "Told twice.",
    }  # fmt: skip
    assert error_classes([ast.parse(source.read_text())])["Sold"] == 0
