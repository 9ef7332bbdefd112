"""Which papers a product needs, and which of them a batch lacks: rules, no tables.

The table (``standards/papers_needed.json``) says for each class of products which paper is needed
at which stage, and in which case. A case may be unknown (nobody said where the goods go): then a
paper is needed that every possible case asks for, and ``depends`` where only some do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from typing import Literal, get_args

from suyuan.trace.papers.kinds import PaperKind, PaperKinds
from suyuan.trace.papers.queries import state_between
from suyuan.trace.products.attributes import STAGES, Stage
from suyuan.trace.products.papers_needed import PaperNeed, Route, ValidOn, When
from suyuan.trace.words import Names

Standing = Literal["needed", "depends", "not_needed"]
LackState = Literal["missing", "expired", "not_yet", "revoked"]
_ROUTES: tuple[Route, ...] = get_args(Route)
_GRAVEST: tuple[LackState, ...] = ("revoked", "expired", "not_yet", "missing")
_NOBODY = ""
"""A producer of a kind that no row names."""


@dataclass(frozen=True)
class Circumstances:
    """In which case the question is asked; ``None`` is what nobody has said.

    ``producer`` is a kind of organisation of ``roles.json``, ``route`` whether the goods leave the
    province, ``origin`` where what they were made of comes from, ``marks`` those put on them.
    """

    day: date
    producer: str | None = None
    route: Route | None = None
    origin: Route | None = None
    processed: bool | None = None
    marks: frozenset[str] | None = None


@dataclass(frozen=True)
class Needed:
    """What the table says of one paper, or of several that stand for each other.

    ``papers`` are those that would do in this case, the first of them the one that is asked for;
    ``key`` is its kind, or the word that several share.
    """

    key: str
    standing: Standing
    stage: Stage
    papers: tuple[PaperNeed, ...]


@dataclass(frozen=True)
class Held:
    """A paper that is there, so far as its holding matters."""

    uid: str
    kind: str
    number: str
    state: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Goods:
    """A batch with its papers and what it was made of; ``product_class`` is its class in law."""

    key: int
    product_class: str
    made_on: date
    papers: tuple[Held, ...]
    parents: tuple[Goods, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Lack:
    """A paper that a batch needs and has not, or that does not hold.

    ``kinds`` are those of which one is enough; ``number`` is of the paper that was found wanting.
    """

    key: str
    state: LackState
    kinds: tuple[PaperKind, ...]
    stage: Stage
    number: str = ""
    for_inputs: bool = False

    @property
    def names(self) -> Names:
        """What is missing: the kinds that would do."""
        return _either(tuple(kind.names for kind in self.kinds))

    @property
    def where(self) -> Names:
        """Who gives it."""
        offices = {kind.issuer.key: kind.issuer.names for kind in self.kinds}
        return _either(tuple(offices.values()))


def needed(
    needs: Sequence[PaperNeed], case: Circumstances, stage: Stage | None = None
) -> list[Needed]:
    """What the table says in a case: of every stage, or of all up to ``stage``."""
    found = []
    for key, rows in _groups(needs, case.day).items():
        due = [row for row in rows if row.necessity != "not_needed"] or rows
        at = min((row.stage for row in due), key=STAGES.index)
        if stage is not None and STAGES.index(at) > STAGES.index(stage):
            continue
        cases = list(_cases(rows, case))
        asked = [any(_asks(row, one) for row in rows) for one in cases]
        standing: Standing = "needed" if all(asked) else "depends" if any(asked) else "not_needed"
        would_do = tuple(row for row in rows if any(_does(row, one) for one in cases))
        found.append(Needed(key, standing, at, would_do or tuple(rows)))
    return found


def lacking(
    needs: Sequence[PaperNeed],
    goods: Goods,
    case: Circumstances,
    stage: Stage = "release",
    *,
    moved: date | None = None,
    proved: frozenset[str] = frozenset(),
) -> list[Lack]:
    """What the goods lack of what they need up to a stage.

    ``moved``: the day on which they set out, where they do. ``proved``: kinds of papers that
    something other than the register proves. A batch that was only divided, pooled or worked on
    within its class leans on its parents' papers, where every parent has one.
    """
    found = []
    for one in needed(needs, case, stage):
        if one.standing != "needed" or any(row.kind in proved for row in one.papers):
            continue
        worst = _wanting(one, goods, case.day, moved, {})
        if worst is not None:
            kinds = tuple(PaperKinds.load().get(row.kind) for row in one.papers)
            of = any(row.of for row in one.papers)
            found.append(Lack(one.key, worst[0], kinds, one.stage, worst[1], of))
    return found


def route_between(here: str, there: str) -> Route:
    """Whether goods that go from one division to another leave their province."""
    return "within" if here[:2] == there[:2] else "across"


def _groups(needs: Sequence[PaperNeed], day: date) -> Mapping[str, list[PaperNeed]]:
    groups: dict[str, list[PaperNeed]] = {}
    for row in needs:
        begun = row.since is None or row.since <= day
        if begun and (row.until is None or day <= row.until):
            groups.setdefault(row.any_of or row.kind, []).append(row)
    return groups


def _cases(rows: Sequence[PaperNeed], case: Circumstances) -> Iterator[Circumstances]:
    """Every case that is possible, so far as these rows ask."""
    whens = [row.when for row in rows if row.when is not None]
    named = {kind for when in whens for kind in when.producer}
    marked = {when.mark for when in whens if when.mark}
    producers = [case.producer] if case.producer is not None else sorted({*named, _NOBODY})
    routes = [case.route] if case.route else _ROUTES
    origins = [case.origin] if case.origin else _ROUTES
    processed = [case.processed] if case.processed is not None else [True, False]
    marks = [case.marks] if case.marks is not None else [frozenset(marked), frozenset[str]()]
    for who, way, source, worked, carried in product(producers, routes, origins, processed, marks):
        yield replace(case, producer=who, route=way, origin=source, processed=worked, marks=carried)


def _holds(when: When, case: Circumstances) -> bool:
    return (
        (not when.producer or case.producer in when.producer)
        and when.route in (None, case.route)
        and when.origin in (None, case.origin)
        and when.processed in (None, case.processed)
        and (when.mark is None or when.mark in (case.marks or ()))
    )


def _asks(row: PaperNeed, case: Circumstances) -> bool:
    """Whether the row itself asks for its paper; one that only stands for another does not."""
    if row.necessity == "not_needed" or (row.necessity == "conditional" and row.when is None):
        return False
    return row.when is None or _holds(row.when, case)


def _does(row: PaperNeed, case: Circumstances) -> bool:
    """Whether the row's paper would do."""
    return row.necessity != "not_needed" and (row.when is None or _holds(row.when, case))


_Wanting = tuple[LackState, str]


def _wanting(
    one: Needed, goods: Goods, day: date, moved: date | None, seen: dict[int, _Wanting | None]
) -> _Wanting | None:
    """What is wrong with the goods' papers for this need, and the number of the paper; None: all
    is well."""
    if goods.key in seen:
        return seen[goods.key]
    own = [
        (_state(paper, row.valid_on, goods, day, moved), paper.number)
        for row in one.papers
        for paper in goods.papers
        if paper.kind == row.kind
    ]
    if any(state is None for state, _ in own):
        seen[goods.key] = None
        return None
    inherited = [_wanting(one, parent, day, moved, seen) for parent in _leaned_on(one, goods)]
    if inherited and all(state is None for state in inherited):
        seen[goods.key] = None
        return None
    wrong = [(state, number) for state, number in own if state is not None]
    wrong += [state for state in inherited if state is not None]
    worst = min(wrong, key=lambda found: _GRAVEST.index(found[0]), default=("missing", ""))
    seen[goods.key] = worst
    return worst


def _leaned_on(one: Needed, goods: Goods) -> Sequence[Goods]:
    """The parents whose papers speak for the goods: all, where they are of one class with it."""
    wanted = {goods.product_class, *(row.of for row in one.papers if row.of)}
    if len(wanted) > 1:  # a paper for the raw material: what else went in needs none
        return [parent for parent in goods.parents if parent.product_class in wanted]
    same = all(parent.product_class == goods.product_class for parent in goods.parents)
    return goods.parents if same else ()


def _state(
    paper: Held, valid_on: ValidOn, goods: Goods, day: date, moved: date | None
) -> LackState | None:
    """What is wrong with a paper of the right kind, or None."""
    asked = {"made": goods.made_on, "moved": moved, "asked": day, "ever": None}[valid_on]
    if asked is None:
        return "revoked" if paper.state == "revoked" else None
    states: dict[str, LackState | None] = {
        "revoked": "revoked", "expired": "expired", "not_yet": "not_yet",
    }  # fmt: skip
    return states.get(state_between(paper.state, paper.valid_from, paper.valid_to, asked))


def _either(several: Sequence[Names]) -> Names:
    return Names("或".join(one.zh for one in several), " or ".join(one.en for one in several))
