"""Keeps the operator's own app at a platform, for every channel of that platform and every account connected by it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.errors import GrantExpired
from kitestring.connectorkit.manifest import AppFacts, Manifest
from kitestring.domains.channels.models import AccountState, AppKey
from kitestring.domains.channels.queries import app_key, grants_of_channels
from kitestring.domains.channels.rules import provider_of
from kitestring.domains.channels.sessions import app_of, put_app, seal_app
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.domains.workspaces.queries import lock_workspace
from kitestring.kit.clock import now
from kitestring.kit.jobs import enqueue
from kitestring.kit.refusals import Refusal


@transaction.atomic
def keep_app_keys(member: Member, provider: str, answers: Mapping[str, str]) -> AppKey:
    """Keep what was typed; a secret left empty stays as it is. Accounts connected before go on with the new keys.

    Raises Refusal beside the first empty field.
    """
    require(member, "account.connect")
    lock_workspace(member)
    facts, channels = _known(provider)
    before = app_of(member.workspace, provider)
    app = {}
    for asked in facts.fields:
        value = (answers.get(asked.key) or "").strip() or asked.default
        if not value and asked.kind == "password":
            value = before.get(asked.key, "")
        if asked.required and not value:
            text = _("Please fill in: %(field)s.") % {"field": asked.label.in_(member.language)}
            raise Refusal(text, field=asked.key)
        app[asked.key] = value[:4000]
    kept = app_key(member.workspace, provider, hold=True) or AppKey(
        workspace_id=member.workspace_id, provider=provider
    )
    seal_app(kept, app)
    kept.changed_by, kept.changed_at = member, now()
    kept.save()
    _hand_on(member, channels, app)
    shown = {asked.key: app[asked.key] for asked in facts.fields if asked.kind != "password"}
    record(member, "account.app", kept, after={"name": provider, **shown})
    return kept


def _known(provider: str) -> tuple[AppFacts, list[str]]:
    """What is asked for this platform's app, and the channels it is for."""
    found: list[tuple[str, Manifest]] = [
        (slug, one.manifest)
        for slug, one in registry.connectors().items()
        if one.manifest.auth.app is not None and provider_of(one.manifest) == provider
    ]
    facts = next((manifest.auth.app for _slug, manifest in found if manifest.auth.app is not None), None)
    if facts is None:
        raise Refusal(_("This channel is not installed here."), reason="not_found")
    return facts, [slug for slug, _manifest in found]


def _hand_on(member: Member, channels: list[str], app: Mapping[str, str]) -> None:
    """Accounts that stopped for want of the right keys are asked for again as soon as this is stored."""
    for stored in grants_of_channels(member.workspace, channels):
        try:
            put_app(stored, app)
        except GrantExpired:
            continue  # its seal is broken: it has to be connected again anyway
        if stored.account.state == AccountState.EXPIRED:
            enqueue("channels.ask_again", account_id=str(stored.account_id))
