"""The stages of the chain from the farm to the shop (``standards/chain_stages.json``).

Offices are competent for one of them or for all. What speaks of a stage is data too: kinds of
events, papers, places and organisations. What is in no row speaks of none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from suyuan.trace.errors import InvalidInput
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_names

SPEAKING = ("events", "papers", "sites", "organisations")
"""Of which kinds of things a stage names those that speak of it."""


@dataclass(frozen=True)
class ChainStage:
    """A stage (环节). ``kinds``: for each of ``SPEAKING`` the keys that speak of it."""

    key: str
    names: Names
    kinds: Mapping[str, tuple[str, ...]]
    provenance: Provenance


@cache
def chain_stages() -> Mapping[str, ChainStage]:
    """The stages by key, in the order of the chain. Raises Misconfigured."""
    rows = read_standard("chain_stages.json").get("stages").rows()
    return keyed(rows, _read, lambda stage: stage.key)


def chain_stage(key: str) -> ChainStage:
    """The stage with this key. Raises InvalidInput."""
    if key not in chain_stages():
        raise InvalidInput(
            "There is no stage {stage}; stages are: {known}.",
            "stage",
            stage=key,
            known=", ".join(chain_stages()),
        )
    return chain_stages()[key]


def stage_of_event(kind: str) -> str | None:
    """The stage that events of a kind are steps of; None where they happen at any."""
    return _spoken_of("events").get(kind)


def stage_of_paper(kind: str) -> str | None:
    """The stage that papers of a kind are for."""
    return _spoken_of("papers").get(kind)


def stage_of_site(kind: str) -> str | None:
    """The stage that goes on at places of a kind."""
    return _spoken_of("sites").get(kind)


def stage_of_organisation(kind: str) -> str | None:
    """The stage that is the business of organisations of a kind."""
    return _spoken_of("organisations").get(kind)


@cache
def _spoken_of(what: str) -> Mapping[str, str]:
    return {kind: stage.key for stage in chain_stages().values() for kind in stage.kinds[what]}


def _read(row: Row) -> ChainStage:
    row.only("key", "names", *SPEAKING, *PROVENANCE)
    return ChainStage(
        key=row.get("key").text(),
        names=read_names(row),
        kinds={what: row.list_of(what, Row.text) for what in SPEAKING},
        provenance=row.provenance(),
    )
