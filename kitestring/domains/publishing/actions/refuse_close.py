"""Refuses at the desk an hour too near to another of the series, or of the account: the due hour would leave it out."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.series import moments_near, others_near, series_of
from kitestring.kit.refusals import Refusal
from kitestring.ui.formats import date_time, duration


def refuse_close(delivery: Delivery, due_at: datetime) -> None:
    """Raise Refusal beside the hour. What belongs to no series may go at any hour."""
    series = series_of(delivery)
    if series is None:
        return
    for moment, same_post in moments_near(delivery, series):
        apart = series.same_apart if same_post else series.apart
        if abs((moment - due_at).total_seconds()) < apart:
            raise Refusal(
                _(
                    "Too near to the one of %(when)s: at least %(apart)s lie between two of them on one account. "
                    "Nothing was changed: choose another hour, or skip one of them."
                )
                % {"when": date_time(moment, "weekday", series.brand.zone), "apart": duration(apart)},
                reason="too_close",
                field="due_at",
            )
    for moment in others_near(delivery, due_at):
        if abs((moment - due_at).total_seconds()) < delivery.account.apart:
            raise Refusal(
                _(
                    "Too near to the post of %(when)s: what comes round keeps %(apart)s from any other post of this "
                    "account. Nothing was changed: choose another hour."
                )
                % {
                    "when": date_time(moment, "weekday", series.brand.zone),
                    "apart": duration(delivery.account.apart),
                },
                reason="too_close",
                field="due_at",
            )
