"""What an application compiles when it is made, kept for the next one of the same process.

Each test makes its own application, and all are alike: to compile their addresses anew took a
fifth of a whole run.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class Templates(BytecodeCache):
    """What templates were compiled to."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = Templates()


class KnownRule(Rule):
    """A rule that writes the functions which build its addresses once for all rules like it."""

    built: dict[tuple[object, ...], Builder] = {}  # noqa: RUF012 - shared by all, as is meant

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        said = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if said not in self.built:
            self.built[said] = super()._compile_builder(append_unknown)
        return self.built[said]


def keep() -> None:
    """Let applications made from now on use what others compiled."""
    Flask.url_rule_class = KnownRule
