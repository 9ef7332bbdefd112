"""What records say of scratch PINs: that they were drawn, and that one was entered rightly."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

PINS_DRAWN = RecordSchema(
    "pins_drawn", 1, public=("run",), trade=("labels", "channel"), subject="{run}"
)
"""Somebody had the labels of a run drawn with their PINs: from then on a person may know them."""

PIN_CONFIRMED = RecordSchema("pin_confirmed", 1, public=("run", "path"), subject="{run}")
"""The PIN of a package was entered rightly for the first time; by whom, nobody knows."""
