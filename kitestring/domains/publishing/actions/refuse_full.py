"""Refuses at the desk an hour whose period has no place left in a quota: the due hour would only refuse it too late.

Asked where a person gives an hour. What comes back to its old hour by itself is judged when that comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kitestring.connectorkit.manifest import Quota
from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.accounts import accounts_by_id
from kitestring.domains.publishing.queries.quotas import Use, hold_places, overfull, use_of
from kitestring.domains.publishing.rules.periods import CALENDAR, PENDING, governs, kinds_on, quotas_for
from kitestring.domains.publishing.rules.quota_words import full_words, period_words, use_words
from kitestring.domains.publishing.rules.telling import manifest_of
from kitestring.kit.refusals import Refusal
from kitestring.ui.marks import account_name


def refuse_full(account: Account, kind: str, due_at: datetime, own: Delivery | None = None) -> None:
    """Raise Refusal beside the hour when others have every place there. `own`: the delivery that is given the hour.

    One that keeps to its period takes no place more, so it may move within it even where too many are planned.
    """
    manifest = manifest_of(account.channel)
    quotas = quotas_for(manifest, account.account_type, kind) if manifest else []
    if manifest is None or not quotas:
        return
    hold_places([account.pk])
    for quota in quotas:
        use = use_of(account, quota, manifest, due_at, without=own.pk if own else None, ahead=True)
        had = quotas_for(manifest, account.account_type, own.publish_kind) if own else []
        if use.full and not (own and quota in had and _stays(own, use, quota)):
            label = manifest.kind(kind).label.in_(get_language() or "en")
            raise _no_place(account, label, use)


def refuse_overfull(moved: Mapping[UUID, Mapping[UUID, datetime]]) -> None:
    """Raise Refusal where an account has not places enough for what was just moved there (account: delivery: hour)."""
    for account in accounts_by_id(moved).values():
        manifest = manifest_of(account.channel)
        for quota in manifest.quotas if manifest else ():
            if manifest is None or not governs(quota, account.account_type):
                continue
            hold_places([account.pk])
            if use := overfull(account, quota, manifest, moved[account.pk]):
                kind = next(iter(sorted(kinds_on(manifest, quota))))
                label = manifest.kind(kind).label.in_(get_language() or "en")
                raise _no_place(account, label, use)


def _stays(own: Delivery, use: Use, quota: Quota) -> bool:
    """It has a place in this very day or month already. In a span that rolls, every hour is another place."""
    return quota.window in CALENDAR and own.state in PENDING and use.starts <= own.due_at < use.ends


def _no_place(account: Account, label: str, use: Use) -> Refusal:
    period = period_words(use.quota.window, use.starts, use.zone)
    line = use_words(label, period, use.used, use.planned, use.limit)
    told = full_words(line, use.free_from, account.brand.zone)
    name = account_name(account)
    return Refusal(
        _("%(account)s: %(told)s") % {"account": name, "told": told}, reason="quota_full", field="due_at"
    )
