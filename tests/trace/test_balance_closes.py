"""Whatever is registered, merged, split, processed, sold and lost: the accounts close, exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.balance.accounts import Account, Part, account, movements

START = datetime(2026, 1, 1, tzinfo=UTC)
AMOUNTS = st.decimals("0.000001", "999999", places=6)
KINDS = {
    "sell": "uses", "loss": "uses", "dispose": "uses", "ship": "moves", "receive": "moves",
    "return": "moves", "test": "none", "process": "uses",
}  # fmt: skip


@st.composite
def histories(draw: st.DrawFn, counts: bool) -> tuple[Decimal, list[Part], Decimal]:
    """What came to be, its parts in events, and what stocktakes found beyond the books."""
    quantity = draw(AMOUNTS)
    parts = [Part("register", "register", "makes", "subject", 1, START, quantity)]
    left, found = quantity, Decimal(0)
    for number in range(draw(st.integers(0, 12))):
        at = START + timedelta(hours=number + 1)
        if counts and draw(st.booleans()):
            counted = draw(AMOUNTS)
            found += counted - left
            left = counted
            parts.append(Part(str(number), "stocktake", "adjusts", "subject", 1, at, counted))
            continue
        kind = draw(st.sampled_from(sorted(KINDS)))
        amount = draw(AMOUNTS)
        gives = kind in ("receive", "return")
        if not gives and amount > left:
            continue
        left += amount if gives else -amount
        role = "input" if kind == "process" else "subject"
        parts.append(Part(str(number), kind, KINDS[kind], role, 1, at, amount, kind == "ship"))
    return quantity, parts, found


@given(histories(counts=False))
def test_what_must_be_left_is_what_came_less_what_went(
    history: tuple[Decimal, list[Part], Decimal],
) -> None:
    quantity, parts, _ = history
    made = account("KGM", movements(7, quantity, parts))
    assert made.gap == 0
    assert made.closing == (
        made.opening + made.taken_in - made.given_out - made.loss - made.samples - made.returns
    )
    assert made.stock == sum((one.amount for one in movements(7, quantity, parts)), Decimal(0))


@given(histories(counts=True))
def test_the_gap_is_what_counting_found(history: tuple[Decimal, list[Part], Decimal]) -> None:
    quantity, parts, found = history
    assert account("KGM", movements(7, quantity, parts)).gap == found


@given(histories(counts=True), st.integers(0, 13))
def test_one_season_opens_with_what_the_other_left(
    history: tuple[Decimal, list[Part], Decimal], hours: int
) -> None:
    quantity, parts, _ = history
    some = movements(7, quantity, parts)
    between = START + timedelta(hours=hours)
    before, after = account("KGM", some, until=between), account("KGM", some, since=between)
    assert after.opening == before.stock
    assert before.gap + after.gap == account("KGM", some).gap
    assert after.stock == account("KGM", some).stock


@given(histories(counts=True), histories(counts=True))
def test_accounts_add_up(
    one: tuple[Decimal, list[Part], Decimal], other: tuple[Decimal, list[Part], Decimal]
) -> None:
    first = account("KGM", movements(7, one[0], one[1]))
    second = account("KGM", movements(8, other[0], other[1]))
    both: Account = first + second
    assert both.closing == first.closing + second.closing
    assert both.gap == one[2] + other[2]
