"""How much of an application for a certification can be approved, and how sure that is."""

from __future__ import annotations

from suyuan.trace.balance.land import Harvest, harvest_of
from suyuan.trace.errors import InvalidInput
from suyuan.trace.identifiers import Warning
from suyuan.trace.papers.tables import PaperApplication
from suyuan.trace.quantities import Quantity


def harvest_behind(one: PaperApplication) -> Harvest | None:
    """What the land of an application can give in a year; None where no land is behind it, or
    nobody knows the yield."""
    if one.area_m2 is None:
        return None
    return harvest_of(one.product.family, one.product.variant, one.area_m2)


def at_most(approved: int | None, asked: int | None, field: str) -> int | None:
    """So much as is approved of what was asked for. Raises InvalidInput for more."""
    if approved is None:
        return asked
    if asked is None or not 0 < approved <= asked:
        raise InvalidInput("At most {most} was asked for.", field, most=asked or 0)
    return approved


def amount_approved(
    asked: PaperApplication, harvest: Harvest | None, approved: Quantity | None
) -> Quantity:
    """What a year's goods are approved up to: never more than was asked for or the land gives."""
    wanted = Quantity(asked.amount, asked.unit)
    most = min(wanted, harvest.most) if harvest is not None else wanted
    if approved is None:
        return most
    if approved.dimension != wanted.dimension or approved.amount <= 0:
        raise InvalidInput("Give a quantity such as {most}.", "amount", most=str(most))
    if approved > wanted:
        raise InvalidInput("At most {most} was asked for.", "amount", most=str(wanted))
    if approved > most:
        raise InvalidInput(
            "So much land gives at most {most} in a year, at {each} kg from one mu.",
            "amount",
            most=str(most),
            each=format(harvest.each if harvest else 0, "f"),
        )
    return approved


def remarks_on(asked: PaperApplication, harvest: Harvest | None) -> tuple[Warning, ...]:
    """What is not confirmed about the amount, and stays visible beside it."""
    if asked.area_m2 is None:
        return ()
    if harvest is None:
        return (
            Warning.of(
                "unknown-yield",
                "How much land gives of these goods is not known here: the quantity is what the "
                "authority approved.",
            ),
        )
    if not harvest.unconfirmed:
        return ()
    return (
        Warning.of(
            "unconfirmed-yield",
            "The quantity rests on at most {each} kg from one mu, which is unconfirmed.",
            each=format(harvest.each, "f"),
        ),
    )
