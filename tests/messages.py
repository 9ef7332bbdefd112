"""Finds every text of the program that people may read, so that none is left untranslated.

Two kinds: texts given to gettext and its kin, in Python and in templates, and the messages of the
error family, which an edge translates when it answers.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import normalize
from jinja2.ext import babel_extract

from suyuan.web.catalogues import merged

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
    "N_": None,
}
JINJA = {"trimmed": "true", "silent": "false"}
FAMILY = {"SuyuanError": 0, "Fault": 1}
"""The error family's classes, each with the position of its message."""

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("api", "labels", "suyuan/agent", "suyuan/commands", "trace", "web")


@dataclass(frozen=True)
class Text:
    """A text for people, and where it stands."""

    key: str
    file: Path
    line: int


def untranslated(language: str) -> list[Text]:
    """Every text of the program that ``language`` has no words for, in order of file and line."""
    python = [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    python += (ROOT / "suyuan").glob("*.py")
    templates = (ROOT / "web" / "templates").rglob("*.html")
    catalogue = merged(language)
    missing = [text for text in texts(python, templates) if catalogue.get(text.key) is None]
    return sorted(missing, key=lambda text: (text.file, text.line))


def texts(python: Iterable[Path], templates: Iterable[Path]) -> list[Text]:
    """Every translatable text in these files."""
    sources = {file: ast.parse(file.read_bytes()) for file in python}
    classes = error_classes(sources.values())
    found = [text for file in sources for text in _marked(file, "python")]
    found += [text for file in templates for text in _marked(file, "jinja")]
    found += [
        text for file, tree in sources.items() for text in _error_messages(file, tree, classes)
    ]
    return found


def error_classes(trees: Iterable[ast.Module]) -> dict[str, int | None]:
    """The error family with every subclass in ``trees``, each with its message's position.

    None stands for a class that has an ``__init__`` of its own: there the message is.
    """
    classes = {
        node.name: node
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    family: dict[str, int | None] = dict(FAMILY)
    while more := {
        name: 0
        for name, node in classes.items()
        if name not in family and any(_name(base) in family for base in node.bases)
    }:
        family.update(more)
    for name, node in classes.items():
        if name in family and name not in FAMILY and _has_own_init(node):
            family[name] = None
    return family


def _has_own_init(node: ast.ClassDef) -> bool:
    return any(isinstance(item, ast.FunctionDef) and item.name == "__init__" for item in node.body)


def _marked(file: Path, kind: str) -> Iterator[Text]:
    with file.open("rb") as opened:
        # babel and jinja2 describe the same function with types of their own
        method: Any = babel_extract if kind == "jinja" else kind
        options = JINJA if kind == "jinja" else {}
        for line, message, _, _ in extract(method, opened, KEYWORDS, options=options):
            # a plural is found under its singular
            key = message[0] if isinstance(message, tuple) else message
            yield Text(key, file, line)


def _error_messages(file: Path, tree: ast.Module, classes: dict[str, int | None]) -> Iterator[Text]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            position = classes.get(_name(node.func))
            if position is not None:
                yield from _literal(file, _argument(node, position))
        if isinstance(node, ast.ClassDef) and node.name in classes:
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__":
                    yield from _literal(file, _argument(call, 0))


def _argument(call: ast.Call, position: int) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == "message":
            return keyword.value
    return call.args[position] if len(call.args) > position else None


def _literal(file: Path, argument: ast.expr | None) -> Iterator[Text]:
    if isinstance(argument, ast.IfExp):
        yield from _literal(file, argument.body)
        yield from _literal(file, argument.orelse)
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield Text(argument.value, file, argument.lineno)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def main() -> None:
    """Print the texts that have no Chinese as entries to fill in."""
    written = set()
    for text in untranslated("zh"):
        if text.key not in written:
            written.add(text.key)
            print(f"#: {text.file.relative_to(ROOT).as_posix()}:{text.line}")
            print(f'msgid {normalize(text.key)}\nmsgstr ""\n')


if __name__ == "__main__":
    main()
