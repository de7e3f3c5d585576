"""Gives a recurring post another rule, and the words as they stand now, from now on. What is out or on its way stays."""

from __future__ import annotations

import json
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.domains.composing.models import Revision
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.actions.keep_word import follow_rule, said_of
from kitestring.domains.publishing.actions.make_ahead import AHEAD, make_ahead
from kitestring.domains.publishing.actions.standing import standing
from kitestring.domains.publishing.actions.start_series import frozen_to_recur, take_rule, told_of
from kitestring.domains.publishing.actions.unmake import unmake
from kitestring.domains.publishing.models import Series, SeriesState
from kitestring.domains.publishing.queries.deliveries import UNSENT
from kitestring.domains.publishing.queries.series import carried_by_revision
from kitestring.domains.publishing.rules.recurrence import Rule, occurrences
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal

BRING: Final = f"""
UPDATE publishing_delivery d SET revision_id = %(revision)s, payload = %(payload)s::jsonb,
    publish_kind = %(kind)s, made_by_id = %(by)s, changed_at = ks_now()
WHERE d.series_id = %(series)s AND d.account_id = %(account)s
  AND (d.state IN ('scheduled', 'held') OR d.state = 'cancelled' AND d.reason = 'skipped')
  AND d.due_at > ks_now() AND {UNSENT}"""


@transaction.atomic
def change_series(member: Member, series_id: UUID, rule: Rule) -> Series:
    """Raises what `start_series` raises, and Conflict when the series has ended meanwhile.

    An hour that both rules name keeps its delivery; what a person moved, held or skipped is so at the new hour of
    its day too, also where the series is paused meanwhile.
    """
    require(member, "series.change")
    series = standing(member, series_id)
    if series.post is None:
        raise Refusal("", reason="not_found")
    before, zone, said = told_of(series), series.zone_key, said_of(series)
    post = post_for(member, series.post.pk, lock=True)
    revision = frozen_to_recur(member, post)
    take_rule(member, series, rule, revision)
    named = {one.hour.date(): one for one in occurrences(rule, series.zone, series.made_to, now() + AHEAD)}
    keep = {one.name for one in named.values()} if series.zone_key == zone else set()
    unmake(series, "series_changed", keep=keep, spare=follow_rule(series, said, named), due_too=False)
    _bring(member, series, revision)
    series.save()
    record(member, "series.change", post, before=before, after=told_of(series))
    if series.state == SeriesState.RUNNING:
        make_ahead(series)
    return series


def _bring(member: Member, series: Series, revision: Revision) -> None:
    """The new words to what stays; an account that is no longer among them loses what was made for it."""
    carried = carried_by_revision(revision)
    with connection.cursor() as cursor:
        for account, payload in carried:
            given: dict[str, Any] = {
                "series": series.pk,
                "account": account.pk,
                "revision": revision.pk,
                "payload": json.dumps(payload),
                "kind": payload["kind"],
                "by": member.pk,
            }
            cursor.execute(BRING, given)
