"""The QR symbol of a label: encoding, choosing its mask, drawing."""

from suyuan.labels.qr.cutting import bits, segments
from suyuan.labels.qr.drawing import as_png, as_svg, bitmap
from suyuan.labels.qr.symbol import (
    LARGEST_VERSION,
    QUIET_ZONE,
    Symbol,
    draw,
    encode,
    fits_host,
    longest_form,
)

__all__ = [
    "LARGEST_VERSION",
    "QUIET_ZONE",
    "Symbol",
    "as_png",
    "as_svg",
    "bitmap",
    "bits",
    "draw",
    "encode",
    "fits_host",
    "longest_form",
    "segments",
]
