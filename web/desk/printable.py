"""Which labels can be printed for a batch, and what each of the others lacks.

Each template is laid out once with a code of the right length, exactly as the act tries it out
before it issues anything; the error says what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from suyuan.labels.from_facts import try_out
from suyuan.labels.model import Template
from suyuan.labels.templates import template, template_ids
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.paths import GtinPath, parse_path
from suyuan.trace.codes.signing import LabelHost, label_host, signer_for, write_code
from suyuan.trace.errors import Fault, SuyuanError
from suyuan.trace.keys.tables import Instance
from suyuan.trace.printing.content import IssuedLabel, LabelFacts
from suyuan.trace.printing.gathering import approved_for, label_facts, still_waiting
from suyuan.trace.printing.weighing import with_net_content
from suyuan.web.error_pages import say
from suyuan.web.ground import db, ledger, now, settings, today

_NO_SERIAL = "000000000000"
_NO_SIGNATURE = bytes(64)


@dataclass(frozen=True)
class Choice:
    """A template, and why it cannot be printed; empty where it can."""

    template: Template
    refused: str

    @property
    def per_package(self) -> bool:
        return is_per_package(self.template.id)


def is_per_package(template_id: str) -> bool:
    """Whether each label of the template carries a serial of its own."""
    return template(template_id).per_package


def choices(batch: Batch, weighed: Sequence[str] = ()) -> list[Choice]:
    """Every template, those that can be printed first; ``weighed`` as for ``tried``."""
    found = [
        Choice(template(one), _refusal(batch, one, weighed))
        for one in template_ids()
        if template(one).bars is None
    ]
    return sorted(found, key=lambda choice: bool(choice.refused))


def _refusal(batch: Batch, template_id: str, weighed: Sequence[str]) -> str:
    try:
        try_out(template_id, *tried(batch, template_id, weighed))
    except SuyuanError as error:
        return in_words(error)
    return ""


def tried(
    batch: Batch, template_id: str, weighed: Sequence[str] = ()
) -> tuple[LabelFacts, IssuedLabel]:
    """What a label of the batch would say, and a code that was never issued.

    ``weighed``: a net content that is the package's own, where packages are weighed. Raises
    InvalidInput for what such a label must not carry.
    """
    per_package = is_per_package(template_id)
    family = ledger().families.get(batch.family)
    facts = label_facts(
        batch,
        family,
        today(),
        per_package=per_package,
        default_phone=settings().supervision_phone,
        tibetan=approved_for(db(), batch, family),
    )
    if weighed:
        facts = with_net_content(facts, batch, family, today(), weighed)
    label = _as_long_as_a_label(batch, per_package)
    return facts, replace(label, net_content=weighed[0]) if weighed else label


def waiting_texts(batch: Batch) -> tuple[str, ...]:
    """The Tibetan names that its labels leave out, since nobody has approved them yet."""
    family = ledger().families.get(batch.family)
    waits = still_waiting(batch, approved_for(db(), batch, family))
    return tuple(one.bo for one in waits if one.bo)


def in_words(error: SuyuanError) -> str:
    """Why a label is refused, with templates by their sizes instead of their keys."""
    params = dict(error.params)
    if params.get("template") in template_ids():
        params["template"] = size(template(str(params["template"])))
    return say(Fault(error.field or "", error.message, tuple(params.items())))


def size(one: Template) -> str:
    """A template by its size: 50 × 30 mm."""
    return f"{one.width_mm:g} × {one.height_mm:g} mm"


def _as_long_as_a_label(batch: Batch, per_package: bool) -> IssuedLabel:
    """A label that was never issued, with all its parts as long as those of one that was."""
    base = parse_path(batch.path)
    serial = _NO_SERIAL if per_package else None
    path = (
        GtinPath(base.gtin, base.lot, serial)
        if isinstance(base, GtinPath)
        else type(base)(base.code, serial)
    )
    _, signer = signer_for(ledger().keys.in_force(db()).codes, base, now().date())
    host: LabelHost = label_host(db().get_one(Instance, 1).hosts)
    url = write_code(host, path, signer.key_id, _NO_SIGNATURE)
    return IssuedLabel(url, str(path), batch.trace_code, serial)
