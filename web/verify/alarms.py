"""What ``/verify`` says first and large, where a code or the lists are not in order."""

from __future__ import annotations

from typing import TypeAlias

from flask_babel import gettext

Texts: TypeAlias = "dict[str, str | Texts]"


def alarms() -> Texts:
    """Title and what to do, by what is the matter."""
    return {**_wrong(), **_unclear(), **_doubts()}


def _alarm(title: str, do: str) -> Texts:
    return {"title": title, "do": do}


def _wrong() -> Texts:
    """What is wrong for sure."""
    distrust = gettext(
        "Do not trust the label. Keep the package, do not use what is in it, and call the "
        "supervision line."
    )
    return {
        "forged": _alarm(gettext("This code was not issued by who it seems"), distrust),
        "unknown-key": _alarm(
            gettext("This code was not issued by who it seems"),
            gettext(
                "It is signed with a key that the list on this phone does not have. Do not trust "
                "the label and call the supervision line. Only if the label is newer than the list "
                "may the key be: renew the list and scan again."
            ),
        ),
        "out-of-scope": _alarm(gettext("This code was not issued by who it seems"), distrust),
        "recalled": _alarm(
            gettext("Recalled"),
            gettext("Do not use it. Do not sell it. Keep the package and call the number below."),
        ),
        "voided": _alarm(
            gettext("This label was declared void"),
            gettext(
                "It should not be on any package. Do not trust what it is stuck on; keep it and "
                "call the number below."
            ),
        ),
        "held": _alarm(
            gettext("On hold"),
            gettext(
                "It may not be sold until this is cleared up. Do not use it before; call the "
                "number below if you have bought it."
            ),
        ),
        "paper-revoked": _alarm(
            gettext("A paper behind it was revoked"),
            gettext("Ask the seller or call the number below before you use it or sell it."),
        ),
        "expired-early": _alarm(
            gettext("Its last day was brought forward"),
            gettext("Do not use it or sell it, whatever date stands on the package."),
        ),
        "other-host": _alarm(
            gettext("This code names another site"),
            gettext(
                "Its signature is right, but the address %(host)s is not one that labels of ours "
                "carry. Open nothing else from there, and tell the supervision line where you "
                "found it."
            ),
        ),
    }


def _unclear() -> Texts:
    """What cannot be told of this code."""
    return {
        "revoked-key": _alarm(
            gettext("This code cannot be confirmed without network"),
            gettext(
                "The key that signed it was revoked. With network, the full page tells whether the "
                "label was printed before; until then do not trust it."
            ),
        ),
        "newer-format": _alarm(
            gettext("This code is of a newer kind"),
            gettext("Open this page once with network, so that it is brought up to date."),
        ),
        "malformed": _alarm(
            gettext("This is not written like a code of ours"),
            gettext(
                "A part may be lost or mistyped. Scan the symbol again, or type the trace code "
                "that stands below it."
            ),
        ),
        "mistyped": _alarm(
            gettext("This is no trace code"),
            gettext("Compare it with the label and type it again."),
        ),
        "no-signature-check": _alarm(
            gettext("This browser cannot check signatures"),
            gettext(
                "Nothing can be said of this code here. Use a newer browser, or the full page."
            ),
        ),
    }


def _doubts() -> Texts:
    """Why nothing may be shown as being in order now."""
    unsure = gettext("It cannot be said that this is in order")
    return {
        "no-directory": _alarm(
            unsure,
            gettext("This phone has no list of keys yet. Open this page once with network."),
        ),
        "no-status": _alarm(
            unsure,
            gettext("This phone has no list of recalls yet. Open this page once with network."),
        ),
        "status-late": _alarm(
            unsure,
            gettext(
                "The list of recalls on this phone is too old: a newer one is due. Go where there "
                "is network and renew it."
            ),
        ),
        "directory-late": _alarm(
            unsure,
            gettext("The list of keys on this phone has run out. Renew it with network."),
        ),
        "clock-behind": _alarm(
            unsure,
            gettext(
                "The clock of this phone is behind: it showed a later time before, or the lists on "
                "it are of a later time. Set date and time right; if they are right, renew the "
                "lists with network."
            ),
        ),
        "clock-wrong": _alarm(
            unsure,
            gettext(
                "The clock of this phone and that of the site differ. Set date and time right, "
                "then renew the lists."
            ),
        ),
    }
