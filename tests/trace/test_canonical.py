"""RFC 8785: what is written is read again, and there is one writing of it."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.canonical import NotCanonical, read_canonical, write_canonical

LARGEST = 2**53 - 1
NUMBERS = st.one_of(
    st.integers(),
    st.integers(-LARGEST - 9, -LARGEST + 9),
    st.integers(LARGEST - 9, LARGEST + 9),
    st.floats(),
    st.integers(-(10**23), 10**23).map(float),
    st.integers(0, 2**64 - 1).map(lambda bits: struct.unpack(">d", bits.to_bytes(8, "big"))[0]),
)
VALUES = st.recursive(
    NUMBERS | st.none() | st.booleans() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(VALUES)
def test_whatever_is_written_is_read_as_the_same(value: object) -> None:
    try:
        written = write_canonical(value)
    except NotCanonical:
        return
    assert read_canonical(written) == value
    assert write_canonical(read_canonical(written)) == written


@given(VALUES)
def test_everything_is_written_as_the_library_for_rfc_8785_writes_it(value: Any) -> None:
    try:
        written = write_canonical(value)
    except NotCanonical:
        return
    assert written == rfc8785.dumps(value)


@given(st.one_of(st.integers(-LARGEST, LARGEST), st.floats(allow_nan=False, allow_infinity=False)))
def test_every_number_is_written_but_large_whole_ones(number: float) -> None:
    if LARGEST < abs(number) < 1e21:
        with pytest.raises(NotCanonical, match="at most 9007199254740991"):
            write_canonical(number)
    else:
        assert json.loads(write_canonical(number)) == number


@given(st.integers())
def test_a_whole_number_is_read_just_where_it_is_written(number: int) -> None:
    exact = abs(number) <= LARGEST
    for act in (write_canonical, lambda it: read_canonical(str(it))):
        try:
            act(number)
        except NotCanonical:
            assert not exact
        else:
            assert exact


@pytest.mark.parametrize("number", [1e16, -1e16, 2.0**53, 2**53, 1e20, 295147905179352830000.0])
def test_a_whole_number_that_languages_read_differently_is_not_written(number: float) -> None:
    """Wherever it stands: in Python its digits are another number than in JavaScript."""
    for value in (number, [number], ["5406260847047297", {"a": (1, number)}]):
        with pytest.raises(NotCanonical, match="write it as a text"):
            write_canonical(value)


# RFC 8785, appendix B: the bits of a double and its writing
PUBLISHED = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "written"), PUBLISHED.items())
def test_a_double_is_written_as_the_standard_shows(bits: str, written: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert write_canonical(number) == written.encode()
    assert read_canonical(written) == number


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])
def test_what_is_no_number_has_no_writing(bits: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    with pytest.raises(NotCanonical):
        write_canonical([number])
