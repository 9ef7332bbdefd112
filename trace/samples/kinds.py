"""Kinds of sampling and what each asks for: ``standards/sampling.json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_called, read_names


@dataclass(frozen=True)
class SamplingKind:
    """A kind of sampling. ``taken_by``: kinds of organisations, or ``owner``, who answers for the
    goods. ``samplers``: how many there must be at least. ``sealed``, ``reserve``: whether it leaves
    only under seal, and whether a reserve sample must be laid by."""

    key: str
    names: Names
    taken_by: tuple[str, ...]
    samplers: int
    sealed: bool
    reserve: bool
    provenance: Provenance


@cache
def sampling_kinds() -> Mapping[str, SamplingKind]:
    """Every kind by its key. Raises Misconfigured."""
    return keyed(_read().get("kinds").rows(), _kind, lambda one: one.key)


@cache
def called(group: str) -> Mapping[str, Names]:
    """What ``portions``, ``steps`` or ``doubts`` are called."""
    return read_called(_read().get(group))


def _read() -> Row:
    return read_standard("sampling.json")


def _kind(row: Row) -> SamplingKind:
    row.only("key", "names", "taken_by", "samplers", "sealed", "reserve", *PROVENANCE)
    return SamplingKind(
        row.get("key").text(),
        read_names(row),
        row.list_of("taken_by", Row.text),
        row.get("samplers").integer(),
        row.get("sealed").flag(),
        row.get("reserve").flag(),
        row.provenance(),
    )
