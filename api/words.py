"""Texts for whoever asks: marked for the catalogues where they stand, told where they are said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from flask_babel import get_locale, gettext

from suyuan.trace.doubts import Remark
from suyuan.trace.words import Language, said


def N_(text: str) -> str:  # noqa: N802  # gettext's own name for it, which extractors look for
    """The text itself; its translation is looked up later."""
    return text


def language() -> Language:
    """The language that the asker reads; English, where it is none of ours."""
    locale = get_locale()
    known = locale.language if locale else "en"
    return cast(Language, known) if known in ("zh", "bo") else "en"


def told(message: str, params: Mapping[str, object]) -> str:
    """A sentence of the trace rooms in the asker's language, its gaps filled; what has names is
    called as in that language."""
    text: str = gettext(message)
    return text.format_map(said(params, language())) if params else text


def remark_told(remark: Remark) -> str:
    """A warning or a doubt in the asker's language."""
    return told(remark.message, dict(remark.params))
