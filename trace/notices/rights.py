"""Who may see a warning, and who may do what about it."""

from __future__ import annotations

from suyuan.trace.errors import Forbidden
from suyuan.trace.notices.levels import OWNER
from suyuan.trace.notices.rules import warning_rule
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.divisions import divisions

_HANDLE = "handle_warning"


def may_see(actor: Actor, warning: EarlyWarning) -> bool:
    """Whether this warning is for the actor's eyes: the owner's, where its rule tells it, and
    those of the regulators that are competent for what it is about."""
    own = actor.may_for("read_trade", warning.party)
    told = warning_rule(warning.rule).tells_owner or warning.level == OWNER
    return (own and told) or _supervises(actor, warning, warning.division, "read_trade")


def in_charge(actor: Actor, warning: EarlyWarning) -> bool:
    """Whether the warning is in the actor's hands: at the owner's level the owner's or a competent
    regulator's, above it a regulator's that is competent for the whole division it came to."""
    if warning.level != OWNER:
        return _supervises(actor, warning, warning.level_division, _HANDLE)
    own = actor.may_for(_HANDLE, warning.party)
    return own or _supervises(actor, warning, warning.division, _HANDLE)


def may_tell(actor: Actor, warning: EarlyWarning) -> bool:
    """Whether the actor may say what it did about the cause: who is in charge, and the owner."""
    return in_charge(actor, warning) or (
        may_see(actor, warning) and actor.may_for(_HANDLE, warning.party)
    )


def may_propose(actor: Actor, warning: EarlyWarning) -> bool:
    """Whether the actor may say what consumers should be told: a regulator who has it in hand."""
    return actor.party_kind == "regulator" and in_charge(actor, warning)


def may_publish(actor: Actor, warning: EarlyWarning) -> bool:
    """Whether the actor may have consumers told (食品安全法 Art. 118: authorised bodies only)."""
    return _supervises(actor, warning, warning.level_division, "publish_warning")


def require_in_charge(actor: Actor, warning: EarlyWarning) -> None:
    """Raises Forbidden unless the warning is in the actor's hands."""
    actor.require(_HANDLE)
    if not in_charge(actor, warning):
        raise Forbidden(
            "This warning is with {division} now: those who are competent there settle it."
            if warning.level != OWNER
            else "This warning is another organisation's.",
            "warning",
            division=divisions().get(warning.level_division).name,
        )


def _supervises(actor: Actor, warning: EarlyWarning, division: str, permission: str) -> bool:
    return (
        actor.party_kind == "regulator"
        and actor.may(permission)
        and actor.competent(division, warning.family, warning.stage)
    )
