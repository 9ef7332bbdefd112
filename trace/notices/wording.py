"""Evidence of warnings, in the languages that are read: what has names keeps them all."""

from __future__ import annotations

from collections.abc import Mapping

from suyuan.trace.words import Language, Names

Evidence = Mapping[str, str | int | Names]
"""Evidence as it is found: a value that reads the same everywhere, or what something is called."""
Kept = dict[str, str | int | dict[str, str]]
"""Evidence as a warning and its record keep it."""


def kept(evidence: Evidence) -> Kept:
    """Evidence in the form in which it is kept."""
    return {
        key: _names(value) if isinstance(value, Names) else value for key, value in evidence.items()
    }


def _names(value: Names) -> str | dict[str, str]:
    """What something is called in each language; one text where they are alike."""
    return value.zh if value.zh == value.en else {"zh": value.zh, "en": value.en}


def worded(value: str | int | Mapping[str, str], language: Language) -> str:
    """A value of the evidence as one language says it; Chinese where that has no word for it."""
    if isinstance(value, Mapping):
        return value.get(language) or value["zh"]
    return str(value)
