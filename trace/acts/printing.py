"""Issuing the codes of labels."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from suyuan.trace.acts.balancing import require_filled, require_weights_filled, warn_of_labels
from suyuan.trace.acts.claiming import require_claims_proved, require_marks_allowed
from suyuan.trace.acts.drawing import Cause, plan_draws, write_draws
from suyuan.trace.acts.happenings import require_active
from suyuan.trace.acts.kept_codes import keep_codes
from suyuan.trace.acts.new_serials import new_paths, new_roll_code
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.weighing import NOT_WEIGHED, Weighed, held_by, read_weighed
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.tables import Batch
from suyuan.trace.canonical import write_base64, write_canonical
from suyuan.trace.codes.manifest import SALT_SIZE, PrintedItem, manifest_parts, manifest_root
from suyuan.trace.codes.paths import CodePath, TracePath, parse_path
from suyuan.trace.codes.pin import PIN_DIGITS
from suyuan.trace.codes.signing import (
    LabelHost,
    label_host,
    sign_paths,
    signer_for,
    write_code,
)
from suyuan.trace.codes.trace_code import division_of, parse_trace_code
from suyuan.trace.errors import Conflict, InvalidInput, TooLarge
from suyuan.trace.keys.tables import Instance
from suyuan.trace.papers.draws import Draw
from suyuan.trace.papers.queries import covering
from suyuan.trace.printing.content import IssuedLabel, LabelFacts
from suyuan.trace.printing.gathering import (
    approved_for,
    label_facts,
    net_said,
    roll_facts,
)
from suyuan.trace.printing.paper_checks import require_papers_hold
from suyuan.trace.printing.records import PRINT_RUN
from suyuan.trace.printing.tables import PrintRun
from suyuan.trace.printing.weighing import unlike_ones, with_net_content
from suyuan.trace.quantities import Quantity
from suyuan.trace.release.queries import require_not_stopped

TryOut: TypeAlias = Callable[[str, LabelFacts, IssuedLabel], None]
"""Lays out one label of a template and raises where it cannot be printed so."""
Completed: TypeAlias = Callable[[LabelFacts], LabelFacts]
"""Says more on the labels of a run than what is known of its batch."""


def _as_gathered(facts: LabelFacts) -> LabelFacts:
    return facts


@dataclass(frozen=True)
class _Order:
    """What is to be issued, once everything was checked."""

    batch: Batch
    base: CodePath
    trace_code: str
    facts: LabelFacts
    template: str
    count: int
    per_package: bool
    unbound: bool
    pins: bool
    draws: tuple[Draw, ...] = ()
    nets: tuple[str, ...] = ()


def issue_print_run(
    w: Writing,
    trace_code: str,
    count: int,
    template: str,
    per_package: bool = True,
    *,
    try_out: TryOut,
    unbound: bool = False,
    pins: bool = False,
    completed: Completed = _as_gathered,
    most: int | None = None,
    weighed: Weighed = NOT_WEIGHED,
) -> str:
    """Issue the codes of ``count`` labels for a batch; returns the uid of the run.

    With ``per_package`` each label has a serial of its own, else all carry the batch's code.
    ``unbound`` issues a blank roll in the division of the batch, which itself is not on it;
    ``pins`` has a scratch PIN on each label (``suyuan.trace.codes.pin``), ``completed`` adds to
    what they say. ``most``: so many labels at most, where it is not what a request may issue.
    Where packages were ``weighed``, each label says its own net content. The manifest is logged
    here, and nothing is drawn before this is committed; ``try_out`` lays a label out, so that no
    code is issued that cannot be printed.
    Raises Conflict for a batch that is stopped or gone or leans on a revoked paper, QuotaExceeded,
    TooLarge, Forbidden, and what ``try_out`` raises.
    """
    order = _checked(w, trace_code, count, template, per_package, unbound, pins, most, weighed)
    order = replace(order, facts=completed(order.facts))
    host = label_host(w.session.get_one(Instance, 1).hosts)
    entry, signer = signer_for(w.keys.codes, order.base, w.now.date())
    items = [PrintedItem(path, os.urandom(SALT_SIZE)) for path in _paths(w, order)]
    signatures = sign_paths((item.path for item in items), signer)
    url = write_code(host, items[0].path, signer.key_id, signatures[0])
    _try(order, url, items[0].path, try_out)
    run = _keep_run(w, order, host, entry.key.name, items)
    keep_codes(w, run.id, items, signatures, order.nets)
    write_draws(w, order.batch, order.draws, "printing", run.uid)
    if order.per_package and not order.unbound:
        warn_of_labels(w, order.batch, run.uid)
    return run.uid


def require_issuable(
    w: Writing,
    trace_code: str,
    count: int,
    template: str,
    per_package: bool = True,
    *,
    try_out: TryOut,
    unbound: bool = False,
    pins: bool = False,
    most: int,
) -> Batch:
    """The batch, where ``issue_print_run`` would issue this now; raises as that does."""
    order = _checked(w, trace_code, count, template, per_package, unbound, pins, most)
    host = label_host(w.session.get_one(Instance, 1).hosts)
    _, signer = signer_for(w.keys.codes, order.base, w.now.date())
    (path,) = _paths(w, replace(order, count=1))
    (signature,) = sign_paths((path,), signer)
    _try(order, write_code(host, path, signer.key_id, signature), path, try_out)
    return order.batch


def _try(order: _Order, url: str, path: CodePath, try_out: TryOut) -> None:
    """Lay one label of an order out; where each has a net content of its own, one of each shape."""
    # any digits are as wide as those of the PIN, which nobody needs to know yet
    pin = "0" * PIN_DIGITS if order.pins else None
    label = IssuedLabel(url, str(path), order.trace_code, path.serial, pin)
    for net in (*unlike_ones(order.nets),) or (None,):
        try_out(order.template, order.facts, replace(label, net_content=net))


def _checked(
    w: Writing,
    trace_code: str,
    count: int,
    template: str,
    per_package: bool,
    unbound: bool,
    pins: bool,
    most: int | None,
    weighed: Weighed = NOT_WEIGHED,
) -> _Order:
    code = parse_trace_code(trace_code)
    batch = batches.batch(w.session, code)
    # two runs of a batch wait for each other, so that their serials cannot be the same
    w.session.refresh(batch, with_for_update={"key_share": True, "of": Batch})
    w.actor.require("print_labels", batch.party)
    require_active(batch.party)
    nets = read_weighed(weighed, batch, count, per_package and not unbound)
    if count < 1:
        raise InvalidInput("Print at least one label.", field="count")
    if pins and not (per_package or unbound):
        raise InvalidInput(
            "A scratch PIN is of a single package: print labels with serials.", field="pins"
        )
    most = w.settings.print_run_codes if most is None else most
    if count > most:
        raise TooLarge(
            "A print run has at most {most} labels; issue several runs.", field="count", most=most
        )
    if unbound:
        roll = new_roll_code(w, division_of(code))
        facts = roll_facts(batch.party.phone or w.settings.supervision_phone)
        return _Order(batch, TracePath(roll), roll, facts, template, count, True, True, pins)
    _require_printable(w, batch)
    require_claims_proved(w, batch, batch.product)
    require_marks_allowed(w, batch)
    family = w.families.get(batch.family)
    facts = label_facts(
        batch,
        family,
        w.now.date(),
        per_package=per_package,
        default_phone=w.settings.supervision_phone,
        tibetan=approved_for(w.session, batch, family),
    )
    if nets:
        facts = with_net_content(facts, batch, family, w.now.date(), nets)
    require_papers_hold(w.session, batch, facts)
    if nets:
        require_weights_filled(w, batch, nets)
    elif per_package:
        require_filled(w, batch, net_said(facts), count)
    base = parse_path(batch.path)
    draws = _draws(w, batch, held_by(batch, nets, count) if per_package else None)
    return _Order(batch, base, code, facts, template, count, per_package, False, pins, draws, nets)


def _draws(w: Writing, batch: Batch, quantity: Quantity | None) -> tuple[Draw, ...]:
    """What labels draw from the papers that are drawn from by printing: what their packages hold,
    or the batch, once, where nobody says how much that is."""
    cause = Cause("printing", quantity, said=batch.attributes)
    return plan_draws(w, batch, covering(w.session, batch), cause).draws


def _require_printable(w: Writing, batch: Batch) -> None:
    if batch.state != "registered":
        raise Conflict(
            "Nothing is left of batch {code}: no labels are printed for it."
            if batch.state == "closed"
            else "Batch {code} was withdrawn: no labels are printed for it.",
            field="trace_code",
            code=batch.trace_code,
        )
    require_not_stopped(w.session, (batch.id,))


def _paths(w: Writing, order: _Order) -> list[CodePath]:
    """The paths of the run: one for each package, or that of the batch."""
    return new_paths(w, order.base, order.count) if order.per_package else [order.base]


def _keep_run(
    w: Writing, order: _Order, host: LabelHost, key_name: str, items: list[PrintedItem]
) -> PrintRun:
    uid, root = w.new_uid(), manifest_root(items)
    content = order.facts.to_json()
    said = {
        "run": uid,
        "trace_code": None if order.unbound else order.trace_code,
        "roll_code": order.trace_code if order.unbound else None,
        "manifest_root": write_base64(root),
        "codes": len(items),
        "key": key_name,
        "host": host.host,
        "pins": order.pins,
        "template": order.template,
        "labels": order.count,
        "content_sha256": hashlib.sha256(write_canonical(content)).hexdigest(),
        "channel": w.actor.channel,
        "net_contents": list(order.nets) or None,
    }
    record_id = w.record(
        PRINT_RUN, "print_run", said, subject=order.trace_code, classes={"net_contents": "trade"}
    )
    run = PrintRun(
        uid=uid,
        batch_id=None if order.unbound else order.batch.id,
        party_id=order.batch.party_id,
        roll_code=order.trace_code if order.unbound else None,
        template=order.template,
        count=order.count,
        key_name=key_name,
        host=host.host,
        manifest_root=root,
        manifest_parts=manifest_parts(items),
        content=content,
        pins=order.pins,
        at=w.now,
        person_uid=w.actor.person_uid,
        record_id=record_id,
    )
    w.session.add(run)
    w.session.flush()
    return run
