"""How each mapped column is read, and which cells a row cannot do without."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from suyuan.trace.intake.layout import Table
from suyuan.trace.intake.mapping import ColumnMapping, settled_units
from suyuan.trace.intake.values import ColumnReading, named_unit
from suyuan.trace.intake.vocabulary import Vocabulary
from suyuan.trace.quantities import Quantity


def column_readings(
    table: Table, mapping: ColumnMapping, vocabulary: Vocabulary, today: dt.date
) -> dict[int, ColumnReading]:
    """The reading of each mapped column, by column. Raises InvalidInput for a wrong answer."""
    headings = {heading.column: heading.text for heading in table.headings}
    settled = settled_units(mapping)
    return {
        at: ColumnReading(
            field=vocabulary.fields[key],
            vocabulary=vocabulary,
            today=today,
            settled=settled,
            year=mapping.year,
            calendar=mapping.calendar,
            **_unit_of(headings.get(at, ""), at, mapping, settled),
        )
        for at, key in mapping.columns.items()
    }


def _unit_of(
    heading: str, column: int, mapping: ColumnMapping, settled: Mapping[str, Quantity]
) -> dict[str, Any]:
    """The unit of a column's plain numbers: the clerk's, the heading's, or the sheet's."""
    for text in (mapping.units.get(column), heading):
        if text:
            unit = named_unit(text, settled)
            if unit is not None:
                return {"unit": unit, "unit_from": "heading"}
    if mapping.unit:
        return {
            "unit": named_unit(mapping.unit, settled),
            "unit_from": "title",
        }
    return {}


def essential_fields(mapping: ColumnMapping, vocabulary: Vocabulary) -> frozenset[str]:
    """The fields without which a row cannot go in: how much, and of a share whose it is."""
    if mapping.row_is == "animal":
        return frozenset()
    ranked = sorted(
        (rank, key)
        for key in mapping.columns.values()
        if (rank := vocabulary.fields[key].quantity_rank) is not None
    )
    essential = {ranked[0][1]} if ranked else set()
    if mapping.row_is == "share" and "household" in mapping.columns.values():
        essential.add("household")
    return frozenset(essential)
