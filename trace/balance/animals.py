"""Animals to carcasses: one ear tag is one carcass, and is never in two places."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from suyuan.trace.balance.bands import Step


@dataclass(frozen=True)
class Tagged:
    """A batch that bears an ear tag, and the batches it was made of that bear it too."""

    batch_id: int
    parents: frozenset[int]


def animals_in(step: Step) -> int | None:
    """How many animals went in: the fewer of the tags that were said and the heads, else the tags
    of inputs."""
    counts = [len(step.tags_in)] if step.tags_in else []
    if step.taken and all(one.quantity.dimension == "animal" for one in step.taken):
        counts.append(int(sum((one.quantity.amount for one in step.taken), Decimal(0))))
    tags = frozenset[str]().union(*(one.tags for one in step.taken))
    return min(counts, default=len(tags) or None)


def carcasses_beyond(step: Step) -> int:
    """How many more carcasses there were than animals went in; none where either is not known."""
    animals = animals_in(step)
    if step.carcasses is None or animals is None:
        return 0
    return max(step.carcasses - animals, 0)


def tags_from_nowhere(step: Step) -> frozenset[str]:
    """The tags of what came out that went in with nothing; none where no tag went in at all."""
    known = step.tags_in.union(*(one.tags for one in step.taken))
    made = frozenset[str]().union(*(one.tags for one in step.made))
    return made - known if known else frozenset()


def first_bearers(bearers: Collection[Tagged]) -> list[int]:
    """Of the batches with one tag those that have it from no other, the oldest first."""
    known = {one.batch_id for one in bearers}
    return sorted(one.batch_id for one in bearers if not one.parents & known)


def slaughtered_twice(steps: Collection[Step]) -> Mapping[str, tuple[Step, ...]]:
    """The tags that were said to go into more than one slaughter, with those in order of time."""
    by_tag: dict[str, list[Step]] = {}
    for step in sorted(steps, key=lambda one: (one.at, one.event_id)):
        for tag in step.tags_in:
            by_tag.setdefault(tag, []).append(step)
    return {tag: tuple(several) for tag, several in by_tag.items() if len(several) > 1}
