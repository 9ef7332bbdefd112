"""The REST edge: schemas, tokens, resources."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Put the API into ``app``."""
