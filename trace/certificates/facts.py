"""What is said of a commitment certificate, as the acts take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from suyuan.trace.quantities import Quantity


@dataclass(frozen=True)
class CertificateFacts:
    """A certificate for so much of the batch with this trace code.

    ``style``: ``producer`` or ``purchaser``, by where the goods came from when empty. ``basis``:
    keys of the edition in force on ``issued_on`` (today where None). Name, origin and contact are
    those of the batch and the issuer when empty.
    """

    trace_code: str
    quantity: Quantity
    basis: tuple[str, ...]
    style: str = ""
    issued_on: date | None = None
    product_name: str = ""
    origin: str = ""
    contact: str = ""


@dataclass(frozen=True)
class CollectFacts:
    """A certificate that ``party`` (uid) collected with the batch it bought or received.

    ``number``: of one issued here, and nothing more is needed; else what stands on the paper, with
    ``evidence`` (uid), the photo of it.
    """

    party: str
    trace_code: str
    number: str = ""
    issuer: str = ""
    product_name: str = ""
    quantity: Quantity | None = None
    origin: str = ""
    contact: str = ""
    issued_on: date | None = None
    evidence: str | None = None


@dataclass(frozen=True)
class Source:
    """A certificate that came with a lot: the row of one issued here, or of one collected.

    ``label``: its number, or the uid of the collected one.
    """

    label: str
    issued_id: int | None = None
    collected_id: int | None = None


@dataclass(frozen=True)
class Lot:
    """Something that went into goods. ``others``: it was another's before it was the issuer's."""

    trace_code: str
    others: bool
    sources: tuple[Source, ...]
