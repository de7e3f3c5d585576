"""One judgement of everything that is due: may it leave now, and if not, which check fails. As SQL, on the database's clock.

Claiming, setting aside and releasing all read this same text, so they cannot disagree.
"""

from __future__ import annotations

import json
from typing import Any, Final

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.registry import Connector
from kitestring.domains.publishing.rules.waiting import LONGEST_WAIT
from kitestring.domains.workspaces.permissions import TABLE

# What is held for any other reason (a pause, a grant that ended, in whatever words the channel said it) comes free
# by itself when the judgement finds its cause gone.
HELD_BY_HAND: Final = ("held_by_person", "approval_void", "file_unfit", "file_not_made")
HELD_REASONS: Final = ("workspace_paused", "brand_paused", "account_paused", "grant_expired", "series_paused")
# A platform counts its days and months by its own midnight, where the manifest says which that is.
ZONE: Final = "coalesce(nullif(q.zone, ''), b.timezone)"
WINDOWS: Final = f"""CASE q.span
    WHEN 'day' THEN date_trunc('day', ks_now() AT TIME ZONE {ZONE}) AT TIME ZONE {ZONE}
    WHEN 'month' THEN date_trunc('month', ks_now() AT TIME ZONE {ZONE}) AT TIME ZONE {ZONE}
    WHEN 'hour' THEN ks_now() - interval '1 hour'
    ELSE ks_now() - interval '24 hours' END"""

FACTS: Final = """
facts AS (SELECT * FROM jsonb_to_recordset(%(channels)s::jsonb)
    AS f(channel text, mode text, pace_calls float8, pace_seconds float8)),
quotas AS (SELECT * FROM jsonb_to_recordset(%(quotas)s::jsonb)
    AS q(channel text, key text, kinds text[], account_types text[], allowed int, span text, zone text))"""

# Two brands may have the same presence: the platform counts what goes out there, for whichever of them.
SHARING: Final = """(SELECT t.id FROM channels_account t
                WHERE t.workspace_id = a.workspace_id AND t.channel = a.channel AND t.remote_id = a.remote_id)"""
PRESENCE: Final = "concat_ws(' ', a.workspace_id, a.channel, a.remote_id) AS presence"
# The account is found by its key for each row: a planner that takes the table for small would read all of it each time.
JOINED: Final = f"""
    JOIN LATERAL (SELECT *, xmin AS version FROM channels_account WHERE id = d.account_id OFFSET 0) a ON true
    JOIN brands_brand b ON b.id = a.brand_id
    JOIN workspaces_workspace w ON w.id = a.workspace_id
    LEFT JOIN workspaces_member m ON m.id = d.made_by_id
    LEFT JOIN facts f ON f.channel = a.channel
    LEFT JOIN LATERAL (
        SELECT q.key, q.allowed FROM quotas q
        WHERE q.channel = a.channel AND CASE WHEN d.part > 0 THEN 'reply' ELSE d.publish_kind END = ANY(q.kinds)
          AND (cardinality(q.account_types) = 0 OR a.account_type = ANY(q.account_types))
          AND q.allowed <= (
            SELECT count(*) FROM publishing_delivery x
            WHERE x.account_id IN {SHARING} AND x.publish_kind = ANY(q.kinds) AND (x.id <> d.id OR d.part > 0)
              AND (x.counted_at >= {WINDOWS}
                   OR x.counted_at IS NULL AND x.state IN ('published', 'withdrawn') AND x.published_at >= {WINDOWS})
          ) + (
            SELECT count(*) FROM publishing_part y
            WHERE 'reply' = ANY(q.kinds) AND y.account_id IN {SHARING} AND y.counted_at >= {WINDOWS}
              AND NOT (y.delivery_id = d.id AND y.place = d.part))
        LIMIT 1) used ON true"""

# Changes whenever a row does that the account's session is made of: whoever has it open need not read them again.
GRANT: Final = """LEFT JOIN LATERAL (
        SELECT xmin AS version FROM channels_storedgrant WHERE account_id = d.account_id OFFSET 0) g ON true"""
VERSION: Final = "concat_ws('-', a.version, g.version, b.xmin, w.xmin)"

# Another of its series, or the same post, went out on this account (or may have) too short a time before; or any other
# did, and the account asks for more distance. What a person planned for soon after has the hour too. The account's
# distance is counted in whole minutes, as it is given: a post of 09:00 leaves some moments after.
OUT_AT: Final = "coalesce(x.counted_at, x.published_at)"
OWN_APART: Final = "CASE WHEN x.subject_id = d.subject_id THEN s.same_apart ELSE s.apart END"
OF_SERIES: Final = f"""FROM publishing_series s JOIN publishing_delivery x
          ON x.account_id = d.account_id AND x.kind = d.kind AND x.id <> d.id
          AND (x.series_id = s.id OR x.subject_id = d.subject_id)
        WHERE s.id = d.series_id AND {OUT_AT} > ks_now() - make_interval(secs => {OWN_APART})"""
OF_ACCOUNT: Final = f"""FROM publishing_delivery x
        WHERE a.apart > 0 AND x.account_id = d.account_id AND x.kind = d.kind AND x.id <> d.id
          AND (date_trunc('minute', {OUT_AT}) > date_trunc('minute', ks_now()) - make_interval(secs => a.apart)
            OR x.state IN ('scheduled', 'handed_off') AND x.series_id IS NULL
              AND x.due_at >= ks_now() - make_interval(secs => x.tolerance)
              AND x.due_at < date_trunc('minute', ks_now()) + make_interval(secs => a.apart))"""
TOO_CLOSE: Final = f"(EXISTS (SELECT 1 {OF_SERIES}) OR a.apart > 0 AND EXISTS (SELECT 1 {OF_ACCOUNT}))"
# The same as JSON, for whoever tells it: the nearest of them, how many seconds away (below 0: before), and what is asked
# by whom (`rules/near_words.py`). NULL where nothing is too near.
NAME: Final = "left(coalesce(nullif({0}.payload ->> 'title', ''), {0}.payload ->> 'text', ''), 80)"
NEAREST: Final = f"""(SELECT jsonb_build_object('near', n.id, 'post', n.post, 'gap', trunc(n.gap), 'wants', n.wants, 'by', n.by)
    FROM (SELECT x.id, {NAME.format("x")} AS post, extract(epoch FROM {OUT_AT} - ks_now()) AS gap, {OWN_APART} AS wants,
            CASE WHEN x.subject_id = d.subject_id THEN 'same' ELSE 'series' END
            || CASE WHEN x.published_at IS NULL THEN '_perhaps' ELSE '' END AS by {OF_SERIES}
        UNION ALL
        SELECT x.id, {NAME.format("x")}, extract(epoch FROM
            date_trunc('minute', coalesce({OUT_AT}, x.due_at)) - date_trunc('minute', ks_now())), a.apart, 'account'
            {OF_ACCOUNT}) n
    ORDER BY abs(n.gap), n.wants DESC LIMIT 1)"""

# A yes counts while the post still says what it was given to: an edit whose voiding is still under way, or was lost
# with the job table, must not let the old words out.
SINCE: Final = "CASE WHEN d.part > 0 THEN d.part_since ELSE d.due_at END"
# The channel asked for a wait, longer than any of our own, at whose end it would be late: that is known now, so nobody
# hears of it only then. It is the account's wait, whichever of its posts was answered so.
WAITS_UNTIL: Final = (
    "greatest(d.not_before, (SELECT l.not_before FROM publishing_lane l WHERE l.account_id = d.account_id))"
)
WAITS_TOO_LONG: Final = f"""(coalesce({WAITS_UNTIL} - {SINCE} > make_interval(secs => d.tolerance), false)
    AND {WAITS_UNTIL} - ks_now() > interval '{LONGEST_WAIT + 1:.0f} seconds')"""
FAILING: Final = f"""CASE
    WHEN w.paused_at IS NOT NULL THEN 'workspace_paused'
    WHEN b.paused_at IS NOT NULL THEN 'brand_paused'
    WHEN a.paused_at IS NOT NULL THEN 'account_paused'
    WHEN a.state = 'expired' THEN 'grant_expired'
    WHEN b.archived_at IS NOT NULL THEN 'brand_archived'
    WHEN a.state <> 'connected' THEN 'account_disconnected'
    WHEN f.channel IS NULL THEN 'no_connector'
    WHEN ks_now() - {SINCE} > make_interval(secs => d.tolerance) THEN 'late'
    WHEN d.series_id IS NOT NULL AND d.part = 0 AND EXISTS (
        SELECT 1 FROM publishing_series s WHERE s.id = d.series_id AND s.state = 'paused') THEN 'series_paused'
    WHEN d.series_id IS NOT NULL AND d.part = 0 AND {TOO_CLOSE} THEN 'too_close'
    WHEN d.kind = 'variant' AND NOT EXISTS (
        SELECT 1 FROM composing_variant v WHERE v.post_id = d.subject_id AND v.account_id = d.account_id) THEN 'variant_gone'
    WHEN m.id IS NOT NULL AND (m.left_at IS NOT NULL OR NOT m.role = ANY(
        CASE d.kind WHEN 'reply' THEN %(may_reply)s::text[] ELSE %(may_schedule)s::text[] END)) THEN 'not_permitted'
    WHEN d.needs_approval AND b.needs_approval AND NOT EXISTS (
        SELECT 1 FROM reviewing_approval p
        JOIN composing_revision r ON r.id = p.revision_id JOIN composing_post o ON o.id = r.post_id
        WHERE p.revision_id = d.revision_id AND p.state = 'approved' AND r.digest = o.digest)
        THEN 'not_approved'
    WHEN used.key IS NOT NULL THEN 'quota_used'
    ELSE '' END"""

DUE: Final = "d.due_at <= ks_now()"
UP: Final = f"(d.not_before IS NULL OR d.not_before <= ks_now() OR {WAITS_TOO_LONG})"
# `changed_at` goes with the verdict: whoever acts on it takes only the row that was judged. One that waited for a
# lock is looked at again by its own columns alone: moved to tomorrow meanwhile, it would leave today.
JUDGED: Final = f"""WITH {FACTS},
judged AS (
    SELECT d.id, d.account_id, d.due_at, d.changed_at, f.mode, f.pace_calls, f.pace_seconds,
        coalesce(nullif({FAILING}, ''), CASE WHEN {WAITS_TOO_LONG} THEN 'told_to_wait' ELSE '' END) AS failing,
        CASE WHEN used.key IS NULL THEN '{{}}'::jsonb
             ELSE jsonb_build_object('quota', used.key, 'limit', used.allowed) END
        || CASE WHEN {WAITS_TOO_LONG}
             THEN jsonb_build_object('until', to_char({WAITS_UNTIL} AT TIME ZONE b.timezone, 'YYYY-MM-DD HH24:MI'))
             ELSE '{{}}'::jsonb END AS params
    FROM publishing_delivery d {JOINED}
    WHERE d.state = %(state)s AND {DUE} AND {UP}
)"""

# Only the first of each account whose lane is free: of a slot with thousands of rows a claim looks at a few hundred. Of
# those due at the same second the account that waited longest: none is left to go out alone when all others are done.
# A lane waits while its calls are used up; one whose first may not leave waits until that is set aside. `look`: how many
# accounts; SCAN: how many due rows are read to find them (in the text, so that it is planned for so few).
# A sequence keeps its account's turn until its last part is out, so that nothing slips between. While a part of it is being
# processed or is in doubt it keeps it for ten minutes from then: what waits behind it would be late by then.
MIDWAY: Final = """EXISTS (
        SELECT 1 FROM publishing_delivery s WHERE s.account_id = l.account_id AND s.part_since IS NOT NULL
          AND s.state IN ('partly_out', 'sending', 'processing', 'unknown')
          AND (s.state = 'partly_out' OR greatest(s.part_since, s.doubt_since) > ks_now() - interval '10 minutes'))"""
TOKENS: Final = """least(f.pace_calls, coalesce(
        l.tokens + greatest(0, extract(epoch FROM (SELECT ks_now()) - l.filled_at)) * f.pace_calls / f.pace_seconds,
        f.pace_calls))"""
HEADS: Final = f"""WITH {FACTS},
due AS MATERIALIZED (
    SELECT account_id, min(due_at) AS first FROM (
        SELECT account_id, due_at FROM publishing_delivery
        WHERE state = 'scheduled' AND due_at <= (SELECT ks_now())
          AND (not_before IS NULL OR not_before <= (SELECT ks_now()))
        ORDER BY due_at{{SCAN}}) line
    GROUP BY account_id
),
free AS MATERIALIZED (
    SELECT l.account_id, due.first, l.filled_at AS last, f.mode, f.pace_calls, f.pace_seconds, {TOKENS} AS tokens
    FROM due JOIN publishing_lane l ON l.account_id = due.account_id
    CROSS JOIN LATERAL (
        SELECT facts.* FROM channels_account a JOIN facts ON facts.channel = a.channel AND facts.mode = 'api'
        WHERE a.id = due.account_id OFFSET 0) f
    WHERE (l.lease_until IS NULL OR l.lease_until < (SELECT ks_now()))
      AND (l.not_before IS NULL OR l.not_before <= (SELECT ks_now()))
      AND (f.pace_calls IS NULL OR {TOKENS} >= 1) AND NOT {MIDWAY}
    ORDER BY due.first, l.filled_at NULLS FIRST, due.account_id LIMIT %(look)s{{LOCKED}}
),
heads AS (
    SELECT h.*, free.tokens, free.first, free.last FROM free CROSS JOIN LATERAL (
        SELECT * FROM publishing_delivery
        WHERE account_id = free.account_id AND state = 'scheduled' AND due_at <= (SELECT ks_now())
          AND (not_before IS NULL OR not_before <= (SELECT ks_now()))
        ORDER BY due_at, id LIMIT 1) h
),
judged AS MATERIALIZED (
    SELECT d.id, d.first, d.last, d.account_id, d.changed_at, d.tokens, {PRESENCE}, {VERSION} AS version,
        {FAILING} AS failing
    FROM heads d {JOINED} {GRANT}
)"""

# The sequences whose next part may be sent: one an account, whose lane nobody has. What was live under an address alone
# has no id that anything could stand under; such rows wait for a person.
MIDWAYS: Final = f"""WITH {FACTS},
midway AS MATERIALIZED (
    SELECT DISTINCT ON (account_id) * FROM publishing_delivery
    WHERE part_since IS NOT NULL AND state = 'partly_out' AND (not_before IS NULL OR not_before <= (SELECT ks_now()))
    ORDER BY account_id, part_since, id
),
free AS MATERIALIZED (
    SELECT l.account_id, {TOKENS} AS tokens
    FROM midway JOIN publishing_lane l ON l.account_id = midway.account_id
    CROSS JOIN LATERAL (
        SELECT facts.* FROM channels_account a JOIN facts ON facts.channel = a.channel AND facts.mode = 'api'
        WHERE a.id = midway.account_id OFFSET 0) f
    WHERE (l.lease_until IS NULL OR l.lease_until < (SELECT ks_now()))
      AND (l.not_before IS NULL OR l.not_before <= (SELECT ks_now()))
      AND (f.pace_calls IS NULL OR {TOKENS} >= 1)
    ORDER BY midway.part_since LIMIT %(look)s{{LOCKED}}
),
judged AS (
    SELECT d.id, d.part_since, d.account_id, d.changed_at, free.tokens, {PRESENCE}, {VERSION} AS version,
        {FAILING} AS failing
    FROM free JOIN midway d ON d.account_id = free.account_id {JOINED} {GRANT}
)"""


def first_of_each(order: str) -> str:
    """What may leave now, at most one for each presence: all are judged on one state of the quota, and the next sees this one's
    place. `order`: of `judged`."""
    return f"""SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY presence ORDER BY {order}) AS nth
    FROM judged WHERE failing = '') fit WHERE nth = 1 ORDER BY {order} LIMIT %(limit)s"""


_kept: tuple[tuple[Connector, ...], tuple[str, str]] = ((), ("[]", "[]"))


def _channels() -> tuple[str, str]:
    """The manifests' facts as JSON, written anew when the registry is no longer the one they were written from."""
    global _kept
    connectors = tuple(registry.connectors().values())
    if _kept[0] != connectors:
        _kept = (connectors, _written([c.manifest for c in connectors]))
    return _kept[1]


def _written(manifests: list[Manifest]) -> tuple[str, str]:
    channels = [
        {
            "channel": m.slug,
            "mode": m.mode,
            "pace_calls": m.pace.calls if m.pace else None,
            "pace_seconds": m.pace.seconds if m.pace else None,
        }
        for m in manifests
    ]
    return json.dumps(channels), json.dumps([q for m in manifests for q in quotas_of(m)])


def quotas_of(manifest: Manifest) -> list[dict[str, Any]]:
    """Each quota of a channel with the publish kinds that draw on it."""
    kinds = [*manifest.kinds, manifest.reply, manifest.message]
    return [
        {
            "channel": manifest.slug,
            "key": quota.key,
            "kinds": [k.key for k in kinds if k is not None and k.quota == quota.key],
            "account_types": list(quota.account_types),
            "allowed": quota.limit,
            "span": quota.window,
            "zone": quota.zone,
        }
        for quota in manifest.quotas
    ]


def parameters(state: str = "scheduled") -> dict[str, Any]:
    """What `JUDGED` wants to be given: the manifests' facts and who may schedule. `state`: which rows are judged."""
    channels, quotas = _channels()
    return {
        "channels": channels,
        "quotas": quotas,
        "may_schedule": sorted(TABLE["delivery.schedule"]),
        "may_reply": sorted(TABLE["inbox.reply"]),
        "state": state,
    }
