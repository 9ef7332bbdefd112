"""Policies of c2sp.org/tlog-policy: whom to believe, and how many are needed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.errors import InvalidInput, Misconfigured
from suyuan.trace.keys.cosigning import Cosigner
from suyuan.trace.keys.notes import Ed25519Signer, VerifierKey
from suyuan.trace.log.policy import Policy, PolicyError, parse_policy, policy_in

LOG = Ed25519Signer("trace.example.cn/log", bytes(32)).verifier
W = {
    name: Cosigner(Ed25519Signer(f"w.example/{name}", bytes([number] * 32))).verifier
    for number, name in enumerate(("X1", "X2", "X3", "Y1", "Y2", "Y3"), 1)
}
EXAMPLE = f"""
# the specification's own example
log {LOG} https://trace.example.cn/log

witness X1 {W["X1"]}
witness X2 {W["X2"]}
\twitness\tX3\t{W["X3"]}
group X-witnesses 2 X1 X2 X3
witness Y1 {W["Y1"]}
witness Y2 {W["Y2"]} https://w.example/y2
witness Y3 {W["Y3"]}
group Y-witnesses any Y1 Y2 Y3
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def read(text: str) -> Policy:
    return parse_policy(text.encode())


def cosigned(names: str) -> list[VerifierKey]:
    return [W[name] for name in names.split()]


@pytest.mark.parametrize("enough", ["X1 X2 Y1", "X1 X3 Y3", "X1 X2 X3 Y1 Y2 Y3"])
def test_the_quorum_of_groups_is_met(enough: str) -> None:
    assert read(EXAMPLE).met_by(cosigned(enough))


@pytest.mark.parametrize("few", ["", "X1 Y1 Y2 Y3", "X1 X2 X3", "Y1", "X3 Y2"])
def test_the_quorum_of_groups_is_not_met(few: str) -> None:
    assert not read(EXAMPLE).met_by(cosigned(few))


def test_the_parts_of_a_policy_are_told() -> None:
    policy = read(EXAMPLE)
    assert [(one.key, one.url) for one in policy.logs] == [(LOG, "https://trace.example.cn/log")]
    assert [one.name for one in policy.witnesses if one.url] == ["Y2"]
    assert policy.needs_witnesses
    assert not read("quorum none\n").needs_witnesses
    assert read("quorum none").met_by([])


@pytest.mark.parametrize(
    "wrong",
    [
        "", f"log {LOG}\n", "quorum X1\n", "quorum none\nquorum none\n", "quorum\n", "nonsense 1\n",
        f"witness none {W['X1']}\nquorum none\n", f"witness a {LOG}\nquorum none\n",
        f"log {W['X1']}\nquorum none\n", f"log {LOG}\nlog {LOG}\nquorum none\n",
        f"witness a {W['X1']}\nwitness b {W['X1']}\nquorum a\n",
        f"witness a {W['X1']}\nwitness a {W['X2']}\nquorum a\n",
        f"witness a {W['X1']}\ngroup g 2 a\nquorum g\n",
        f"witness a {W['X1']}\ngroup g 0 a\nquorum g\n",
        f"witness a {W['X1']}\ngroup g some a\nquorum g\n",
        f"witness a {W['X1']}\ngroup g any\nquorum g\n",
        f"witness a {W['X1']}\ngroup g any a a\nquorum g\n",
        f"witness a {W['X1']}\ngroup g any a\ngroup h any a\nquorum g\n",
        f"witness a {W['X1']}\ngroup g any g\nquorum g\n",
        f"group g any a\nwitness a {W['X1']}\nquorum g\n",
        f"witness a {W['X1']} file:///etc/passwd\nquorum a\n",
        f"witness a {W['X1']} https://w.example more\nquorum a\n",
        "quorum none\r\n", "witness a b+c+d\nquorum a\n",
    ],
)  # fmt: skip
def test_what_is_no_policy_is_refused(wrong: str) -> None:
    with pytest.raises(PolicyError):
        read(wrong)


@given(st.binary(max_size=200), st.integers(0, len(EXAMPLE)))
def test_whatever_comes_is_a_policy_or_refused_in_words(junk: bytes, at: int) -> None:
    example = EXAMPLE.encode()
    for text in (junk, example[:at] + junk + example[at + 1 :]):
        try:
            said = parse_policy(text).quorum
        except InvalidInput as error:
            said = str(error)
        assert said


def test_a_policy_is_read_again_when_its_file_changes(tmp_path: Path) -> None:
    file = tmp_path / "witnesses.policy"
    assert policy_in(file) is None
    file.write_text("quorum none\n")
    assert policy_in(file) == Policy()
    file.write_text(EXAMPLE)
    assert policy_in(file) == read(EXAMPLE)
    file.write_text("quorum nobody\n")
    with pytest.raises(Misconfigured, match="nobody"):
        policy_in(file)
