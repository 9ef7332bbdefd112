"""The field's words: exact Tibetan, and none of grade C in print before it is approved."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from importlib.resources import files

import pytest

from suyuan.trace.errors import Misconfigured, NotFound
from suyuan.trace.sourced import Row
from suyuan.trace.words import read_names, standard_words, statutory, word

# of the 42 Tibetan strings as they were copied, one a line; changes only when a word is corrected
AS_COPIED = "69173b9a12be34b6ac960d2d6f121d52b0e60eb5b7504067200d5a456463c4b9"


def test_the_tibetan_is_as_it_was_copied() -> None:
    lines = "".join(entry.bo + "\n" for entry in standard_words().values())
    assert hashlib.sha256(lines.encode()).hexdigest() == AS_COPIED


def test_code_points_of_words_that_are_often_damaged() -> None:
    assert (
        standard_words()["sog_county"].bo
        == "\u0f66\u0f7c\u0f42\u0f0b\u0f62\u0fab\u0f7c\u0f44\u0f0b\u0f0d"
    )
    assert standard_words()["origin"].bo == "\u0f50\u0f7c\u0f53\u0f0b\u0f66\u0f0d"


def test_the_tibetan_is_tibetan_in_normal_form() -> None:
    for entry in standard_words().values():
        assert all("\u0f00" <= sign <= "\u0fff" for sign in entry.bo)
        assert unicodedata.is_normalized("NFC", entry.bo)


@pytest.mark.parametrize(
    ("key", "language", "text"),
    [
        ("cordyceps", "zh", "冬虫夏草"),
        ("cordyceps", "en", "cordyceps"),
        ("test", "bo", "བརྟག་དཔྱད།"),
    ],
)
def test_a_word_in_each_language(key: str, language: str, text: str) -> None:
    assert word(key, language) == text  # type: ignore[arg-type]  # parametrized as str


def test_a_word_of_grade_c_is_printed_only_when_approved() -> None:
    assert standard_words()["net_content"].grade == "C"
    assert statutory("net_content").bo is None
    assert statutory("net_content").zh == "净含量"
    assert statutory("net_content", frozenset({"recall"})).bo is None
    assert statutory("net_content", frozenset({"net_content"})).bo == word("net_content", "bo")


@pytest.mark.parametrize("key", ["food", "producer"])
def test_words_of_grade_a_and_b_are_printed(key: str) -> None:
    assert statutory(key).bo == word(key, "bo")


def test_no_word_counts_as_approved_yet() -> None:
    assert not [entry.key for entry in standard_words().values() if entry.approved_by]


def test_a_word_that_is_not_there() -> None:
    with pytest.raises(NotFound, match="dragon"):
        word("dragon", "zh")
    with pytest.raises(NotFound):
        statutory("dragon")


def names(**given: str) -> Row:
    return Row({"names": {"zh": "名", "en": "name", **given}}, "a.json")


def test_names_take_their_tibetan_from_the_word() -> None:
    named = read_names(names(word="recall"))
    assert named.say("bo") == word("recall", "bo")
    assert named.statutory_bo() is None
    assert named.statutory_bo(frozenset({"recall"})) == word("recall", "bo")


def test_names_without_tibetan_are_said_in_chinese() -> None:
    assert read_names(names()).say("bo") == "名"
    assert read_names(names()).statutory_bo() is None


def test_an_operators_own_tibetan_has_a_grade() -> None:
    assert read_names(names(bo="ཤ།", bo_grade="A")).statutory_bo() == "ཤ།"
    assert read_names(names(bo="ཤ།", bo_grade="C")).statutory_bo() is None
    with pytest.raises(Misconfigured, match="bo_grade"):
        read_names(names(bo="ཤ།"))


def test_every_row_of_the_standards_says_where_it_comes_from() -> None:
    """Wherever a row has a source it also has its confidence and who checked it."""

    def look(value: object, path: str) -> list[str]:
        if isinstance(value, list):
            return [p for i, v in enumerate(value) for p in look(v, f"{path}[{i}]")]
        if not isinstance(value, dict):
            return []
        incomplete = "source" in value and not {"confidence", "checked_by"} <= set(value)
        return [path] * incomplete + [p for k, v in value.items() for p in look(v, f"{path}.{k}")]

    folder = files("suyuan.trace.standards")
    ours = ["words", "event_kinds", "paper_kinds", "papers_needed", "roles", "label_items"]
    for name in [*ours, "bilingual_order"]:
        content = json.loads(folder.joinpath(f"{name}.json").read_text("utf-8"))
        assert not look(content, name)
