"""What is said of parties, people and places, as the acts take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class PartyFacts:
    """An application: an organisation of ``kind`` (``standards/roles.json``).

    ``division`` is the code of its seat; ``parent`` the uid of the cooperative a household group
    belongs to; ``names`` further names by language (``bo``, ``en``); ``undertaking`` whether the
    head has signed the undertaking to tell the truth (农产品备书, plan T13).
    """

    kind: str
    name: str
    division: str
    names: Mapping[str, str] = field(default_factory=dict)
    uscc: str | None = None
    address: str = ""
    phone: str = ""
    supervision_phone: str = ""
    parent: str | None = None
    undertaking: bool = False


@dataclass(frozen=True)
class SiteFacts:
    """A place of a party. Latitude and longitude are decimal degrees (WGS 84) as text."""

    party: str
    kind: str
    name: str
    division: str
    names: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    latitude: str | None = None
    longitude: str | None = None
    altitude_m: int | None = None
    area_m2: int | None = None
    capacity: str = ""


@dataclass(frozen=True)
class PersonFacts:
    """Somebody who will sign in by ``phone``; ``password`` may come later by a one-time link."""

    name: str
    phone: str
    language: str = "zh"
    password: str | None = None


@dataclass(frozen=True)
class CompetenceFacts:
    """What a regulator is competent for; None means every family or stage."""

    agency: str
    division: str
    valid_from: date
    family: str | None = None
    stage: str | None = None
    valid_to: date | None = None
