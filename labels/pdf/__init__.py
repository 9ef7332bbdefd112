"""Labels as a PDF: one a page for a roll printer, or many on a sheet.

Pages and symbols measure whole printer dots, so that a renderer at the printer's resolution puts
every module on dots of its own. The bytes depend on the labels alone: the same labels give the
same file.
"""

from suyuan.labels.pdf.grid import Layout, Roll, Sheet, full_sheet
from suyuan.labels.pdf.writing import (
    draw_pdf,
    render_pdf,
    write_pages,
    write_pictures,
    write_words,
)

__all__ = [
    "Layout",
    "Roll",
    "Sheet",
    "draw_pdf",
    "full_sheet",
    "render_pdf",
    "write_pages",
    "write_pictures",
    "write_words",
]
