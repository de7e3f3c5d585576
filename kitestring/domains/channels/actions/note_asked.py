"""When an account's channel was asked last what people said there."""

from __future__ import annotations

from kitestring.domains.channels.models import Account
from kitestring.kit.clock import now


def note_asked(account: Account) -> None:
    """Before the asking: a channel in trouble is not asked sooner than a sound one."""
    account.inbox_asked_at = now()
    account.save(update_fields=["inbox_asked_at"])
