"""Connecting by consent, with the operator's own app: a token of 30 days, renewed by one of 60 that each renewal replaces.

Source: github.com/pinterest/api-description, v5/openapi.json 5.23.0, POST /oauth/token; securitySchemes.pinterest_oauth2
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kitestring.connectorkit import oauth
from kitestring.connectorkit.contract import Begun, Connected, Grant, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.pinterest.client import MANIFEST, VERSION, Api, api
from kitestring.kit.http import Client

TYPES = {"BUSINESS": "business", "PINNER": "personal"}


async def begin(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    answers: Mapping[str, str],
    *,
    state: str,
    redirect_uri: str,
) -> Begun:
    """Pinterest's consent page; it wants commas between the scopes."""
    url = oauth.consent_url(
        f"{urls['auth']}/oauth/",
        state=state,
        redirect_uri=redirect_uri,
        scopes=[scope.key for scope in MANIFEST.auth.scopes],
        separator=",",
        client_id=app["client_id"],
    )
    return Begun(url)


async def finish(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    begun: Begun,
    params: Mapping[str, str],
    *,
    redirect_uri: str,
) -> Sequence[Connected]:
    """The one account that agreed, with its boards.

    Raises Rejected("", "scope_missing") where a right is missing without which nothing works.
    """
    # `continuous_refresh`: apps made before 25 September 2025 say that they want the token that can be renewed for ever.
    form = {
        "grant_type": "authorization_code",
        "code": oauth.code_of(params),
        "redirect_uri": redirect_uri,
        "continuous_refresh": "true",
    }
    body = await _ask(http, urls, app, form)
    grant = oauth.grant_from(body, scopes=[scope.key for scope in MANIFEST.auth.scopes])
    needed = [scope.key for scope in MANIFEST.auth.scopes if scope.required]
    if lacking := [key for key in needed if key not in grant.scopes]:
        raise Rejected("", "scope_missing", said=", ".join(lacking))
    place = Api(http, urls["api"], str(grant.secrets["access_token"]))
    return [connected(await place.read("user_account"), await boards(place), grant)]


def connected(me: Mapping[str, Any], found: Sequence[Mapping[str, str]], grant: Grant) -> Connected:
    """The account as Pinterest describes it; `found`: its boards."""
    username = str(me.get("username") or me["id"])
    return Connected(
        remote_id=str(me["id"]),
        handle=f"@{username}",
        name=str(me.get("business_name") or username),
        grant=grant,
        account_type=TYPES.get(str(me.get("account_type")), "personal"),
        avatar_url=str(me.get("profile_image") or ""),
        capabilities={"publishing": True if found else "no_boards"},
        settings={"boards": list(found)},
    )


async def boards(place: Api) -> list[dict[str, str]]:
    """The account's boards as choices; those that hold nothing but advertisements are left out."""
    return [
        {"value": str(row["id"]), "label": str(row.get("name") or row["id"])}
        async for row in place.listed("boards")
        if not row.get("is_ads_only")
    ]


async def renew(session: Session) -> Grant:
    """The next pair of tokens.

    Pinterest refuses an unknown app and an ended consent with the same 401, so the account is asked then: if it still
    answers, the consent stands and the app's keys are wrong. Raises GrantExpired, or Rejected(..., "app_keys_wrong").
    """
    before = session.grant
    form = oauth.renewal(before)
    try:
        body = await _ask(session.http, session.urls, session.app, form, renewing=True)
    except Rejected as error:
        if error.reason == "app_keys_wrong":
            await api(session).read("user_account")
        raise
    return oauth.grant_from(body, before=before.secrets, scopes=before.scopes)


async def _ask(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    form: Mapping[str, str],
    *,
    renewing: bool = False,
) -> dict[str, Any]:
    keys = (app["client_id"], app["client_secret"])
    url = f"{urls['api']}/{VERSION}/oauth/token"
    return await oauth.ask(http, url, form, basic=keys, renewing=renewing)
