"""The kinds of events and what must be known of each (``standards/event_kinds.json``).

One model for all: an EPCIS 2.0 event with words of the Core Business Vocabulary. What a kind asks
beyond who, what, when, where and how much are its key data elements; a family adds its own
(yak: ear tags at slaughter), and where both ask the same, the family's rule counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast, get_args

from suyuan.trace.errors import InvalidInput
from suyuan.trace.products.attributes import FactValue, Gap, KeyData, check_values, is_blank
from suyuan.trace.products.families import Family
from suyuan.trace.products.family_files import read_key_data
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_names

EpcisType = Literal["ObjectEvent", "AggregationEvent", "TransformationEvent", "TransactionEvent"]
Action = Literal["ADD", "OBSERVE", "DELETE"]
Effect = Literal["none", "uses", "makes", "moves", "adjusts"]


@dataclass(frozen=True)
class EventKind:
    """A kind of event.

    ``action`` is ``None`` for transformations, which have none. ``effect`` on the quantity in
    hand: ``makes`` new, ``uses`` up (what comes out of it has quantities of its own), ``moves``
    to another party, ``adjusts`` to what was counted. ``system`` kinds come only from acts of
    their own, never from a form of events; ``statutory`` ones are records that a law asks for.
    ``comes_before``: it may lie before the day on which the batch was made, as treating animals
    does and shipping them never.
    ``recorded_by``: kinds of organisations. ``asks``: which of who, what, when, where, quantity.
    """

    key: str
    names: Names
    epcis_type: EpcisType
    action: Action | None
    biz_step: str
    disposition: str
    effect: Effect
    takes_inputs: bool
    makes_outputs: bool
    every_family: bool
    system: bool
    statutory: bool
    comes_before: bool
    recorded_by: frozenset[str]
    asks: tuple[Gap, ...]
    key_data: tuple[KeyData, ...]
    provenance: Provenance

    @property
    def may_come_before(self) -> bool:
        """Whether it may lie before the making; of what the system writes all but what is made of
        the goods, as splitting is."""
        return self.comes_before or (self.system and not self.takes_inputs)

    def happens_to(self, family: Family) -> bool:
        """Whether events of this kind can happen to a batch of the family."""
        return self.every_family or family.allows(self.key)

    def all_key_data(
        self, family: Family | None = None, variant: str | None = None
    ) -> tuple[KeyData, ...]:
        """The key data of the kind with those of the family, whose rule counts where both ask."""
        elements = {element.key: element for element in self.key_data}
        if family is not None:
            elements |= {element.key: element for element in family.kde(self.key, variant)}
        return tuple(elements.values())

    def check(
        self,
        payload: Mapping[str, object],
        family: Family | None = None,
        variant: str | None = None,
    ) -> tuple[dict[str, FactValue], tuple[Gap, ...]]:
        """The payload as records keep it, and the required key data that are missing.

        Raises InvalidInputs with a fault for each value that cannot be.
        """
        asked = self.all_key_data(family, variant)
        clean = check_values(asked, payload, variant)
        gaps = tuple(Gap(e.key, e.names) for e in asked if e.required and e.key not in clean)
        return clean, gaps


@dataclass(frozen=True)
class Completeness:
    """How much of what should be known of an event is known: 0 … 100, and what is missing."""

    score: int
    missing: tuple[Gap, ...]


def completeness(
    kind: EventKind,
    payload: Mapping[str, object],
    known: Collection[str] = ("who", "what", "when", "where", "quantity"),
    family: Family | None = None,
    variant: str | None = None,
) -> Completeness:
    """The share of the required elements that is there, in per cent, rounded down.

    ``known`` says which of who, what, when, where and quantity the event has. Rounded down, 100
    means that nothing is missing. Elements that are not required do not count.
    """
    required = [e for e in kind.all_key_data(family, variant) if e.required]
    missing = [gap for gap in kind.asks if gap.key not in known]
    missing += [Gap(e.key, e.names) for e in required if is_blank(payload.get(e.key))]
    asked = len(kind.asks) + len(required)
    return Completeness((asked - len(missing)) * 100 // asked if asked else 100, tuple(missing))


class EventKinds:
    """The catalogue of event kinds."""

    def __init__(self, kinds: Mapping[str, EventKind]) -> None:
        self._kinds = dict(kinds)

    @classmethod
    def load(cls) -> EventKinds:
        """The shipped kinds, read once. Raises Misconfigured."""
        return _load()

    def __iter__(self) -> Iterator[EventKind]:
        return iter(self._kinds.values())

    def keys(self) -> tuple[str, ...]:
        """The keys of all kinds."""
        return tuple(self._kinds)

    def get(self, key: str) -> EventKind:
        """The kind with this key. Raises InvalidInput."""
        try:
            return self._kinds[key]
        except KeyError:
            raise InvalidInput(
                "There is no kind of event {kind}; there are: {known}.",
                field="kind",
                kind=key,
                known=", ".join(self._kinds),
            ) from None

    def of_family(self, family: Family) -> tuple[EventKind, ...]:
        """The kinds that can happen to the family. Raises InvalidInput if it names an unknown."""
        for key in family.events:
            self.get(key)
        return tuple(kind for kind in self if kind.happens_to(family))


@cache
def _load() -> EventKinds:
    root = read_standard("event_kinds.json")
    asked = keyed(root.get("asked_of_every_event").rows(), _read_asked, lambda gap: gap.key)
    words = root.get("vocabulary")
    steps, dispositions = (
        words.list_of("biz_steps", Row.text),
        words.list_of("dispositions", Row.text),
    )
    return EventKinds(
        keyed(
            root.get("kinds").rows(),
            lambda row: _read_kind(row, asked, steps, dispositions),
            lambda kind: kind.key,
        )
    )


def _read_asked(row: Row) -> Gap:
    row.only("key", "names")
    return Gap(row.get("key").text(), read_names(row))


def _read_kind(
    row: Row, asked: Mapping[str, Gap], steps: tuple[str, ...], dispositions: tuple[str, ...]
) -> EventKind:
    row.only(
        "key", "names", "epcis_type", "action", "biz_step", "disposition", "effect",
        "takes_inputs", "makes_outputs", "every_family", "system", "statutory", "comes_before",
        "recorded_by", "asks", "key_data", *PROVENANCE,
    )  # fmt: skip
    epcis_type = row.get("epcis_type").one_of(get_args(EpcisType))
    action = row.maybe("action", lambda r: r.one_of(get_args(Action)))
    if (action is None) != (epcis_type == "TransformationEvent"):
        row.wrong('every event has an "action", except the TransformationEvent, which has none.')
    elements = keyed(row.get("key_data").rows(), read_key_data, lambda e: e.key)
    return EventKind(
        key=row.get("key").text(),
        names=read_names(row),
        epcis_type=cast("EpcisType", epcis_type),
        action=cast("Action | None", action),
        biz_step=row.get("biz_step").one_of(steps),
        disposition=row.get("disposition").one_of(dispositions),
        effect=cast("Effect", row.get("effect").one_of(get_args(Effect))),
        takes_inputs=row.get("takes_inputs").flag(),
        makes_outputs=row.get("makes_outputs").flag(),
        every_family=row.get("every_family").flag(),
        system=row.get("system").flag(),
        statutory=row.get("statutory").flag(),
        comes_before=row.maybe("comes_before", Row.flag) or False,
        recorded_by=frozenset(row.list_of("recorded_by", Row.text)),
        asks=row.list_of("asks", lambda r: asked[r.one_of(tuple(asked))]),
        key_data=tuple(elements.values()),
        provenance=row.provenance(),
    )
