"""Readers of three makers on labels, clean and worn: all read the clean, none reads another code.

The whole table, of more labels and both resolutions, is in docs/decoding.md.
"""

from __future__ import annotations

import numpy as np
import pytest

from suyuan.labels.layout import lay_out
from suyuan.labels.raster.picture import pictures
from suyuan.labels.templates import template
from tests.labels.label_samples import BY_TEMPLATE
from tests.labels.scanning import MODULES, READERS, WEARS, photographed

TEMPLATE = "trace-50x30"


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("reader", READERS)
def test_a_worn_label_reads_as_its_code_or_not_at_all(reader: str, dpi: int) -> None:
    laid = lay_out(template(TEMPLATE), BY_TEMPLATE[TEMPLATE], dpi)
    (picture,) = pictures(template(TEMPLATE), [laid], dpi)
    side = MODULES * laid.place.dots_per_module
    left, top = laid.place.left, laid.place.top
    page, square = photographed(picture, (left, top, left + side, top + side))
    read = {
        name: READERS[reader](wear(page, square, np.random.default_rng(1)))
        for name, wear in WEARS.items()
    }
    assert read["clean"] == {laid.symbol.text}
    assert set.union(*read.values()) == {laid.symbol.text}
    assert sum(map(bool, read.values())) > len(WEARS) / 2, "so the wear is such that some is read"
