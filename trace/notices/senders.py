"""The seam through which messages leave: one sender for each way there is, by settings.

Where a channel has no sender, its messages stay in the outbox and are read there: that is so of
text messages without a gateway, for which each county has a provider of its own, and of mail
without a server.
"""

from __future__ import annotations

from collections.abc import Mapping

from suyuan.trace.notices.destinations import Sender
from suyuan.trace.notices.mail import MailSender
from suyuan.trace.notices.messages import sending
from suyuan.trace.notices.sms import SmsSender, read_secret, read_template
from suyuan.trace.notices.webhook import WebhookSender
from suyuan.trace.settings import Settings


def senders_of(settings: Settings, secret: bytes) -> Mapping[str, Sender]:
    """The channels that are sent by these settings; ``secret`` is the installation's."""
    found: dict[str, Sender] = {
        "webhook": WebhookSender(secret, settings.webhook_hosts, sending().seconds)
    }
    if settings.smtp_url:
        found["email"] = MailSender(settings.smtp_url, settings.mail_from, sending().seconds)
    if settings.sms_url:
        found["sms"] = SmsSender(
            settings.sms_url,
            read_secret(settings.sms_secret_file),
            read_template(settings.sms_template),
            settings.webhook_hosts,
            sending().seconds,
        )
    return found
