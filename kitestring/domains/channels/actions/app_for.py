"""The app by which a workspace asks people for their consent: typed in by its operator, or one that we describe ourselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from kitestring.connectorkit import dpop
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.models import AppKey
from kitestring.domains.channels.queries import app_key, app_key_at
from kitestring.domains.channels.rules import provider_of, registered_at
from kitestring.domains.channels.sessions import app_of, seal_app
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.queries import lock_workspace
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal


def app_for(member: Member, connector: Connector, typed: Mapping[str, str]) -> dict[str, str]:
    """By the keys that the connector knows; of a server that registers it itself what it gave before, or nothing.

    Raises Refusal ("no_app") where it was to be typed in and was not.
    """
    provider = provider_of(connector.manifest)
    if connector.registers and not typed:
        return {}
    if connector.registers:
        return app_of(member.workspace, registered_at(connector.manifest, typed))
    if connector.described is not None:
        return _own(member, connector.manifest.slug, provider)
    app = app_of(member.workspace, provider)
    if not app:
        raise Refusal(_("Type in your app for this channel first."), reason="no_app")
    return app


def app_of_consent(member: Member, connector: Connector, told: Mapping[str, Any]) -> dict[str, str]:
    """The app that a consent was asked for with, of what was sealed for the way there: the grant is that one's alone.

    Where the operator has typed in another secret of the same app meanwhile, with that.
    """
    sealed = told.get("app")
    if not isinstance(sealed, dict) or not sealed:
        return app_for(member, connector, {})
    facts, app = connector.manifest.auth.app, app_of(member.workspace, provider_of(connector.manifest))
    if connector.registers or connector.described is not None or facts is None or not app:
        return dict(sealed)
    shown = [asked.key for asked in facts.fields if asked.kind != "password"]
    return app if all(app.get(key) == sealed.get(key) for key in shown) else dict(sealed)


def app_described(connector: Connector, key_id: UUID) -> dict[str, str] | None:
    """For the address that a channel reads: the app whose id that address is; None where there is none."""
    kept, provider = app_key_at(key_id), provider_of(connector.manifest)
    if kept is None or kept.provider != provider:
        return None
    app = app_of(kept.workspace, provider)
    return {**app, "client_id": _address(connector.manifest.slug, kept)} if app else None


def keep_registered(
    member: Member, connector: Connector, typed: Mapping[str, str], app: Mapping[str, str]
) -> dict[str, str]:
    """Keep what a server has registered as our app, in the place of what it gave before. Called inside a transaction."""
    provider = registered_at(connector.manifest, typed)
    workspace = lock_workspace(member)
    kept = app_key(workspace, provider) or AppKey(workspace=workspace, provider=provider)
    seal_app(kept, app)
    kept.changed_at = now()
    kept.save()
    return dict(app)


def _own(member: Member, channel: str, provider: str) -> dict[str, str]:
    """Our own app there, with a key made when it is first asked for; its id is the address where it is described."""
    with transaction.atomic():
        workspace = lock_workspace(member)  # else two who set out at once would make two keys
        kept, app = app_key(workspace, provider), app_of(workspace, provider)
        if kept is None or not app:
            kept = kept or AppKey(workspace=workspace, provider=provider)
            app = {"key": json.dumps(dpop.new_key())}
            seal_app(kept, app)
            kept.save()
    return {**app, "client_id": _address(channel, kept)}


def _address(channel: str, kept: AppKey) -> str:
    return str(settings.PUBLIC_URL) + reverse("channels:described", args=[channel, kept.pk])
