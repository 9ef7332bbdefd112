"""``/01/<GTIN>``: a product without a lot, as GS1 symbols of shops have it.

Such an address names what is sold and no batch, so nothing of a package can be said: the page
tells what the product is, and which code does lead to a batch.
"""

from __future__ import annotations

from flask import redirect, render_template
from werkzeug.wrappers import Response

from suyuan.trace.codes.paths import GtinPath
from suyuan.trace.errors import InvalidInput, NotFound
from suyuan.trace.passport.read import who
from suyuan.trace.products.queries import product_with_gtin
from suyuan.web.error_pages import say
from suyuan.web.ground import db

_SHORTER = (8, 12, 13)
"""Digits of the GTINs that are written with zeros before them in an address."""


def product(gtin: str) -> Response | str | tuple[str, int]:
    """The product with this GTIN; 404 with the reason where there is none."""
    if gtin.isascii() and gtin.isdecimal() and len(gtin) in _SHORTER:
        return redirect(f"/01/{gtin:0>14}", 301)
    try:
        _require_gtin(gtin)
        found = product_with_gtin(db(), gtin)
    except (InvalidInput, NotFound) as error:
        return render_template("public/gtin.html", gtin=gtin[:40], reason=say(error)), 404
    return render_template("public/gtin.html", gtin=gtin, product=found, party=who(found.party))


def _require_gtin(gtin: str) -> None:
    if not (gtin.isascii() and gtin.isdecimal() and len(gtin) == 14):
        raise InvalidInput("A GTIN has 14 digits in an address.", field="gtin")
    GtinPath(gtin, "0")  # its check digit
