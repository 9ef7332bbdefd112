"""Signing codes: which key may sign a path today, and the text of the symbol it gives.

A signature is kept with the code it stands in, so that a label printed again is the same label.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from suyuan.trace.codes.paths import CodePath
from suyuan.trace.codes.signed_code import STEM_DIGITS, VERSION, Scheme, signed_message
from suyuan.trace.codes.verify import in_scope
from suyuan.trace.errors import Misconfigured
from suyuan.trace.keys.directory import KeyEntry
from suyuan.trace.keys.notes import Signer


class NoCodeKey(Misconfigured):
    """No key of this installation may sign such a code today."""

    kind = "no-code-key"


@dataclass(frozen=True)
class LabelHost:
    """The host that labels name, with its port where it has one; ``http`` in a demonstration."""

    host: str
    scheme: Scheme = "https"

    def __str__(self) -> str:
        """The beginning of every address there: ``https://t.example.cn``."""
        return f"{self.scheme}://{self.host}"


def label_host(hosts: Sequence[Mapping[str, Any]]) -> LabelHost:
    """The host that is printed now, of an installation's ``hosts``: the last that has no end.

    Raises Misconfigured where every host has ended.
    """
    for entry in reversed(hosts):
        if entry.get("to") is None:
            return LabelHost(str(entry["host"]), "http" if entry.get("http") else "https")
    raise Misconfigured("No label host is in force: every one in the key directory has ended.")


def signer_for(
    keys: Iterable[tuple[KeyEntry, Signer]], path: CodePath, today: date
) -> tuple[KeyEntry, Signer]:
    """The key that signs ``path`` on ``today`` (UTC): in force, and with the path in its scope.

    Of several the one with the narrowest scope, then the newest. Raises NoCodeKey.
    """
    fit = [pair for pair in keys if pair[0].may_sign_on(today) and in_scope(pair[0], path)]
    if not fit:
        raise NoCodeKey(
            "No code key may sign {path} on {day}: each is out of its scope, its dates, or revoked."
            " Add a key for it.",
            path=str(path),
            day=today.isoformat(),
        )
    return max(fit, key=lambda pair: (_narrowness(pair[0]), pair[0].since, pair[0].key.name))


def sign_paths(paths: Iterable[CodePath], signer: Signer) -> list[bytes]:
    """The 64-byte signature of each path, in order."""
    key_id = signer.key_id
    return [signer.sign(signed_message(key_id, path)) for path in paths]


def write_code(host: LabelHost, path: CodePath | str, key_id: bytes, signature: bytes) -> str:
    """The text of the symbol for a path that was signed before."""
    stem = int.from_bytes(key_id + signature, "big")
    return f"{host.scheme}://{host.host}/{VERSION}{stem:0{STEM_DIGITS}d}{path}"


def _narrowness(entry: KeyEntry) -> int:
    """The length of the shortest prefix that the key is bound to; 0 for a key of any scope."""
    return min((len(prefix) for prefix in (*entry.gtin, *entry.division)), default=0)
