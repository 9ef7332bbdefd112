"""The label templates that ship with Suyuan, each one data file, and those of free sizes."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from suyuan.labels.free import arranged, read_free_size
from suyuan.labels.model import Bilingual, Box, Template, Zone
from suyuan.trace.errors import NotFound


def template_ids() -> list[str]:
    """The ids of all templates, sorted."""
    folder = resources.files("suyuan.labels").joinpath("templates")
    return sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".json"))


@lru_cache(maxsize=256)
def template(template_id: str) -> Template:
    """The template of this id, or of the size that it says (``suyuan.labels.free``).

    :raises NotFound: when no template has it.
    """
    if template_id not in template_ids():
        if (size := read_free_size(template_id)) is not None:
            return arranged(size)
        raise NotFound(
            "There is no label template {template}; there are: {known}.",
            field="template",
            template=template_id,
            known=", ".join(template_ids()),
        )
    file = resources.files("suyuan.labels").joinpath("templates", f"{template_id}.json")
    return _template(template_id, json.loads(file.read_text("utf-8")))


@cache
def page_template(template_id: str) -> Template:
    """The page of this id (a certificate, a card); no label that a print run could choose."""
    file = resources.files("suyuan.labels").joinpath("pages", f"{template_id}.json")
    return _template(template_id, json.loads(file.read_text("utf-8")))


def _template(template_id: str, data: dict[str, Any]) -> Template:
    width, height = data["size_mm"]
    return Template(
        id=template_id,
        kind=data["kind"],
        name=Bilingual(data["name"]["zh"], data["name"].get("bo")),
        name_en=data["name"]["en"],
        width_mm=width,
        height_mm=height,
        symbol=Box(*data["symbol_box_mm"]),
        zones=tuple(_zone(each) for each in data["zones"]),
        code_height_mm=data["code_height_mm"],
        bars=Box(*data["bars_box_mm"]) if "bars_box_mm" in data else None,
    )


def _zone(data: dict[str, Any]) -> Zone:
    return Zone(
        name=data["name"],
        boxes=tuple(Box(*box) for box in data["boxes_mm"]),
        items=tuple(data["items"]),
        style=data["style"],
        largest_pt=data["largest_pt"],
        bold=data.get("bold", False),
        centred=data.get("centred", False),
        rule_above=data.get("rule_above", False),
    )
