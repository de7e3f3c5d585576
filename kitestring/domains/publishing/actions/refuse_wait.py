"""Refuses an hour that lies in a wait a channel asked for, where the post would be late when that is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.accounts import waits_until
from kitestring.domains.publishing.rules.waiting import LONGEST_WAIT
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal
from kitestring.ui.formats import date_time

OURS: Final = timedelta(seconds=LONGEST_WAIT)


def refuse_wait(delivery: Delivery, due_at: datetime) -> None:
    """Raise Refusal beside the field. Waits of our own are short, and end before anything is late."""
    until = waits_until(delivery.account_id)
    if until is None or until - now() <= OURS or until - due_at <= timedelta(seconds=delivery.tolerance):
        return
    when = date_time(until, "medium", delivery.account.brand.zone)
    raise Refusal(
        _(
            "The channel asks this account to wait until %(when)s. Nothing was changed: choose an hour after that."
        )
        % {"when": when},
        reason="told_to_wait",
        field="due_at",
    )
