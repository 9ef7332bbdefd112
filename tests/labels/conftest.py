"""What the label tests share: rendering a PDF as a printer's driver would."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import pypdfium2
import pytest
from PIL import Image

from suyuan.labels import pdf, templates
from suyuan.labels.model import LabelContent, Template

Print = Callable[..., bytes]


@pytest.fixture(scope="session")
def print_labels() -> Print:
    """Print labels and give the PDF: print_labels(template or id, contents, dpi, layout)."""

    def make(
        template: Template | str,
        contents: Iterable[LabelContent],
        dpi: int = 300,
        layout: pdf.Layout | None = None,
    ) -> bytes:
        if isinstance(template, str):
            template = templates.template(template)
        out = io.BytesIO()
        pdf.render_pdf(template, contents, layout or pdf.Roll(), dpi, out)
        return out.getvalue()

    return make


@pytest.fixture(scope="session")
def pictures() -> Callable[[bytes, int], list[Image.Image]]:
    """Render the pages of a PDF at a resolution."""

    def render(document: bytes, dpi: int) -> list[Image.Image]:
        pages = pypdfium2.PdfDocument(document)
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in pages]

    return render
