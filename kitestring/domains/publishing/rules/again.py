"""When something is tried or looked up again by itself, said to the minute in the brand's zone."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Protocol

from django.utils.translation import gettext as _

from kitestring.domains.publishing.rules.waiting import too_late
from kitestring.ui.formats import date_time, local, time


class Waits(Protocol):
    """What is known of a delivery that waits for its next turn."""

    state: str
    due_at: datetime
    tolerance: int
    not_before: datetime | None
    withdraw_asked: datetime | None


def again_at(delivery: Waits, account_waits: datetime | None, moment: datetime) -> datetime | None:
    """The hour of its next turn, where it is later than its own; None when there is none, or it may come any second.

    `account_waits`: until when nothing leaves the account, because the channel asked for that or after a try that failed.
    """
    waits: list[datetime | None] = []
    match delivery.state:
        case "unknown" | "processing":
            waits = [delivery.not_before]
        case "published" if delivery.withdraw_asked is not None:
            waits = [delivery.not_before]
        case "scheduled" | "partly_out":
            waits = [delivery.not_before, account_waits]
    at = max((one for one in waits if one is not None), default=None)
    if at is None or at <= moment or (delivery.state == "scheduled" and at <= delivery.due_at):
        return None
    return at


def again_words(
    delivery: Waits, account_waits: datetime | None, moment: datetime, zone: tzinfo | None = None
) -> str:
    """A sentence for the person; "" where no hour is known."""
    at = again_at(delivery, account_waits, moment)
    if at is None:
        return ""
    same_day = local(at, zone).date() == local(moment, zone).date()
    given = {"time": time(at, zone), "when": date_time(at, "short", zone)}
    if delivery.state == "unknown":
        text = (
            _("It will be looked up again at %(time)s.")
            if same_day
            else _("It will be looked up again on %(when)s.")
        )
    elif delivery.state == "processing":
        text = (
            _("The channel will be asked again at %(time)s.")
            if same_day
            else _("The channel will be asked again on %(when)s.")
        )
    elif delivery.state == "scheduled" and too_late(delivery.due_at, at, delivery.tolerance):
        text = (
            _("It cannot go out before %(time)s, later than it allows: somebody is asked what becomes of it.")
            if same_day
            else _(
                "It cannot go out before %(when)s, later than it allows: somebody is asked what becomes of it."
            )
        )
    elif delivery.state == "scheduled" and delivery.not_before is None:
        text = (
            _("This account has to wait until %(time)s; it goes out then.")
            if same_day
            else _("This account has to wait until %(when)s; it goes out then.")
        )
    else:
        text = _("Next try at %(time)s.") if same_day else _("Next try on %(when)s.")
    return text % given
