"""The whole chain of a batch: what it came from and what became of it, as one list of hops."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from suyuan.trace.lineage.queries import DIRECTIONS, Direction, Edge, Node, chain

MOST_BATCHES = 2_000
"""How many batches one answer walks each way; what is cut off is said to be cut off."""


@dataclass(frozen=True)
class WholeChain:
    """The batches of a chain, the farthest origin first, and the links between them.

    A node's ``depth`` is negative for what came before the batch asked about, 0 for itself, and
    positive for what was made of it. ``truncated``: more is there than the caps let us walk.
    """

    nodes: tuple[Node, ...]
    links: tuple[Edge, ...]
    truncated: bool

    @property
    def batch_ids(self) -> tuple[int, ...]:
        """The row ids of all batches, in the order of ``nodes``."""
        return tuple(node.batch_id for node in self.nodes)


def whole_chain(
    session: Session,
    batch_id: int,
    *,
    most: int = MOST_BATCHES,
    ways: tuple[Direction, ...] = DIRECTIONS,
    steps: int | None = None,
) -> WholeChain:
    """Walk from a batch in ``ways``, at most ``steps`` steps far and ``most`` batches each way."""
    nodes: dict[int, Node] = {}
    links: dict[tuple[int, int], Edge] = {}
    truncated = False
    for way in ways:
        walked = chain(session, batch_id, way, most=most)
        sign = -1 if way == "back" else 1
        for node in walked.nodes:
            if steps is None or node.depth <= steps:
                nodes.setdefault(node.batch_id, replace(node, depth=sign * node.depth))
        links |= {(one.parent_id, one.child_id): one for one in walked.links}
        truncated = truncated or walked.truncated
    return WholeChain(
        nodes=tuple(sorted(nodes.values(), key=lambda node: (node.depth, node.batch_id))),
        links=tuple(
            one for key, one in sorted(links.items()) if key[0] in nodes and key[1] in nodes
        ),
        truncated=truncated,
    )
