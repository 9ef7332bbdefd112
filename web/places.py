"""Reading which division somebody means, from a code or a name, without a script in the page."""

from __future__ import annotations

from suyuan.trace.errors import InvalidInput
from suyuan.trace.parties.divisions import Division, divisions

MOST_CHOICES = 12


class Ambiguous(InvalidInput):
    """Several divisions answer to what was written; ``choices`` are offered to choose from."""

    def __init__(self, choices: tuple[Division, ...], field: str) -> None:
        super().__init__("Several places have this name: choose one.", field)
        self.choices = choices


def division_of(text: str, field: str = "division") -> str:
    """The code of the division written as a code (540626) or a name (索县).

    Raises Ambiguous where several fit, InvalidInput where none does.
    """
    wanted = text.strip()
    known = divisions()
    if wanted in known:
        return wanted
    found = known.search(wanted.split()[-1] if wanted else "", limit=MOST_CHOICES)
    exact = [one for one in found if wanted in (one.name, known.name_path(one.code))]
    if len(exact or found) == 1:
        return (exact or list(found))[0].code
    if found:
        raise Ambiguous(found, field)
    raise InvalidInput(
        "No place of this name is known: give the county or township, or its code.", field
    )
