"""What the offline page is made of: its files, and the texts of service worker and manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

JAVASCRIPT = "text/javascript; charset=utf-8"
GREEN = "#14532d"

_STYLES = ("suyuan.css", "public.css", "verify/verify.css")
_PICTURES = ("suyuan.svg", "verify/icon-192.png", "verify/icon-512.png")
_WORKER = "worker.js"
_VENDORED = {"decoder": "vendor/qr.js", "signatures": "vendor/tweetnacl.js"}
"""Scripts of others by what they are for; brought at build time, see ``bring_scripts.py``."""


@cache
def modules() -> tuple[str, ...]:
    """The addresses of the page's own scripts."""
    found = (file.name for file in (files("suyuan.web") / "static" / "verify").iterdir())
    return tuple(
        f"/static/verify/{name}"
        for name in sorted(found)
        if name.endswith(".js") and name != _WORKER
    )


@cache
def vendored() -> dict[str, str | None]:
    """Where the scripts of others are, None for one that this installation does not have."""
    static = files("suyuan.web") / "static"
    return {
        use: f"/static/{name}" if static.joinpath(name).is_file() else None
        for use, name in _VENDORED.items()
    }


def worker(page: str, pages: Mapping[str, str], drawn: Sequence[str]) -> str:
    """The text of the service worker for ``pages`` (language to address), ``drawn`` as they are.

    Its edition is a hash of all that it keeps, so that it keeps all of it anew when any changes.
    """
    kept = [*modules(), *(f"/static/{name}" for name in (*_STYLES, *_PICTURES))]
    lazy = [address for address in vendored().values() if address]
    kept += [manifest_address(page, language) for language in pages]
    own = _read(f"/static/verify/{_WORKER}").decode()
    digest = hashlib.sha256()
    for part in (own, *drawn):
        digest.update(hashlib.sha256(part.encode()).digest())
    digest.update(_digest_of_files())
    described = {
        "edition": digest.hexdigest()[:16],
        "page": page,
        "pages": dict(pages),
        "files": kept,
        "lazy": lazy,
    }
    return f"const SHELL = {json.dumps(described)};\n{own}"


def manifest_address(page: str, language: str) -> str:
    """Where the manifest in a language is."""
    return f"{page}/{language}.webmanifest"


def manifest(page: str, language: str, name: str, short_name: str) -> dict[str, Any]:
    """The manifest in a language."""
    return {
        "id": page,
        "start_url": page,
        "scope": page,
        "lang": language,
        "name": name,
        "short_name": short_name,
        "display": "standalone",
        "background_color": GREEN,
        "theme_color": GREEN,
        "icons": [
            {"src": "/static/verify/icon-192.png", "sizes": "192x192", "type": "image/png"},
            {"src": "/static/verify/icon-512.png", "sizes": "512x512", "type": "image/png"},
            {"src": "/static/suyuan.svg", "sizes": "any", "type": "image/svg+xml"},
        ],
    }


@cache
def _digest_of_files() -> bytes:
    """Of every file that is kept; they do not change while this process runs."""
    addresses = [*modules(), *(f"/static/{name}" for name in (*_STYLES, *_PICTURES))]
    addresses += [address for address in vendored().values() if address]
    digest = hashlib.sha256()
    for address in addresses:
        digest.update(hashlib.sha256(_read(address)).digest())
    return digest.digest()


def _read(address: str) -> bytes:
    return files("suyuan.web").joinpath(*address.strip("/").split("/")).read_bytes()
