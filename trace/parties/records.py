"""What records say of parties, people and places."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

PARTY = RecordSchema(
    "party",
    1,
    public=("party", "kind", "name", "names", "division", "uscc", "state", "undertaking"),
    trade=("address", "parent", "reason", "checked_against", "supervision_phone"),
    personal=("phone",),
    subject="{party}",
)
"""A party: its application, its check, its being suspended or reinstated."""

SITE = RecordSchema(
    "site",
    1,
    public=("site", "party", "kind", "name", "names", "division", "altitude_m", "area_m2"),
    trade=("address", "latitude", "longitude", "capacity"),
    subject="{site}",
)
"""A place of a party."""

PERSON = RecordSchema(
    "person",
    1,
    trade=("person", "party", "role", "until"),
    personal=("name", "phone", "language"),
    subject="{person}",
)
"""A person's coming, the roles given and ended, and in which language the person reads."""

NO_NAME = "—"
"""What stands in a row for the name of whoever was erased."""

COMPETENCE = RecordSchema("competence", 1, public=("party", "competences"), subject="{party}")
"""What a regulator is competent for, as a whole."""

ACCESS = RecordSchema(
    "access",
    1,
    trade=("person", "party", "what", "label", "only", "expires"),
    subject="{person}",
)
"""A means of access given or taken: token, one-time link, password. Never the secret itself."""
