"""The ground of all shapes."""

from __future__ import annotations

from typing import Self

import marshmallow as ma


class Shape(ma.Schema):
    """A schema that documents share when they are copied.

    flask-smorest copies all that it knows of an operation each time that one more thing is said of
    it, down to every field of every schema: two thirds of the time that a server took to start. A
    shape is not changed once it is made, so nobody needs one of their own.
    """

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self
