"""What rows of work items hold, by their records."""

from __future__ import annotations

from collections.abc import Collection

from suyuan.trace.intake.records import SHEET, WORK_ITEM
from suyuan.trace.intake.tables import Upload, WorkItem
from suyuan.trace.log.projections import (
    Column,
    Projection,
    Says,
    first,
    name_of,
    newest,
)
from suyuan.trace.log.tellings import Fields


def _names(said: Fields) -> Collection[str] | None:
    """A sheet's record tells of all its work items, until they are erased."""
    if "work_item" in said:
        return [said["work_item"]]
    return [one["work_item"] for one in said["work_items"]] if "work_items" in said else None


def _of_one(said: Fields, key: str) -> Fields:
    """What a sheet's record says of one of its work items."""
    items = said.get("work_items", ())
    return {**said, **next((one for one in items if one["work_item"] == key), {})}


def _told_of(field: str) -> Says:
    """What a sheet's record says of an item, unless all that it said of items was erased."""
    whole = first(field)
    return lambda tellings: None if "work_items" in tellings[0].gone else whole(tellings)


WORK_ITEMS = Projection(
    WorkItem,
    WorkItem.uid,
    SHEET,
    names=_names,
    about=_of_one,
    references=(WorkItem.record_id,),
    later=(WORK_ITEM,),
    columns=(
        Column("upload_id", name_of(Upload.uid, WorkItem.upload_id), newest("upload")),
        Column("row", WorkItem.row, _told_of("row")),
        Column("content", WorkItem.content, _told_of("stated")),
        Column("reason", WorkItem.reason, _told_of("reason")),
        Column("state", WorkItem.state, newest("state", absent="open")),
        Column("settled_note", WorkItem.settled_note, newest("note", absent="")),
        Column("settled_by_uid", WorkItem.settled_by_uid, newest("settled_by")),
        Column("settled_at", WorkItem.settled_at, newest("at", types=("work_item.settled",))),
    ),
)
PROJECTIONS = (WORK_ITEMS,)
