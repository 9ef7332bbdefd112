"""Issuing codes for an order that was checked: signed, logged and kept; part of the acts, never
called by edges.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from suyuan.trace.acts.balancing import warn_of_labels
from suyuan.trace.acts.drawing import write_draws
from suyuan.trace.acts.kept_codes import keep_codes
from suyuan.trace.acts.new_serials import new_paths, new_roll_code
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.canonical import write_base64, write_canonical
from suyuan.trace.codes.manifest import SALT_SIZE, PrintedItem, manifest_parts, manifest_root
from suyuan.trace.codes.paths import CodePath, TracePath
from suyuan.trace.codes.pin import PIN_DIGITS
from suyuan.trace.codes.signing import (
    LabelHost,
    label_host,
    sign_paths,
    signer_for,
    write_code,
)
from suyuan.trace.errors import InvalidInput, TooLarge
from suyuan.trace.keys.tables import Instance
from suyuan.trace.papers.draws import Draw
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.content import IssuedLabel, LabelFacts
from suyuan.trace.printing.records import PRINT_RUN
from suyuan.trace.printing.roll_labels import roll_facts
from suyuan.trace.printing.tables import PrintRun
from suyuan.trace.printing.weighing import unlike_ones
from suyuan.trace.products.tables import Product

TryOut: TypeAlias = Callable[[str, LabelFacts, IssuedLabel], None]
"""Lays out one label of a template and raises where it cannot be printed so."""


@dataclass(frozen=True)
class Order:
    """What is to be issued, once everything was checked."""

    party: Party
    batch: Batch | None  # a blank roll has none
    base: CodePath
    trace_code: str
    facts: LabelFacts
    template: str
    count: int
    per_package: bool
    pins: bool
    draws: tuple[Draw, ...] = ()
    nets: tuple[str, ...] = ()


def issue(w: Writing, order: Order, try_out: TryOut) -> str:
    """Sign and keep the codes of an order; returns the uid of the run. Raises what ``try_out``,
    which lays one label out, raises."""
    host = label_host(w.session.get_one(Instance, 1).hosts)
    entry, signer = signer_for(w.keys.codes, order.base, w.now.date())
    items = [PrintedItem(path, os.urandom(SALT_SIZE)) for path in _paths(w, order)]
    signatures = sign_paths((item.path for item in items), signer)
    url = write_code(host, items[0].path, signer.key_id, signatures[0])
    _try(order, url, items[0].path, try_out)
    run = _keep_run(w, order, host, entry.key.name, items)
    keep_codes(w, run.id, items, signatures, order.nets)
    if order.batch is not None:
        write_draws(w, order.batch, order.draws, "printing", run.uid)
        if order.per_package:
            warn_of_labels(w, order.batch, run.uid)
    return run.uid


def lay_one_out(w: Writing, order: Order, try_out: TryOut) -> None:
    """Lay a label of an order out as ``issue`` would, with a code that is not kept."""
    host = label_host(w.session.get_one(Instance, 1).hosts)
    _, signer = signer_for(w.keys.codes, order.base, w.now.date())
    (path,) = _paths(w, replace(order, count=1))
    (signature,) = sign_paths((path,), signer)
    _try(order, write_code(host, path, signer.key_id, signature), path, try_out)


def blank_order(
    w: Writing,
    party: Party,
    division: str,
    template: str,
    count: int,
    pins: bool,
    product: Product | None = None,
) -> Order:
    """A blank roll of a party, of the numbers of a county (6 digits)."""
    roll = new_roll_code(w, division)
    facts = roll_facts(party, product, w.settings.supervision_phone)
    return Order(party, None, TracePath(roll), roll, facts, template, count, True, pins)


def require_count(w: Writing, count: int, most: int | None = None) -> None:
    """Raises InvalidInput or TooLarge where a run cannot have so many labels; ``most``, where it
    is not what a request may issue."""
    if count < 1:
        raise InvalidInput("Print at least one label.", field="count")
    most = w.settings.print_run_codes if most is None else most
    if count > most:
        raise TooLarge(
            "A print run has at most {most} labels; issue several runs.", field="count", most=most
        )


def _try(order: Order, url: str, path: CodePath, try_out: TryOut) -> None:
    """Lay one label of an order out; where each has a net content of its own, one of each shape."""
    # any digits are as wide as those of the PIN, which nobody needs to know yet
    pin = "0" * PIN_DIGITS if order.pins else None
    label = IssuedLabel(url, str(path), order.trace_code, path.serial, pin)
    for net in (*unlike_ones(order.nets),) or (None,):
        try_out(order.template, order.facts, replace(label, net_content=net))


def _paths(w: Writing, order: Order) -> list[CodePath]:
    """The paths of the run: one for each package, or that of the batch."""
    return new_paths(w, order.base, order.count) if order.per_package else [order.base]


def _keep_run(
    w: Writing, order: Order, host: LabelHost, key_name: str, items: list[PrintedItem]
) -> PrintRun:
    uid, root = w.new_uid(), manifest_root(items)
    content = order.facts.to_json()
    said = {
        "run": uid,
        "trace_code": order.trace_code if order.batch else None,
        "roll_code": None if order.batch else order.trace_code,
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
        batch_id=order.batch.id if order.batch else None,
        party_id=order.party.id,
        roll_code=None if order.batch else order.trace_code,
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
