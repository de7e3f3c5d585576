"""The end of a connect link: nobody agrees by it any more."""

from __future__ import annotations

from kitestring.domains.channels.models import ConnectLink
from kitestring.kit.clock import now


def end_link(link: ConnectLink) -> None:
    """Called inside a transaction. Ending twice changes nothing."""
    if link.ended_at is None:
        link.ended_at = now()
        link.save(update_fields=["ended_at"])
