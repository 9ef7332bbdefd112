"""Tiles as C2SP tlog-tiles describes them, and proofs made from nothing but tiles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.trace.log import frontier, merkle, tiles
from suyuan.trace.log.tiles import Tile, TileError

LEAVES = [merkle.leaf_hash(str(number).encode()) for number in range(70_000)]


def served(size: int) -> dict[str, bytes]:
    """All hash tiles of a tree, by address, made straight from the specification's formula."""
    files = {}
    for tile in tiles.tiles_of(size):
        assert isinstance(tile.level, int)
        span = 256**tile.level
        first = tile.index * 256
        files[tile.path()] = b"".join(
            merkle.root(LEAVES[number * span : (number + 1) * span])
            for number in range(first, first + tile.width)
        )
    return files


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(1, 0, 5), "tile/1/000.p/5"),
        (Tile("entries", 999, 255), "tile/entries/999.p/255"),
        (Tile(63, 1000), "tile/63/x001/000"),
    ],
)
def test_a_tile_has_one_address(tile: Tile, path: str) -> None:
    assert tile.path() == path
    assert tiles.parse_tile_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/1", "tile/0/0000", "tile/00/000", "tile/64/000", "tile/0/x000/001",
        "tile/0/001.p/0", "tile/0/001.p/256", "tile/0/001.p/01", "tile/0/001/x002", "tile/0/x001",
        "tile/entries/", "tile/0/00\u0661", "tile/0/001\n", "/tile/0/001", "tile/-1/000",
        "", "tile/0/../../etc",
    ],
)  # fmt: skip
def test_any_other_address_is_refused(path: str) -> None:
    with pytest.raises(TileError):
        tiles.parse_tile_path(path)


@given(st.text(alphabet="tile/entris0123456789x.p-", max_size=30) | st.text(max_size=20))
def test_whatever_is_asked_for_is_an_address_or_refused(path: str) -> None:
    try:
        tile = tiles.parse_tile_path(path)
    except TileError:
        return
    assert tile.path() == path


def test_a_tree_of_70_000_has_the_tiles_that_the_specification_counts() -> None:
    found = list(tiles.tiles_of(70_000))
    full = [tile for tile in found if tile.width == 256]
    assert [tile.level for tile in full].count(0) == 273
    assert [tile.level for tile in full].count(1) == 1
    assert {(tile.level, tile.width) for tile in found} - {(0, 256), (1, 256)} == {
        (0, 112),
        (1, 17),
        (2, 1),
    }
    assert [(t.level, t.width) for t in tiles.tiles_of(256)] == [(0, 256), (1, 1)]
    assert not list(tiles.tiles_of(0))


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_a_grown_tree_adds_exactly_the_tiles_that_it_had_not(one: int, two: int) -> None:
    old, new = sorted((one, two))
    added = list(tiles.tiles_of(new, old))
    assert set(added) == set(tiles.tiles_of(new)) - set(tiles.tiles_of(old))
    assert all(tile.in_tree(new) for tile in added)


def test_a_tile_is_served_from_the_size_on_that_has_it() -> None:
    assert not Tile(0, 0, 5).in_tree(4)
    assert Tile(0, 0, 5).in_tree(5)
    assert Tile(0, 0, 5).in_tree(1000)
    assert not Tile(0, 1).in_tree(511)
    assert Tile("entries", 1).in_tree(512)
    assert not Tile(1, 0, 3).in_tree(767)


@settings(max_examples=25)
@given(st.data())
def test_proofs_made_from_tiles_convince(data: st.DataObject) -> None:
    size = data.draw(st.sampled_from([1, 2, 255, 256, 257, 511, 1000, 66_049]))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    files = _FILES.setdefault(size, served(size))
    read = tiles.reader_of_tiles(lambda tile: files[tile.path()], size)
    root = tiles.tree_root(read, size)
    merkle.verify_inclusion(
        LEAVES[index], index, size, tiles.inclusion_proof(read, index, size), root
    )
    older = tiles.tree_root(read, old)
    merkle.verify_consistency(old, size, older, root, tiles.consistency_proof(read, old, size))
    if size <= 1000:
        assert root == merkle.root(LEAVES[:size])


_FILES: dict[int, dict[str, bytes]] = {}


def test_a_tile_of_another_width_is_refused() -> None:
    read = tiles.reader_of_tiles(lambda tile: bytes(32), 3)
    with pytest.raises(TileError):
        tiles.tree_root(read, 3)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    assert tiles.parse_entries(tiles.write_entries(entries), len(entries)) == entries


@given(st.binary(max_size=40), st.integers(1, 256))
def test_bytes_that_are_no_bundle_are_refused(data: bytes, width: int) -> None:
    try:
        entries = tiles.parse_entries(data, width)
    except TileError:
        return
    assert tiles.write_entries(entries) == data


def test_an_entry_that_its_length_cannot_count_is_refused() -> None:
    assert len(tiles.write_entries([bytes(65_535)])) == 65_537
    with pytest.raises(TileError):
        tiles.write_entries([bytes(65_536)])


@given(st.data())
def test_what_is_known_of_the_right_edge_need_not_be_read(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 700))
    index = data.draw(st.integers(0, size - 1))
    edge = frontier.append(frontier.Frontier(), LEAVES[:size]).frontier.spans()
    assert edge == {(start, end): merkle.root(LEAVES[start:end]) for start, end in edge}
    asked: set[tuple[int, int]] = set()

    def read(level: int, start: int, end: int) -> list[bytes]:
        span = 256**level
        asked.add((start * span, end * span))
        return [merkle.root(LEAVES[at * span : (at + 1) * span]) for at in range(start, end)]

    assert tiles.inclusion_proof(read, index, size, edge) == merkle.inclusion_proof(
        LEAVES[:size], index
    )
    assert not asked & set(edge)
