"""The texts that the script of ``/verify`` shows, in the language of the page being made."""

from __future__ import annotations

from flask_babel import gettext

from suyuan.web.verify.alarms import Texts, alarms


def texts() -> Texts:
    """Every text by the name that the script has for it; gaps are left for the script to fill."""
    return {
        "alarms": alarms(),
        "faults": _faults(),
        "issued": _issued(),
        "wrong": _wrong(),
        "copied": _copied(),
        "lists": _lists(),
        "trouble": _trouble(),
        "said": _said(),
        "works": _works(),
        "questions": gettext("Three questions, answered apart"),
        "call": gettext("Call the supervision line"),
        "trace-code": gettext("Trace code"),
        "lot": gettext("Lot"),
        "serial": gettext("Serial of this package"),
        "full-page": gettext("Origin, papers and history"),
        "needs-network": gettext("needs network"),
    }


def _faults() -> Texts:
    """What is wrong with a code or a number as it is written; the same as on the server."""
    not_a_code = gettext("This is not written like a code of a label.")
    return {
        "character": gettext(
            'A trace code has digits only; "{character}" is none. A letter O may be a 0.'
        ),
        "length": gettext("A trace code has {should} digits; here are {is_}."),
        "serial-character": gettext(
            'A serial has digits only; "{character}" is none. A letter O may be a 0.'
        ),
        "serial-length": gettext("The serial of a package has {should} digits; here are {is_}."),
        "check-digit": gettext(
            "The digits do not fit together: one of them is mistyped. Compare with the label."
        ),
        "gtin-check-digit": gettext("The check digit of the GTIN is {is_}, it should be {should}."),
        "not-a-code": not_a_code,
        "not-a-path": not_a_code,
        "number-too-large": gettext("The number in this code is larger than any."),
        "not-https": gettext("A code of this host begins with https."),
    }


def _issued() -> Texts:
    return {
        "question": gettext("Who issued this code?"),
        "good": gettext("The code is real: issued by %(issuer)s."),
        "good-means": gettext(
            "Its signature is right. That tells who issued the code, and nothing of how good or "
            "safe the product is."
        ),
        "by-directory": gettext("By the list of keys of %(time)s."),
        "revoked": gettext("Signed with a key of %(issuer)s that was revoked."),
        "unsigned": gettext("Not checked: there is no signature here."),
        "unsigned-means": gettext(
            "A code that is typed or sent on carries none. Scan the symbol on the package to see "
            "who issued it."
        ),
    }


def _wrong() -> Texts:
    return {
        "question": gettext("Is anything wrong with it?"),
        "recalled": gettext("Yes: it is recalled."),
        "voided": gettext("Yes: the label was declared void."),
        "held": gettext("Yes: it is on hold."),
        "paper-revoked": gettext("Yes: a paper behind it was revoked."),
        "expired-early": gettext("Yes: its last day was brought forward."),
        "as-of": gettext("As of %(time)s."),
        "clear": gettext("Not recalled as of %(time)s."),
        "clear-means": gettext(
            "Nor on hold, declared void or leaning on a revoked paper, by the list on this phone. "
            "What was ordered later is not in it. Its own date stands on the package."
        ),
        "unlisted": gettext("Not in the list of recalls of %(time)s."),
        "unlisted-means": gettext(
            "Whether such a code was ever issued cannot be told without its signature or network."
        ),
        "unknown": gettext("Not known now."),
        "no-list": gettext("There is no list of recalls here to look into."),
        "old-list": gettext(
            "It was not in the list of %(time)s, but that list does not count now: the reason "
            "stands above."
        ),
    }


def _copied() -> Texts:
    return {
        "question": gettext("Could it be a copy?"),
        "offline": gettext("Cannot be told without network."),
        "offline-means": gettext(
            "Whoever copies a label copies its signature. How often this code was opened, the full "
            "page tells."
        ),
        "batch": gettext("This code cannot tell."),
        "batch-means": gettext(
            "It stands for the whole batch, so many packages carry the same one."
        ),
    }


def _lists() -> Texts:
    return {
        "directory": gettext("List of keys"),
        "status": gettext("List of recalls"),
        "directory-of": gettext("number %(seq)s of %(time)s, counts until %(until)s"),
        "status-of": gettext("number %(seq)s of %(time)s, counts until %(until)s"),
        "none": gettext("none yet"),
    }


def _trouble() -> Texts:
    """Why what the site offered was not taken."""
    tampered = gettext(
        "The site offered a list that does not fit its signature. It was not taken; what was here "
        "before stays. Tell the supervision line."
    )
    return {
        "directory-older": gettext(
            "The site offered an older list of keys (number %(is)s; %(should)s was here before). "
            "It was not taken."
        ),
        "status-older": gettext(
            "The site offered an older list of recalls (number %(is)s; %(should)s was here "
            "before). It was not taken."
        ),
        "status-other-origin": gettext(
            "The site offered the list of recalls of %(is)s; its keys are those of %(should)s. "
            "It was not taken."
        ),
        "directory-refused": tampered,
        "status-refused": tampered,
        "other-root": gettext(
            "The site shows another root key than at the first visit, and nothing that the old one "
            "has signed introduces it. Its lists were not taken. Ask the supervision line before "
            "you forget what is kept here."
        ),
        "no-signature-check": gettext(
            "This browser cannot check signatures, so no list can be believed."
        ),
    }


def _said() -> Texts:
    return {
        "reading": gettext("Looking for the symbol …"),
        "no-symbol": gettext(
            "No symbol was found in this picture. Take it from nearer, with light from the side."
        ),
        "no-picture": gettext("This file is no picture that the browser can open."),
        "no-decoder": gettext(
            "This browser cannot read symbols, and the reader is not on this phone yet. Type the "
            "trace code, or come back with network."
        ),
        "camera-needs-https": gettext(
            "The camera can be used where this page is opened by https. Take a photo instead."
        ),
        "camera-forbidden": gettext(
            "This page may not use the camera. Allow it in the browser, or take a photo instead."
        ),
        "no-camera": gettext("No camera was found. Take a photo instead, or type the trace code."),
        "no-network": gettext("There is no network now. What is on this phone stays."),
    }


def _works() -> Texts:
    return {
        "ready": gettext("This page is kept on the phone and opens without network."),
        "keeping": gettext("The page is being put on the phone …"),
        "not-kept": gettext("This browser does not keep the page: it opens with network only."),
        "needs-https": gettext(
            "Without https the browser allows no camera and does not keep the page for use "
            "without network."
        ),
        "no-decoder": gettext(
            "This browser has no reader of symbols, and this site serves none: type the trace code."
        ),
        "no-signature-check": gettext(
            "This browser cannot check signatures, and this site serves no script that can."
        ),
    }
