"""Connecting an official account: app id and secret; what the account may do is asked, not believed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.wechat.client import MANIFEST, App, app, today
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
    try:
        grant = await _grant(caller)
    except GrantExpired as error:
        raise Rejected(FIELDS.get(error.reason, "app_secret"), error.reason, said=error.said) from error
    kind = answers.get("account_type") or MANIFEST.account_types[0].key
    name = answers.get("name", "").strip() or caller.app_id
    may = await _may(caller, kind)
    return Connected(
        remote_id=caller.app_id,
        handle=name,
        name=name,
        grant=grant,
        account_type=kind,
        capabilities=may,
        settings={"comments": may["comments"] is True},
    )


async def renew(session: Session) -> Grant:
    """The present token. Asking for it ends nobody else's, so any number of workers may."""
    return await _grant(app(session))


async def _grant(caller: App) -> Grant:
    seconds = await caller.fetch_token()
    secrets = {"app_id": caller.app_id, "app_secret": caller.app_secret, "access_token": caller.token}
    return Grant(secrets, expires_at=clock.now() + timedelta(seconds=max(60.0, seconds - EARLY)))


async def _may(caller: App, kind: str) -> dict[str, bool | str]:
    """Each power: True, or the sentence that says why not; first by the account's type, then by asking."""
    cannot = next((t.cannot for t in MANIFEST.account_types if t.key == kind), {})
    yesterday = today(clock.now() - timedelta(days=1))
    probes: dict[str, tuple[str, dict[str, Any] | None]] = {
        "mass_send": ("/cgi-bin/message/mass/speed/get", {}),
        "publish": ("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 1, "no_content": 1}),
        "comments": (
            "/cgi-bin/comment/list",
            {"msg_data_id": 1, "index": 0, "begin": 0, "count": 1, "type": 0},
        ),
        "metrics": ("/datacube/getarticletotaldetail", {"begin_date": yesterday, "end_date": yesterday}),
    }
    return {
        power: cannot.get(power) or await _allows(caller, path, payload, power)
        for power, (path, payload) in probes.items()
    }


async def _allows(caller: App, path: str, payload: dict[str, Any] | None, power: str) -> bool | str:
    try:
        await caller.call(path, payload)
    except Rejected as error:
        if error.reason in {"not_permitted", "no_comments_here"}:
            return "no_comments_here" if power == "comments" else "not_permitted"
        # Any other refusal (no such article) is an answer to somebody who may ask.
    return True
