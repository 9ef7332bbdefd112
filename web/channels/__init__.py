"""The same answer for those who have no page: as text, as a text message, read aloud, touched."""

from __future__ import annotations

from flask import Blueprint

from suyuan.trace.settings import Settings
from suyuan.web.channels import kiosk, messages, text
from suyuan.web.protection import Limit

blueprint = Blueprint("channels", __name__)
blueprint.add_url_rule("/t/<code>.txt", "text", text.about)
blueprint.add_url_rule("/t/<code>/<serial>.txt", "text", text.about)
blueprint.add_url_rule("/kiosk", "kiosk", kiosk.kiosk)
blueprint.add_url_rule("/messages/asked", "message", messages.asked, methods=["POST"])


def limits(settings: Settings) -> list[Limit]:
    """How often one gateway may hand over messages."""
    return [Limit("channels.message", settings.rate_api)]
