"""The kinds of foreign carriers and how numbers are written (``standards/carriers.json``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from suyuan.trace.doubts import Remark
from suyuan.trace.errors import InvalidInput, NotFound
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_names
from suyuan.trace.written import compacted


@dataclass(frozen=True)
class CarrierKind:
    """A kind of carrier.

    A number must match ``accepts``, of which ``form`` tells people; one that does not match
    ``usual`` too is taken with a warning.
    """

    key: str
    names: Names
    accepts: str
    form: Names
    usual: str | None
    usual_form: Names | None
    provenance: Provenance

    def read(self, typed: str) -> str:
        """A number as it is kept: in capitals and ASCII digits, without spaces.

        Colons and hyphens between the bytes of a UID are left out too. Raises InvalidInput.
        """
        plain = compacted(typed)
        bare = re.sub(r"[:-]", "", plain)
        for number in (bare, plain):
            if re.fullmatch(self.accepts, number):
                return number
        raise InvalidInput(
            "A number of this kind is never written so. Compare with the carrier.", field="number"
        )

    def remarks(self, number: str) -> list[Remark]:
        """What is not usual about a number that ``read`` gave."""
        if self.usual is None or re.fullmatch(self.usual, number):
            return []
        message = "Numbers of this kind are usually written otherwise. Compare with the carrier."
        return [Remark.of("unusual_carrier", message)]


@cache
def carrier_kinds() -> Mapping[str, CarrierKind]:
    """Every kind by its key. Raises Misconfigured."""
    rows = read_standard("carriers.json").get("kinds").rows()
    return keyed(rows, _kind, lambda kind: kind.key)


def carrier_kind(key: str) -> CarrierKind:
    """The kind with this key. Raises NotFound."""
    if key not in carrier_kinds():
        raise NotFound(
            "There is no kind of carrier {kind}; there are: {known}.",
            field="kind",
            kind=key,
            known=", ".join(carrier_kinds()),
        )
    return carrier_kinds()[key]


def _kind(row: Row) -> CarrierKind:
    row.only("key", "names", "accepts", "form", "usual", "usual_form", *PROVENANCE)
    return CarrierKind(
        key=row.get("key").text(),
        names=read_names(row),
        accepts=row.get("accepts").text(),
        form=read_names(row, "form"),
        usual=row.maybe("usual", Row.text),
        usual_form=read_names(row, "usual_form") if row.has("usual") else None,
        provenance=row.provenance(),
    )
