"""Keeping the codes of a print run, once they were signed; part of the acts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, repeat

from suyuan.trace.acts.new_serials import within
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.codes.manifest import PrintedItem
from suyuan.trace.many_rows import insert_rows
from suyuan.trace.printing.tables import IssuedCode

_AT_ONCE = 5_000
_COLUMNS = (
    IssuedCode.print_run_id, IssuedCode.position, IssuedCode.path, IssuedCode.within,
    IssuedCode.serial, IssuedCode.signature, IssuedCode.salt, IssuedCode.net_content,
)  # fmt: skip


def keep_codes(
    w: Writing,
    run_id: int,
    items: Sequence[PrintedItem],
    signatures: Sequence[bytes],
    nets: Sequence[str],
) -> None:
    """Keep the codes of a run, some thousand at a time: a season's labels are many rows.

    ``nets``: the net content of each, or none at all.
    """
    of_each = zip(items, signatures, nets or repeat(None), strict=bool(nets))
    rows = (
        (run_id, at, str(one.path), within(one.path), one.path.serial, signature, one.salt, net)
        for at, (one, signature, net) in enumerate(of_each)
    )
    while portion := tuple(islice(rows, _AT_ONCE)):
        insert_rows(w.session, _COLUMNS, portion)
