"""From the proposals of a sheet to registered batches; part of the acts, never called by edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from suyuan.trace.acts.batches import register_batches
from suyuan.trace.acts.falling import back_later
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.facts import BatchFacts, ShareFacts
from suyuan.trace.batches.queries import batch as batch_with
from suyuan.trace.errors import Fault, InvalidInput, InvalidInputs
from suyuan.trace.intake.plan import BatchProposal, PaperMention
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.records import PAPER
from suyuan.trace.papers.rules import check_number
from suyuan.trace.papers.tables import Paper, PaperScope
from suyuan.trace.parties.tables import Party
from suyuan.trace.products.tables import Product
from suyuan.trace.quantities import Quantity
from suyuan.trace.written import compacted

_NOTE = 1000
_HOUSEHOLD = 100
_NAME = 200
_MOST_FAULTS = 100
_NUMBER = 80


@dataclass(frozen=True)
class MadeBatch:
    """A batch that rows of a sheet became, and the uids of the papers that cover it: found in the
    register, or entered from the sheet as stated and not checked."""

    trace_code: str
    proposal: BatchProposal
    papers: tuple[str, ...]


def make_batches(
    w: Writing, party: Party, proposals: Sequence[BatchProposal], site: str | None
) -> list[MadeBatch]:
    """Register the batches, all or none.

    Raises InvalidInputs; each fault's field begins with the row in the sheet that it is about.
    """
    faults = list(_faults(proposals))
    made: list[MadeBatch] = []
    for proposal in proposals if not faults else ():
        found = [(one, _paper(w, party, one)) for one in proposal.papers]
        papers = tuple(dict.fromkeys(paper for _, paper in found if paper is not None))
        unknown = [one for one, paper in found if paper is None]
        new = [one for one in unknown if _is_registrable(w, party, one)]
        noted = [one for one in unknown if one not in new]
        facts = _facts(w, party, proposal, noted, site)
        try:
            [code] = register_batches(w, (facts,))
        except InvalidInputs as error:
            faults += [_placed(proposal, one.field, one) for one in error.faults]
        except InvalidInput as error:
            fault = Fault("", error.message, tuple(error.params.items()))
            faults.append(_placed(proposal, error.field or "", fault))
        else:
            _cover(w, code, papers)
            stated = tuple(register_paper(w, _stated(one, party, code)) for one in new)
            kept = tuple(paper.uid for paper in papers)
            made.append(MadeBatch(code, proposal, (*kept, *stated)))
    if faults:
        raise InvalidInputs(faults[:_MOST_FAULTS])
    return made


def _faults(proposals: Iterable[BatchProposal]) -> Iterator[Fault]:
    """What no batch can be registered with."""
    for proposal in proposals:
        row = proposal.rows[0]
        if proposal.quantity is None:
            message = "The rows from {row} on do not add up to one quantity: say how much it is."
            yield Fault(f"amount.{row}", message, (("row", row),))
        texts = [("household", share.household, _HOUSEHOLD) for share in proposal.shares]
        for name, text, limit in (*texts, ("product", proposal.product or "", _NAME)):
            if len(text) > limit:
                message = "{text} is longer than the {limit} characters that are kept."
                params = (("text", text[:40]), ("limit", limit))
                yield Fault(f"{row}.{name}", message, params)


def _placed(proposal: BatchProposal, name: str, fault: Fault) -> Fault:
    return Fault(f"{proposal.rows[0]}.{name}".rstrip("."), fault.message, fault.params)


def _facts(
    w: Writing,
    party: Party,
    proposal: BatchProposal,
    unknown: Sequence[PaperMention],
    site: str | None,
) -> BatchFacts:
    assert proposal.quantity is not None  # _faults has refused those without
    product = _product(w, party, proposal)
    return BatchFacts(
        party=party.uid,
        quantity=proposal.quantity,
        product=product.uid if product else None,
        family="" if product else proposal.family,
        variant="" if product else proposal.variant,
        name="" if product else proposal.product or "",
        site=site,
        lot=proposal.lot,
        produced=proposal.produced,
        attributes=proposal.attributes,
        shares=tuple(_share(one, proposal.quantity) for one in proposal.shares),
        marks=proposal.marks,
        note=_note(proposal.note, unknown),
    )


def _share(share: ShareFacts, whole: Quantity) -> ShareFacts:
    """The share, in words only where its amount cannot be given in the batch's unit (3 bags)."""
    if share.quantity is None or share.quantity.dimension == whole.dimension:
        return share
    return replace(share, quantity=None, note=str(share.quantity))


def _note(said: str, unknown: Sequence[PaperMention]) -> str:
    """The note with the numbers of papers that are not in the register; its end may be cut.

    Nothing is lost by that: the sheet itself is kept as evidence.
    """
    numbers = "、".join(one.number for one in unknown)
    lines = [said, f"证号（未登记）: {numbers}" if numbers else ""]
    whole = "\n".join(line for line in lines if line)
    return whole if len(whole) <= _NOTE else whole[: _NOTE - 1] + "…"


def _product(w: Writing, party: Party, proposal: BatchProposal) -> Product | None:
    """The party's product of that name, or its co-operative's."""
    if not proposal.product:
        return None
    owners = [one for one in (party.id, party.parent_id) if one is not None]
    return w.session.scalar(
        sa.select(Product)
        .where(
            Product.party_id.in_(owners),
            Product.family == proposal.family,
            Product.variant == proposal.variant,
            Product.name == proposal.product,
        )
        .order_by(Product.party_id != party.id, Product.id)
        .limit(1)
    )


def _is_registrable(w: Writing, party: Party, mention: PaperMention) -> bool:
    """Whether a number can enter the register: it may be one, and who imports may enter papers."""
    try:
        check_number(PaperKinds.load().get(mention.kind), mention.number)
    except InvalidInput:
        return False
    return w.actor.may_for("register_paper", party) and len(mention.number) <= _NUMBER


def _stated(mention: PaperMention, party: Party, trace_code: str) -> PaperFacts:
    """A paper of which a sheet names the number: it covers the batch, and nobody has checked it."""
    covers = (Covers("batch", trace_code),)
    return PaperFacts(mention.kind, mention.number, party.uid, covers=covers)


def _paper(w: Writing, party: Party, mention: PaperMention) -> Paper | None:
    """The paper of this number that the party holds, or its co-operative, and that fits."""
    holders = [one for one in (party.id, party.parent_id) if one is not None]
    number = compacted(mention.number)
    found = w.session.scalars(
        sa.select(Paper)
        .where(
            Paper.holder_id.in_(holders),
            Paper.number.in_({mention.number, number}),
        )
        .order_by(Paper.id)
    )
    # 检疫证 in a heading leaves open which of the kinds of quarantine certificates it is
    fitting = (one for one in found if mention.kind == "certificate" or _is(one, mention))
    return next(fitting, None)


def _is(paper: Paper, mention: PaperMention) -> bool:
    return paper.kind.startswith(mention.kind)


def _cover(w: Writing, trace_code: str, papers: Iterable[Paper]) -> None:
    """Say that registered papers cover the batch, where papers of their kind cover batches."""
    batch = batch_with(w.session, trace_code)
    for paper in papers:
        if "batch" not in PaperKinds.load().get(paper.kind).covers:
            continue
        w.session.add(PaperScope(paper_id=paper.id, target="batch", target_id=batch.id))
        w.record(
            PAPER,
            "paper.covers",
            {
                "paper": paper.uid,
                "kind": paper.kind,
                "number": paper.number,
                "covers": [{"target": "batch", "key": trace_code}],
            },
            subject=paper.uid,
        )
        w.session.flush()
        back_later(w, paper, batch)
