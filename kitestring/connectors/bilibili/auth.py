"""Connecting by a person's consent. The access is renewed before it ends: one that has ended asks for the person again.

A refresh token works once. What the person agreed to is told with the token, and what the app may submit follows from it.
Source: bilibili.apifox.cn/doc-7492454 (账号授权); github.com/bilibili-openplatform/demo, golang/auth.go.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from yarl import URL

from kitestring.connectorkit import oauth
from kitestring.connectorkit.contract import Begun, Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.bilibili.client import Bili, asked, of_app, rows
from kitestring.kit import clock
from kitestring.kit.http import Client

PAGE: Final = "/pc/account-pc/auth/oauth"
TOKEN: Final = "/x/account-oauth2/v1/token"  # noqa: S105 - a path
RENEWAL: Final = "/x/account-oauth2/v1/refresh_token"
VIDEOS: Final = "ARC_BASE"
ARTICLES: Final = "ATC_BASE"
NUMBERS: Final = {"ARC_DATA", "ATC_DATA", "USER_DATA"}
PASSING: Final = frozenset({"refused", "moved", "host_refused"})
EPOCH: Final = 1_000_000_000  # what is larger is a moment, not a length of time


async def begin(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    answers: Mapping[str, str],
    *,
    state: str,
    redirect_uri: str,
) -> Begun:
    """Bilibili's page, where the person ticks the app's rights. It calls the way back `gourl`."""
    query = {"client_id": app["client_id"], "gourl": redirect_uri, "state": state}
    return Begun(str(URL(urls["auth"] + PAGE).update_query(query)))


async def finish(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    begun: Begun,
    params: Mapping[str, str],
    *,
    redirect_uri: str,
) -> Sequence[Connected]:
    """The one account that agreed. Raises Rejected("", "nothing_may_be_sent") when neither kind of work was allowed."""
    form = {"grant_type": "authorization_code", "code": oauth.code_of(params), **_keys(app)}
    grant = await _asked(http, urls["token"] + TOKEN, form)
    if not {VIDEOS, ARTICLES} & set(grant.scopes):
        raise Rejected("", "nothing_may_be_sent")
    caller = of_app(http, urls, app, str(grant.secrets["access_token"]))
    who = await caller.read("/user/account/info")
    if not isinstance(who, Mapping) or not who.get("openid"):
        raise Rejected("", "nothing_to_connect", said=str(who)[:200])
    name = str(who.get("name") or who["openid"])
    videos, articles = VIDEOS in grant.scopes, ARTICLES in grant.scopes
    return [
        Connected(
            remote_id=str(who["openid"]),
            handle=name,
            name=name,
            grant=grant,
            account_type="both" if videos and articles else "video" if videos else "article",
            avatar_url=str(who.get("face") or ""),
            capabilities={"metrics": True if NUMBERS & set(grant.scopes) else "insights_declined"},
            settings=await lists(caller, grant.scopes),
        )
    ]


async def renew(session: Session) -> Grant:
    """A new pair for the refresh token, which has ended with this call: whoever calls writes it down at once.

    A redirect or a number that nobody knows (the site's own guard, -352) says nothing of the consent: RetryLater.
    """
    form = oauth.renewal(session.grant, **_keys(session.app))
    url = session.urls["token"] + RENEWAL
    try:
        grant = await _asked(session.http, url, form, before=session.grant.scopes)
    except Rejected as error:
        if error.reason in PASSING:
            raise RetryLater("not_itself", said=error.said) from error
        raise
    if not grant.secrets.get("refresh_token"):
        raise GrantExpired("renewal_refused", said="no new refresh token was given")
    return grant


def _keys(app: Mapping[str, str]) -> dict[str, str]:
    return {"client_id": app.get("client_id", ""), "client_secret": app.get("client_secret", "")}


async def _asked(http: Client, url: str, form: Mapping[str, str], before: Sequence[str] = ()) -> Grant:
    """The grant that the token endpoint gives; it takes what it asks for in the query."""
    told = await asked(http, "POST", url, write=False, params=dict(form))
    if not isinstance(told, Mapping) or not told.get("access_token"):
        raise RetryLater("not_itself")
    kept = {name: str(told[name]) for name in ("access_token", "refresh_token") if told.get(name)}
    scopes = told.get("scopes")
    given = tuple(str(one) for one in scopes) if isinstance(scopes, list) else tuple(before)
    return Grant(kept, given, _end(told.get("expires_in")))


def _end(told: Any) -> datetime | None:
    """When the access ends. Bilibili's `expires_in` is a moment (Unix seconds), not a length of time."""
    try:
        seconds = float(told)
    except (TypeError, ValueError):
        return None
    if seconds <= 0:
        return None
    return (
        datetime.fromtimestamp(seconds, UTC) if seconds > EPOCH else clock.now() + timedelta(seconds=seconds)
    )


async def lists(caller: Bili, scopes: Collection[str]) -> dict[str, list[dict[str, str]]]:
    """What there is to choose from, for the works these rights open."""
    return {
        "categories": await _categories(caller, "/archive/type/list") if VIDEOS in scopes else [],
        "article_categories": await _categories(caller, "/article/categories") if ARTICLES in scopes else [],
    }


async def _categories(caller: Bili, path: str) -> list[dict[str, str]]:
    """The categories that take works: those below others, each with the name of what it stands under."""
    found = await caller.read(path)
    tree = found if isinstance(found, list) else []
    return [
        {"value": str(leaf["id"]), "label": f"{branch.get('name')} · {leaf.get('name')}"}
        for branch in tree
        if isinstance(branch, Mapping)
        for leaf in (rows(branch, "children") if "children" in branch else ())
        if leaf.get("id")
    ]
