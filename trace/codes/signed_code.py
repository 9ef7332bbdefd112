"""The signed code in the QR symbol: ``https://<label host>/1<164 digits><path>``.

The 164 digits are the decimal of 68 bytes, key id (4) ‖ Ed25519 signature (64): digits sit in a
QR symbol's numeric mode and are valid everywhere in a URL. The raw text is matched, with no URL
library, because those disagree about ``\\``, ``@`` and ``..``.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Literal

from suyuan.trace.codes.paths import PATH, CodeError, CodePath, parse_path
from suyuan.trace.keys.notes import Signer

VERSION = 1
"""Ed25519 with SHA-256. 2 is kept for SM2 with SM3, of the same length."""
STEM_DIGITS = 164
STEM_BYTES = 68

_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>(?:[0-9a-z][0-9a-z.-]{0,252}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?)"
    rf"(?:/(?P<version>[1-9])(?P<stem>[0-9]{{{STEM_DIGITS}}}))?"
    rf"(?-i:(?P<path>{PATH}))"
    r"(?:[?#][ -~]*)?",
    re.IGNORECASE | re.ASCII,
)

Scheme = Literal["https", "http"]


@dataclass(frozen=True)
class PrintedCode:
    """The parts of a code's text; nothing about it is verified but its writing.

    ``host`` is in lower case, with the port where there is one. ``version`` is None where the
    text has no signature, and ``stem`` is empty unless the version is known.
    """

    scheme: Scheme
    host: str
    path: CodePath
    version: int | None
    stem: bytes = b""

    @property
    def key_id(self) -> bytes:
        """Four bytes that find the key."""
        return self.stem[:4]

    @property
    def signature(self) -> bytes:
        """64 bytes of Ed25519 over ``signed_message``."""
        return self.stem[4:]


def signed_message(key_id: bytes, path: CodePath) -> bytes:
    """What the key signs. The host is not part of it: verifiers have a list of hosts."""
    return b"TQR1\n" + key_id.hex().encode() + b"\n" + str(path).encode()


def sign_code(host: str, path: CodePath, signer: Signer, scheme: Scheme = "https") -> str:
    """The text of the QR symbol for ``path``. ``http`` is for the demonstration's host alone."""
    stem = signer.key_id + signer.sign(signed_message(signer.key_id, path))
    return f"{scheme}://{host}/{VERSION}{int.from_bytes(stem, 'big'):0{STEM_DIGITS}d}{path}"


def parse_code(url: str) -> PrintedCode:
    """Reads a code's text, with or without a signature; query and fragment are passed over.

    Raises CodeError, or TraceCodeError for a wrong check digit of a trace code.
    """
    match = _URL.fullmatch(url)
    if match is None:
        raise CodeError("This is not written like a code of a label.", field="code")
    path = parse_path(match["path"])
    scheme: Scheme = "https" if match["scheme"].lower() == "https" else "http"
    host = match["host"].lower()
    if match["version"] is None:
        return PrintedCode(scheme, host, path, None)
    version = int(match["version"])
    if version != VERSION:
        return PrintedCode(scheme, host, path, version)
    try:
        stem = int(match["stem"]).to_bytes(STEM_BYTES, "big")
    except OverflowError as error:
        raise CodeError("The number in this code is larger than any.", field="code") from error
    return PrintedCode(scheme, host, path, version, stem)


def require_label_host(host: str, demonstration: bool = False) -> None:
    """Raises CodeError unless labels may name ``host`` (with a port where it has one).

    A printed label cannot be called back, so a host that means another machine elsewhere (an
    address, localhost, a name without a dot) is only for a demonstration.
    """
    name = re.sub(r"(?<=[^:]):[0-9]+$", "", host)
    if not re.fullmatch(r"[0-9a-z](?:[0-9a-z.-]{0,251}[0-9a-z])?|\[[0-9a-f:.]{2,45}\]", name):
        raise CodeError("A label host is a name like t.example.cn in lower case.", field="host")
    if not demonstration and ("." not in name or name.endswith(".localhost") or is_address(host)):
        raise CodeError(
            "A label host is a name of your own in the Internet, not {is_}.", field="host", is_=host
        )


def is_address(host: str) -> bool:
    """Whether a host (with a port or without) is an IP address and not a name."""
    name = re.sub(r":[0-9]+$", "", host) if "]" in host or host.count(":") == 1 else host
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
