"""What may stand in an address: anything else is no address of ours, and the answer is 404."""

from __future__ import annotations

from werkzeug.routing import BaseConverter


class UidConverter(BaseConverter):
    """The uid of a thing."""

    regex = "[0-9a-z]{26}"


class EventUidConverter(BaseConverter):
    """The uid of an event, which a client may have chosen."""

    regex = "[A-Za-z0-9_-]{8,64}"


class TraceCodeConverter(BaseConverter):
    """A trace code, without spaces or hyphens."""

    regex = "[0-9]{16}"


class CertificateConverter(BaseConverter):
    """The number of a commitment certificate, without hyphens."""

    regex = "[0-9]{22}"


CONVERTERS = {
    "uid": (UidConverter, "^[0-9a-z]{26}$"),
    "event_uid": (EventUidConverter, "^[A-Za-z0-9_-]{8,64}$"),
    "trace_code": (TraceCodeConverter, "^[0-9]{16}$"),
    "certificate": (CertificateConverter, "^[0-9]{22}$"),
}
"""By the name used in rules: the converter, and its pattern for the description."""
