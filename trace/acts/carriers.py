"""Binding numbers of other systems to packages and batches, and unbinding them."""

from __future__ import annotations

from suyuan.trace.acts.happenings import require_active
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.tables import Batch
from suyuan.trace.carriers.facts import CarrierFacts
from suyuan.trace.carriers.kinds import carrier_kind
from suyuan.trace.carriers.queries import bound_carrier, carrier
from suyuan.trace.carriers.records import CARRIER_BOUND, CARRIER_UNBOUND
from suyuan.trace.carriers.tables import Carrier
from suyuan.trace.clock import day_of
from suyuan.trace.codes.paths import CodePath, TracePath
from suyuan.trace.codes.typed import read_typed
from suyuan.trace.errors import Conflict, InvalidInput, NotFound
from suyuan.trace.oversight.search import path_in
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.queries import issued_codes
from suyuan.trace.written import folded


def bind_carrier(w: Writing, facts: CarrierFacts) -> str:
    """Say that a carrier is on a package or batch; returns the carrier's uid.

    Raises NotFound for a label that was never issued or a kind that there is not, InvalidInput
    for a number that its kind cannot have, Conflict for one that is bound already, Forbidden.
    """
    kind = carrier_kind(facts.kind)
    number = kind.read(facts.number)
    path, party = _labelled(w, _path(facts.code))
    w.actor.require("print_labels", party)
    require_active(party)
    taken = bound_carrier(w.session, kind, number)
    if taken is not None:
        raise Conflict(
            "This number was bound already on {day}. Unbind it there first.",
            field="number",
            day=day_of(taken.bound_at).isoformat(),
        )
    uid = w.new_uid()
    said = {"carrier": uid, "kind": kind.key, "number": number, "path": path}
    record_id = w.record(
        CARRIER_BOUND, "carrier_bound", {**said, "channel": w.actor.channel}, subject=uid
    )
    w.session.add(
        Carrier(
            uid=uid,
            kind=kind.key,
            number=number,
            path=path,
            party_id=party.id,
            warnings=[remark.to_json() for remark in kind.remarks(number)],
            bound_at=w.now,
            person_uid=w.actor.person_uid,
            record_id=record_id,
        )
    )
    w.session.flush()
    return uid


def unbind_carrier(w: Writing, uid: str, reason: str) -> str:
    """Say that a carrier is no longer where it was bound, or never was; returns its uid.

    Raises NotFound, Forbidden, InvalidInput without a reason, Conflict where it is not bound.
    """
    bound = carrier(w.session, uid)
    w.actor.require("print_labels", bound.party)
    if not reason.strip():
        raise InvalidInput("Say why the carrier is unbound.", field="reason")
    w.session.refresh(bound, with_for_update={"key_share": True, "of": Carrier})
    if bound.unbound_at is not None:
        raise Conflict("This carrier is bound to nothing any more.", field="carrier")
    bound.unbound_at = w.now
    said = {"carrier": uid, "reason": reason.strip(), "channel": w.actor.channel}
    w.record(CARRIER_UNBOUND, "carrier_unbound", said, subject=uid)
    return uid


def _path(typed: str) -> CodePath:
    text = folded(typed)
    return path_in(text) or read_typed(text)


def _labelled(w: Writing, path: CodePath) -> tuple[str, Party]:
    """The canonical path of what a label is on, and whose label it is."""
    if path.serial is not None:
        code = next(iter(issued_codes(w.session, _as_issued(w, path))), None)
        if code is None:
            raise NotFound("No label with this code was printed here.", field="code")
        if code.voided_at is not None:
            raise Conflict("This code is void already.", field="code")
        return code.path, w.session.get_one(Party, code.run.party_id)
    batch = _batch(w, path)
    return batch.path, batch.party


def _as_issued(w: Writing, path: CodePath) -> str:
    """The path of a package as it was signed: under its GTIN, where its batch has one."""
    if isinstance(path, TracePath):
        own = batches.batches_by_code(w.session, [path.code]).get(path.code)
        if own is not None and own.path.startswith("/01/"):
            return f"{own.path}/21/{path.serial}"
    return str(path)


def _batch(w: Writing, path: CodePath) -> Batch:
    if isinstance(path, TracePath):
        return batches.batch(w.session, path.code)
    found = batches.batch_by_path(w.session, str(path))
    if found is None:
        raise NotFound("No label with this code was printed here.", field="code")
    return found
