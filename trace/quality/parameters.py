"""What laboratories measure: ``standards/limits/parameters.json``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from suyuan.trace.errors import InvalidInput
from suyuan.trace.quality.wordings import Wordings, plain_word
from suyuan.trace.sourced import Row, keyed, read_standard
from suyuan.trace.words import Names, read_names

_FILE = "limits/parameters.json"


@dataclass(frozen=True)
class Parameter:
    """One thing that is measured; ``method``: the standard by which it usually is.

    ``sum_of``: of a sum that reports may give apart, what each member is called.
    """

    key: str
    names: Names
    method: str | None
    words: tuple[str, ...]
    sum_of: tuple[tuple[str, ...], ...] = ()

    def member(self, word: str) -> int | None:
        """The number of the member that the word means."""
        meant = plain_word(word)
        for number, called in enumerate(self.sum_of):
            if meant in map(plain_word, called):
                return number
        return None


class Parameters:
    """All parameters, by key and by word."""

    def __init__(self, parameters: dict[str, Parameter]) -> None:
        self.by_key = parameters
        self._wordings = Wordings(
            {one.key: (one.names.zh, one.names.en, *one.words) for one in parameters.values()},
            _FILE,
        )

    def known_key(self, word: str) -> str | None:
        """The key of what a laboratory names so; None where the standards know none such."""
        return self._wordings.find(word)

    def find(self, word: str) -> Parameter:
        """The parameter that the word means. Raises InvalidInput.

        That a parameter is not kept here does not mean that it is not regulated: GB 2763 alone
        has ten thousand limits.
        """
        key = self._wordings.find(word)
        if key is None:
            near = self._wordings.like(word)
            raise InvalidInput(
                "The standards kept here know no parameter {word}; those most like it: {known}."
                if near
                else "The standards kept here know no parameter {word}: their page lists all.",
                field="parameter",
                word=word[:60],
                known=", ".join(near),
            )
        return self.by_key[key]


@cache
def parameters() -> Parameters:
    """The parameters that ship. Raises Misconfigured."""
    rows = read_standard(_FILE).get("parameters").rows()
    return Parameters(keyed(rows, _read_parameter, lambda one: one.key))


def _read_parameter(row: Row) -> Parameter:
    row.only("key", "names", "method", "words", "sum_of")
    return Parameter(
        row.get("key").text(),
        read_names(row),
        row.maybe("method", Row.text),
        row.list_of("words", Row.text),
        row.list_of("sum_of", lambda one: tuple(Row.text(word) for word in one.rows())),
    )
