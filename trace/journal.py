"""Structured logs of the running program, without personal data.

Names, phone numbers, addresses and tokens never go in: log the ``uid`` of a person or party.
The processor below is the last guard, not the rule.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

PERSONAL = frozenset(
    {"phone", "name", "password", "pin", "token", "address", "email", "cookie", "authorization"}
)


def _without_personal_data(
    _logger: Any, _method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key in entry.keys() & PERSONAL:
        entry[key] = "[left out]"
    return entry


def set_up_journal(*, json: bool, level: int = logging.INFO) -> None:
    """Send the journal to standard error, as JSON lines or, for a person watching, as text."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_personal_data,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if json
            else structlog.dev.ConsoleRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
