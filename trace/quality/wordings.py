"""Finding a thing by whatever it is called: its key, its names, the words of laboratories."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from suyuan.trace.errors import Misconfigured
from suyuan.trace.written import compacted


class Wordings:
    """Words that lead to keys; case, spaces, hyphens and full-width forms do not matter."""

    def __init__(self, called: Mapping[str, Iterable[str]], file: str) -> None:
        """``called``: for each key what it is called. Raises Misconfigured where a word is taken.

        ``file`` is where the words stand, for whoever mends it.
        """
        self._keys: dict[str, str] = {}
        for key, words in called.items():
            for word in (key, *words):
                if self._keys.setdefault(plain_word(word), key) != key:
                    raise Misconfigured(
                        "{file}: {word} is a word for both {one} and {other}.",
                        file=file,
                        word=word,
                        one=self._keys[plain_word(word)],
                        other=key,
                    )

    def find(self, word: str) -> str | None:
        """The key that the word leads to."""
        return self._keys.get(plain_word(word))

    def like(self, word: str) -> tuple[str, ...]:
        """Up to five keys whose words look like this one."""
        near = get_close_matches(plain_word(word), self._keys, n=8, cutoff=0.5)
        return tuple(dict.fromkeys(self._keys[one] for one in near))[:5]


def plain_word(word: str) -> str:
    """The word without what laboratories write now so, now otherwise."""
    return re.sub(r"[\s_\-‑.]", "", compacted(word.replace("μ", "µ")))
