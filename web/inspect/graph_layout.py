"""Where each batch of a chain stands in a drawing: layers from origin to shop, few crossings.

Wraps fast-sugiyama (the method of Sugiyama, Tagawa and Toda, 1981), so that nothing else knows
its units, its upward y axis or the dummy vertices that it bends long links around.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from fast_sugiyama import from_edges

Point = tuple[float, float]
_SPACING = 8
"""How far apart the library sets its vertices; one step here is so much there."""


@dataclass(frozen=True)
class Layout:
    """Places in steps: x to the right, y downwards, each layer one below the other, from 0.

    ``bends`` of a link (parent, child) are the points that it passes between its ends.
    """

    places: Mapping[int, Point]
    bends: Mapping[tuple[int, int], tuple[Point, ...]]
    width: float
    height: float


def layout(nodes: Sequence[int], links: Collection[tuple[int, int]]) -> Layout:
    """Lay out the batches ``nodes`` (row ids) with links (parent, child); parents stand above."""
    places: dict[int, Point] = {}
    bends: dict[tuple[int, int], tuple[Point, ...]] = {}
    left = 0.0
    for part in _components(nodes, links):
        inside = set(part)
        placed, bent = _one_component(part, sorted(one for one in links if one[0] in inside))
        points = [*placed.values(), *(point for some in bent.values() for point in some)]
        leftmost = min(x for x, _ in points)
        places |= {node: (x - leftmost + left, y) for node, (x, y) in placed.items()}
        bends |= {
            link: tuple((x - leftmost + left, y) for x, y in some) for link, some in bent.items()
        }
        left += max(x for x, _ in points) - leftmost + 1
    return Layout(
        places, bends, max(left - 1, 0.0), max((y for _, y in places.values()), default=0.0)
    )


def _components(nodes: Sequence[int], links: Iterable[tuple[int, int]]) -> Sequence[Sequence[int]]:
    """The nodes, those together that links join, in the order given."""
    together = {node: [node] for node in nodes}
    for parent, child in links:
        ours, theirs = together[parent], together[child]
        if ours is not theirs:
            ours.extend(theirs)
            together.update(dict.fromkeys(theirs, ours))
    order = {node: at for at, node in enumerate(nodes)}
    parts = {id(part): sorted(part, key=order.__getitem__) for part in together.values()}
    return sorted(parts.values(), key=lambda part: order[part[0]])


def _one_component(
    nodes: Sequence[int], links: Sequence[tuple[int, int]]
) -> tuple[dict[int, Point], dict[tuple[int, int], tuple[Point, ...]]]:
    """Places and bends of nodes that hang together; the topmost layer at 0."""
    if not links:
        return {nodes[0]: (0.0, 0.0)}, {}
    # the library numbers its dummies on from the number of nodes, so ours must be 0, 1, 2 …:
    # with gaps between them a dummy takes the number of a batch and stands in its place
    number = {node: at for at, node in enumerate(nodes)}
    edges = sorted((number[parent], number[child]) for parent, child in links)
    ((placed, _, _, routed),) = from_edges(edges, vertex_spacing=_SPACING)
    top = max(y for _, (_, y) in placed)
    at = {int(vertex): (x / _SPACING, (top - y) / _SPACING) for vertex, (x, y) in placed}
    bent = _bends([(int(a), int(b)) for a, b in routed or ()], at, len(nodes))
    return (
        {node: at[number[node]] for node in nodes},
        {(nodes[a], nodes[b]): points for (a, b), points in bent.items()},
    )


def _bends(
    routed: Sequence[tuple[int, int]], at: Mapping[int, Point], real: int
) -> dict[tuple[int, int], tuple[Point, ...]]:
    """The links that pass dummy vertices (numbered from ``real`` on), with the points passed."""
    onward = {start: end for start, end in routed if start >= real}
    found: dict[tuple[int, int], tuple[Point, ...]] = {}
    for start, vertex in routed:
        if start >= real or vertex < real:
            continue
        points = []
        while vertex >= real:
            points.append(at[vertex])
            vertex = onward[vertex]
        found[start, vertex] = tuple(points)
    return found
