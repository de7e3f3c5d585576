"""Connecting an official account: app id and secret; what the account may do is asked, not believed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.wechat import audience, permits
from kitestring.connectors.wechat.client import MANIFEST, App, app
from kitestring.kit import clock
from kitestring.kit.http import Client

FIELDS = {"app_id_wrong": "app_id"}
# A little early, so that no call starts with a token about to end.
EARLY = 120


async def connect(http: Client, urls: Mapping[str, str], answers: Mapping[str, str]) -> Connected:
    """The account with its first token and what it may do.

    Raises Rejected("app_id" or "app_secret"). WeChat tells no name to an app id, so a person types it.
    """
    caller = App(http, urls["api"], answers["app_id"].strip(), answers["app_secret"].strip())
    kind = answers.get("account_type") or MANIFEST.account_types[0].key
    try:
        grant = await _grant(caller)
        may = await permits.found(caller, kind)
        found = await audience.listed(caller) if may["mass_send"] is True else []
    except GrantExpired as error:
        raise Rejected(FIELDS.get(error.reason, "app_secret"), error.reason, said=error.said) from error
    name = answers.get("name", "").strip() or caller.app_id
    return Connected(
        remote_id=caller.app_id,
        handle=name,
        name=name,
        grant=grant,
        account_type=kind,
        capabilities=may,
        settings={"comments": may["comments"] is True, "tags": found},
    )


async def renew(session: Session) -> Grant:
    """The present token. Asking for it ends nobody else's, so any number of workers may."""
    return await _grant(app(session))


async def _grant(caller: App) -> Grant:
    seconds = await caller.fetch_token()
    secrets = {"app_id": caller.app_id, "app_secret": caller.app_secret, "access_token": caller.token}
    return Grant(secrets, expires_at=clock.now() + timedelta(seconds=max(60.0, seconds - EARLY)))
