"""What a kind of record may say: its fields, and who may see each.

A record's top-level fields are its units of disclosure. A schema names the class of each; what
is not named there must be named when the record is written, and the record itself then says so in
its public field ``classes``: so the class of every field follows from what was committed to, and
nobody can call a field personal afterwards to have it erased. Field names carry no data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from suyuan.trace.errors import SuyuanError

Class = Literal["public", "trade", "personal"]
CLASSES: tuple[Class, ...] = ("public", "trade", "personal")
ALWAYS = ("id", "type", "schema", "by", "at", "classes")
"""Fields that any record may have; everybody may see them."""


class UnclassifiedField(SuyuanError):
    """A record was about to be written with a field that no one has classified: our defect."""

    status = 500
    kind = "unclassified-field"


@dataclass(frozen=True)
class RecordSchema:
    """A versioned kind of record. Once used, a version never changes; a change is a new version.

    ``subject``: what its records are filed under, as their fields say it (``directory/{seq}``);
    where there are several forms, with ``|`` between them, the first whose fields are said counts.
    Under nothing where it is empty.
    """

    name: str
    version: int
    public: tuple[str, ...] = ()
    trade: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    subject: str = ""

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"

    def subject_of(self, fields: Mapping[str, object]) -> str | None:
        """What a record with these fields is filed under; None where they do not say."""
        said = {name: value for name, value in fields.items() if value is not None}
        for form in self.subject.split("|"):
            try:
                return form.format_map(said) or None
            except KeyError:
                continue
        return None

    def classify(
        self, fields: Mapping[str, object], further: Mapping[str, Class] | None = None
    ) -> dict[str, Class]:
        """The class of each of ``fields``. Raises UnclassifiedField where one has none."""
        known: dict[str, Class] = dict.fromkeys((*ALWAYS, *self.public), "public")
        known |= dict.fromkeys(self.trade, "trade")
        known |= dict.fromkeys(self.personal, "personal")
        known |= further or {}
        missing = sorted(set(fields) - set(known))
        if missing:
            raise UnclassifiedField(
                "Nobody has said who may see {fields} of {schema}.",
                fields=", ".join(missing),
                schema=str(self),
            )
        return {name: known[name] for name in fields}


Schemas = Mapping[str, RecordSchema]
"""The kinds of records that are known, by name and version: all are in ``suyuan.trace.records``."""
NO_SCHEMAS: Schemas = {}
