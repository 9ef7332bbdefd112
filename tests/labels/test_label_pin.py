"""Scratch PINs on labels: in a place of their own, large enough, and forgotten once drawn."""

from __future__ import annotations

import gc
import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from pypdf import PdfReader

from suyuan.labels import templates
from suyuan.labels.errors import MissingItem
from suyuan.labels.fit import fit_zone
from suyuan.labels.layout import lay_out
from tests.labels.label_samples import JERKY, WITH_PIN

PINNED = [one for one in templates.template_ids() if templates.template(one).has_pin]
KINDS = {one: templates.template(one) for one in templates.template_ids()}
BARE = [k for k, one in KINDS.items() if not one.has_pin and one.kind not in ("carton", "bulk")]
"""Those of cartons and of goods in bulk take no contents of a package at all."""


@pytest.mark.parametrize("template", PINNED)
def test_the_pin_is_printed_in_groups_and_alone_in_its_place(
    template: str, print_labels: Callable[..., bytes]
) -> None:
    page = PdfReader(io.BytesIO(print_labels(template, [WITH_PIN], 300))).pages[0]
    assert "4027 9315" in page.extract_text()
    zones = templates.template(template).zones
    (place,) = (zone for zone in zones if "pin" in zone.items)
    assert place.items == ("pin",)
    others = [box for zone in zones if zone is not place for box in zone.boxes]
    assert all(box.y + box.height <= place.box.y for box in others)


@pytest.mark.parametrize("template", PINNED)
def test_without_a_pin_the_place_stays_empty(
    template: str, print_labels: Callable[..., bytes]
) -> None:
    page = PdfReader(io.BytesIO(print_labels(template, [JERKY], 300))).pages[0]
    assert "验证码" not in page.extract_text()


@pytest.mark.parametrize("template", BARE)
def test_a_template_without_a_place_refuses_a_pin(template: str) -> None:
    with pytest.raises(MissingItem, match="no place for a scratch PIN"):
        lay_out(templates.template(template), replace(JERKY, pin="40279315"), 300)


def test_nothing_remembers_a_pin_once_its_label_is_laid_out() -> None:
    fit_zone.cache_clear()
    lay_out(templates.template("trace-70x40-pin"), replace(WITH_PIN, pin="13572468"), 300)
    gc.collect()
    kept = [one for one in gc.get_objects() if isinstance(one, str) and one == "1357 2468"]
    assert not kept
    before = fit_zone.cache_info().currsize
    lay_out(templates.template("trace-70x40-pin"), replace(WITH_PIN, pin="24681357"), 300)
    assert fit_zone.cache_info().currsize == before


def test_the_facts_of_a_label_do_not_show_its_pin_where_they_are_logged() -> None:
    assert "40279315" not in repr(WITH_PIN)
