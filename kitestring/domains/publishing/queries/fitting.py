"""Whether what was frozen for an account still fits it, by what is known of its channel now. Nothing is sent for that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from kitestring.connectorkit.checking import problems
from kitestring.connectorkit.manifest import Manifest, MediaLimit
from kitestring.connectorkit.problem import Problem
from kitestring.connectorkit.sequences import comes_apart
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.queries import manifest_for
from kitestring.domains.library.models import Asset
from kitestring.domains.library.queries import assets_by_id
from kitestring.domains.library.queries.addresses import public_address
from kitestring.domains.library.queries.planned import Made, Planned, focus_of, made_of, planned
from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState
from kitestring.domains.publishing.queries.deliveries import visible_to
from kitestring.domains.workspaces.models import Member
from kitestring.kit.rows import rows

WAITS: Final = (DeliveryState.SCHEDULED, DeliveryState.HELD, DeliveryState.HANDED_OFF)
FOR_NEW_WORDS: Final = ("approval_void", "not_approved")
AHEAD: Final = timedelta(days=14)
MOST: Final = 60

# Accounts of which another limit holds than when it was planned, perhaps: by a person's word, or since an upgrade.
CHANGED: Final = """
SELECT a.id FROM channels_account a
WHERE a.workspace_id = %(workspace)s AND a.brand_id = %(brand)s AND (a.limits <> '{}'::jsonb
    OR EXISTS (SELECT 1 FROM channels_factchange f WHERE f.at > %(since)s AND f.what = 'channel:' || a.channel))"""


def unfit(deliveries: Iterable[Delivery], language: str) -> dict[UUID, list[Problem]]:
    """What stands in the way of each that the channel would refuse, worded in `language`; those that fit are not named.

    Each with its account. What waits for a yes to newer words is not held to the words it will not go out with.
    """
    there = [one for one in deliveries if one.state in WAITS and one.reason not in FOR_NEW_WORDS]
    there = [one for one in there if one.kind == DeliveryKind.VARIANT and not one.part]
    known = assets_by_id([str(item["asset"]) for one in there for item in one.payload.get("media") or []])
    made = made_of(asset.sha256 for asset in known.values()) if known else Made()
    found = {one.pk: _errors(one, known, made, language) for one in there}
    return {pk: errors for pk, errors in found.items() if errors}


def unfit_ahead(member: Member, brand: Brand, moment: datetime) -> list[tuple[Delivery, list[Problem]]]:
    """The brand's deliveries of the next two weeks that no longer fit, on accounts whose limits changed; the soonest first."""
    since = moment - timedelta(days=90)
    given = {"workspace": member.workspace_id, "brand": brand.pk, "since": since}
    accounts = [pk for (pk,) in rows(CHANGED, **given)]
    if not accounts:
        return []
    found = visible_to(member, brand).filter(account__in=accounts, kind=DeliveryKind.VARIANT, part=0)
    due = found.filter(state__in=WAITS, due_at__gt=moment, due_at__lt=moment + AHEAD)
    there = list(due.order_by("due_at", "id")[:MOST])
    errors = unfit(there, member.language)
    return [(one, errors[one.pk]) for one in there if one.pk in errors]


def _errors(delivery: Delivery, known: Mapping[str, Asset], made: Made, language: str) -> list[Problem]:
    payload, account = delivery.payload, delivery.account
    try:
        manifest = manifest_for(account)
    except KeyError:
        return []
    found = problems(
        manifest,
        delivery.publish_kind,
        payload.get("text", ""),
        payload.get("title", ""),
        _files(payload, known, made, _media_limit(manifest, delivery.publish_kind)),
        language,
        account_type=account.account_type,
        parts=comes_apart(payload),
        options=payload.get("options") or {},
        settings=account.settings,
        written=True,
        addressed=bool(public_address()),
    )
    return [one for one in found if one.severity == "error"]


def _media_limit(manifest: Manifest, kind: str) -> MediaLimit | None:
    try:
        return manifest.kind(kind).media
    except KeyError:
        return None


def _files(
    payload: Mapping[str, Any], known: Mapping[str, Asset], made: Made, limit: MediaLimit | None
) -> Sequence[Planned]:
    """As they will be: what is too large is made smaller before it leaves."""
    there = [(item, known.get(str(item["asset"]))) for item in payload.get("media") or []]
    return [
        planned(asset, item.get("alt", ""), limit, made, focus_of(item)) for item, asset in there if asset
    ]
