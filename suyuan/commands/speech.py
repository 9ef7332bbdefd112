"""Telling errors to whoever typed the command, in the language of the terminal."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from suyuan.trace.errors import InvalidInputs, SuyuanError
from suyuan.trace.words import Language, said

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""As POSIX has them: the first one that is set counts."""


def language(environment: Mapping[str, str] = os.environ) -> Language:
    """``zh``, ``bo`` or ``en``, as the terminal's locale says; English where it says another."""
    locale = next((value for name in _VARIABLES if (value := environment.get(name))), "")
    spoken_there: dict[str, Language] = {"zh": "zh", "bo": "bo"}
    return spoken_there.get(locale.lower()[:2], "en")


def spoken(error: SuyuanError) -> str:
    """The error as one line."""
    translate = translator(language())
    if isinstance(error, InvalidInputs):
        return "; ".join(
            f"{fault.field}: {_filled(translate(fault.message), dict(fault.params))}"
            for fault in error.faults
        )
    told = [(error.message, error.params)]
    told += [(fault.message, dict(fault.params)) for fault in error.faults]
    text = " ".join(_filled(translate(message), params) for message, params in told)
    return f"{error.field}: {text}" if error.field else text


def _filled(template: str, params: Mapping[str, object]) -> str:
    return template.format_map(said(params, language())) if params else template


def translator(language: str) -> Callable[[str], str]:
    """From an English sentence to one of this language."""
    if language == "en":
        return str
    # the catalogues come with the web's libraries, which a check of a code must not load
    from suyuan.web.catalogues import translations

    return translations(language).gettext
