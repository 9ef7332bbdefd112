"""Private keys at rest open for the right passphrase, under their own name, in their keyring."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.canonical import Json
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.notes import Ed25519Signer
from suyuan.trace.keys.sealing import Keyring, ScryptCost, SealError, WrongPassphrase

CHEAP = ScryptCost(n=2, r=1)
KEYRING = Keyring.create("香巴拉 passphrase", CHEAP)
SIGNER = Ed25519Signer.generate("trace.example.cn/codes-1")


def test_a_sealed_key_opens_again_from_what_was_stored() -> None:
    sealed = KEYRING.seal(SIGNER)
    stored = json.loads(json.dumps(KEYRING.stored))
    opened = Keyring.unlock(stored, "香巴拉 passphrase").open(SIGNER.name, sealed)
    assert opened.verifier == SIGNER.verifier
    assert SIGNER.verifier.verifies(opened.sign(b"message"), b"message")


@pytest.mark.parametrize("passphrase", ["", " ", "香巴拉 passphrase ", "x" * 1000, "\udcff"])
def test_another_passphrase_is_told_to_be_wrong(passphrase: str) -> None:
    with pytest.raises((WrongPassphrase, SealError), match="passphrase"):
        Keyring.unlock(KEYRING.stored, passphrase)


def test_a_sealed_key_opens_under_no_other_name_and_in_no_other_keyring() -> None:
    sealed = KEYRING.seal(SIGNER)
    with pytest.raises(SealError):
        KEYRING.open("trace.example.cn/codes-2", sealed)
    with pytest.raises(SealError):
        Keyring.create("香巴拉 passphrase", CHEAP).open(SIGNER.name, sealed)


def test_the_same_key_is_never_sealed_alike_and_is_not_in_the_open() -> None:
    one, two = KEYRING.seal(SIGNER), KEYRING.seal(SIGNER)
    assert one != two
    assert SIGNER.seed() not in one


@given(st.integers(0, 59), st.integers(1, 255))
def test_a_damaged_sealed_key_is_refused(place: int, flip: int) -> None:
    sealed = bytearray(KEYRING.seal(SIGNER))
    assert len(sealed) == 60
    sealed[place] ^= flip
    with pytest.raises(SealError):
        KEYRING.open(SIGNER.name, bytes(sealed))
    with pytest.raises(SealError):
        KEYRING.open(SIGNER.name, bytes(sealed)[:place])


@pytest.mark.parametrize(
    ("n", "r", "p"), [(0, 8, 1), (3, 8, 1), (2**30, 8, 1), (2, 0, 1), (2, 1, 99)]
)
def test_a_cost_that_scrypt_has_not_or_no_machine_bears_is_refused(n: int, r: int, p: int) -> None:
    with pytest.raises(SealError):
        ScryptCost(n, r, p)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "other"}, {"n": "2"}, {"n": -2}, {"salt": "*"}, {"salt": None},
        {"check": "AAAA"}, {"check": 5}, {"p": True},
    ],
)  # fmt: skip
def test_a_damaged_keyring_is_refused(change: dict[str, Json]) -> None:
    with pytest.raises((InvalidInput, WrongPassphrase)):
        Keyring.unlock({**KEYRING.stored, **change}, "香巴拉 passphrase")


def test_the_default_cost_is_what_is_recommended() -> None:
    assert ScryptCost() == ScryptCost(n=2**17, r=8, p=1)
