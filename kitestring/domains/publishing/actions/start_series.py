"""Makes a post recur on all its accounts by a rule, from now on: each time a delivery of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.channels.models import AccountState
from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.actions.refuse_unruly import refuse_unruly
from kitestring.domains.composing.models import Post, Revision
from kitestring.domains.composing.queries import post_for, variants_of
from kitestring.domains.publishing.actions.make_ahead import make_ahead
from kitestring.domains.publishing.actions.refuse_unfit import refuse_unfit
from kitestring.domains.publishing.models import Series, SeriesKind
from kitestring.domains.publishing.queries.series import last_out, standing_series
from kitestring.domains.publishing.rules.frozen import frozen_for
from kitestring.domains.publishing.rules.recurrence import Rule, next_ones
from kitestring.domains.publishing.rules.rule_faults import faults
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Conflict, Refusal
from kitestring.ui.marks import account_name


@transaction.atomic
def start_series(member: Member, post: Post, rule: Rule) -> Series:
    """Raises Refusal beside the field for a rule that makes no sense, for no accounts, or for what a channel never takes;
    Conflict when the post recurs already.
    """
    require(member, "series.change")
    locked = post_for(member, post.pk, lock=True)
    if standing_series(member, locked) is not None:
        raise Conflict(_("This post is recurring already. Nothing was changed: change how it recurs."))
    revision = frozen_to_recur(member, locked)
    zone = locked.brand.timezone
    series = Series(kind=SeriesKind.RECURRING, brand=locked.brand, post=locked, zone_key=zone, made_to=now())
    take_rule(member, series, rule, revision)
    series.save(force_insert=True)
    record(member, "series.start", locked, after=told_of(series))
    make_ahead(series)
    return series


def take_rule(member: Member, series: Series, rule: Rule, revision: Revision) -> None:
    """Give the series this rule and these words, from this moment on. Raises Refusal beside the field that is wrong."""
    zone = series.brand.zone
    today = now().astimezone(zone).date()
    for fault in faults(rule, today):
        raise Refusal(fault.told, reason="no_rule", field=fault.field)
    series.every, series.at, series.starts = rule.every, rule.at, rule.starts
    series.weekdays, series.interval, series.month_day = list(rule.weekdays), rule.interval, rule.month_day
    series.until, series.times = rule.until, rule.times
    series.apart = series.same_apart = apart_of(rule)
    series.zone_key, series.revision, series.made_by = zone.key, revision, member
    series.made_to = floor_of(series.post_id, rule)
    series.changed_at = now()
    if not next_ones(rule, zone, series.made_to, 1):
        raise Refusal(
            _("By this rule it never goes out from now on. Nothing was changed: choose a later end."),
            reason="no_rule",
            field="times" if rule.times else "until",
        )


def apart_of(rule: Rule) -> int:
    """The least seconds between two of its times on one account: half of the shortest way from one to the next."""
    return int(rule.shortest().total_seconds()) // 2


def floor_of(post_id: UUID | None, rule: Rule) -> datetime:
    """From when on a rule may begin: now, and not too near to the last time the post went out."""
    last = last_out(post_id) if post_id else None
    return now() if last is None else max(now(), last + rule.shortest() / 2)


def frozen_to_recur(member: Member, post: Post) -> Revision:
    """The locked post as it stands. Raises Refusal where an account could never take it."""
    variants = variants_of(post)
    if not variants:
        raise Refusal(_("Choose at least one account first. Nothing was scheduled."), field="accounts")
    revision = freeze(post, member)
    for variant in variants:
        account = variant.account
        if account.state == AccountState.DISCONNECTED:
            raise Refusal(
                _("%(account)s is not connected. Nothing was scheduled: connect it again.")
                % {"account": account_name(account)},
                field="accounts",
            )
        payload = frozen_for(revision.content, account.pk)
        if payload is not None:
            refuse_unfit(account, payload["kind"], payload)
            refuse_unruly(account, payload)
    return revision


def told_of(series: Series) -> dict[str, Any]:
    """A series for the record of changes."""
    told = {
        "state": series.state,
        "every": series.every,
        "time": series.at.strftime("%H:%M") if series.at else "",
        "weekdays": [str(day) for day in series.weekdays],
        "interval": series.interval,
        "month_day": series.month_day,
        "starts_on": series.starts.isoformat(),
        "ends_on": series.until.isoformat() if series.until else "",
        "times": series.times or 0,
    }
    kept = {"week": ("weekdays", "interval"), "month": ("month_day",)}.get(series.every, ())
    other = {"weekdays", "interval", "month_day"} - set(kept)
    return {key: value for key, value in told.items() if key not in other and value not in ("", 0, [])}
