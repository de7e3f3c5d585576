"""Puts a limit in the place of the manifest's for one account, with the reason; or takes it back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.overriding import known_limits
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import account
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal

MOST = 2_000_000_000


@transaction.atomic
def override_limit(member: Member, account_id: UUID, key: str, value: int, reason: str) -> Account:
    """From now on `key` ("post.text") is `value` on this account. Raises Refusal with its field.

    What is planned is held against it from now on; the channel has the last word all the same.
    """
    require(member, "account.connect")
    found = account(member, account_id, hold=True)
    if key not in _known(found):
        raise Refusal(_("Choose one of the limits of this account."), field="key")
    if not 1 <= value <= MOST:
        raise Refusal(_("A limit is a whole number from 1 on."), field="value")
    if len(reason.strip()) < 3:
        raise Refusal(_("Say why: whoever reads it later must be able to judge it."), field="reason")
    before = found.own_limits.get(key, _known(found)[key])
    row = {"value": value, "reason": reason.strip()[:500], "by": member.name, "at": now().isoformat()}
    found.limits = {**found.limits, key: row}
    found.save(update_fields=["limits"])
    told = {"name": found.name, "limit": key, "value": value, "reason": row["reason"]}
    record(member, "account.limit", found, before={"limit": key, "value": before}, after=told)
    return found


@transaction.atomic
def drop_limit(member: Member, account_id: UUID, key: str) -> Account:
    """The manifest's figure holds again. Quiet where it does already."""
    require(member, "account.connect")
    found = account(member, account_id, hold=True)
    if key in found.limits:
        before = {"limit": key, "value": found.own_limits[key]}
        found.limits = {name: row for name, row in found.limits.items() if name != key}
        found.save(update_fields=["limits"])
        record(member, "account.limit", found, before=before, after={"name": found.name, "limit": key})
    return found


def _known(of: Account) -> dict[str, int]:
    try:
        manifest = registry.get(of.channel).manifest
    except KeyError:
        return {}
    return {key: value for key, _kind, _what, value, _fact in known_limits(manifest, of.account_type)}
