"""Whatever is issued, declared void and issued anew, by however many at once: certificates never
stand for more than there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from functools import partial
from random import Random

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suyuan.trace.acts.certificates import (
    issue_certificate,
    reissue_certificate,
    void_certificate,
)
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.queries import batch
from suyuan.trace.certificates import queries
from suyuan.trace.certificates.tables import Certificate
from suyuan.trace.errors import SuyuanError
from suyuan.trace.parties.actor import Actor
from tests import world
from tests.certifying import certificate, certify, make_yaks

HERD = 9
STEPS = st.tuples(
    st.sampled_from(["issue", "void", "anew"]), st.integers(0, HERD + 2), st.integers(0, 5)
)


def _certified(ledger: Ledger, code: str) -> Decimal:
    with ledger.database.read() as session:
        return queries.certified(session, batch(session, code).id)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=8))
def test_never_more_is_certified_than_there_is(
    ledger: Ledger, steps: list[tuple[str, int, int]]
) -> None:
    coop = world.make_producer(ledger)
    code, numbers = make_yaks(ledger, coop, HERD), list[str]()
    stands: dict[str, int] = {}
    for what, amount, which in steps:
        number = numbers[which % len(numbers)] if numbers else "0" * 22
        with suppress(SuyuanError):
            if what == "void":
                stands.pop(ledger.perform(coop, void_certificate, number, "写错"))
            elif what == "issue":
                numbers.append(certify(ledger, coop, code, amount))
                stands[numbers[-1]] = amount
            else:
                facts = certificate(code, amount)
                numbers.append(ledger.perform(coop, reissue_certificate, number, "写错", facts))
                stands.pop(number)
                stands[numbers[-1]] = amount
        assert _certified(ledger, code) == sum(stands.values()) <= HERD
    assert len(set(numbers)) == len(numbers)


def test_many_clerks_at_once_certify_no_animal_twice(ledger: Ledger) -> None:
    coops = [world.make_producer(ledger) for _ in range(3)]
    codes = {actor: make_yaks(ledger, actor, HERD) for actor in coops}
    first = {actor: certify(ledger, actor, code, 4) for actor, code in codes.items()}

    def asked(actor: Actor) -> list[Callable[[], object]]:
        issue = partial(ledger.perform, actor, issue_certificate, certificate(codes[actor], 2))
        void = partial(ledger.perform, actor, void_certificate, first[actor], "写错")
        return [*[issue] * 6, *[void] * 2]

    def outcome(request: Callable[[], object]) -> str:
        try:
            request()
        except SuyuanError as error:
            return type(error).__name__
        return "done"

    requests = [one for actor in coops for one in asked(actor)]
    Random(1).shuffle(requests)
    with ThreadPoolExecutor(4) as clerks:
        outcomes = Counter(clerks.map(outcome, requests))
    assert set(outcomes) <= {"done", "NotCertifiable", "Conflict"}, outcomes
    for code in codes.values():
        assert _certified(ledger, code) <= HERD
    with ledger.database.read() as session:
        numbers = session.scalars(sa.select(Certificate.number)).all()
    assert len(set(numbers)) == len(numbers)
    issuers = {number[:11] for number in numbers}
    assert len(issuers) == len(coops), "each issues under a number of its own"
