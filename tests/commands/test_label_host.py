"""A label host must leave room for the code in the symbol: it is printed for many years."""

from __future__ import annotations

import pytest

from suyuan.commands.init import require_room_in_symbol
from suyuan.trace.errors import InvalidInput


def test_a_host_with_which_the_longest_code_does_not_fit_is_refused() -> None:
    require_room_in_symbol("t.example.cn")
    with pytest.raises(InvalidInput, match="too long") as refused:
        require_room_in_symbol("traceability-of-the-whole-county.example.gov.cn")
    assert refused.value.field == "label_host"
