"""Goods that go without what is missing, for tests that are about something else."""

from __future__ import annotations

from suyuan.trace.acts.releasing import answer_override, ask_override
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import Conflict
from suyuan.trace.parties.actor import Actor
from tests.world import make_regulator


def let_pass(ledger: Ledger, actor: Actor, trace_code: str) -> None:
    """Have the regulator of the place let a batch go without the papers and facts it lacks."""
    try:
        uid = ledger.perform(actor, ask_override, trace_code, "证照补办中")
    except Conflict:
        return  # nothing is missing
    regulator = make_regulator(ledger, actor.division)
    ledger.perform(regulator, answer_override, uid, True, "同意,限本批")
