"""Marking a text for the catalogues where it stands, to be translated when it is said."""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802  # gettext's own name for it, which extractors look for
    """The text itself; its translation is looked up later."""
    return text
