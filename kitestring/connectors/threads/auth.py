"""Connecting by Threads' own consent and its own app: an hour's token, exchanged for one of 60 days, which is renewed.

Source: developers.facebook.com/docs/threads/get-started (get-access-tokens-and-permissions, long-lived-tokens)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from kitestring.connectorkit import calls, oauth
from kitestring.connectorkit.contract import Begun, Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.threads.client import MANIFEST, ROWS, account
from kitestring.kit import clock
from kitestring.kit.http import Client
from kitestring.providers.meta.errors import outcome, told
from kitestring.providers.meta.graph import Graph, object_of

LIFE: Final = timedelta(days=60)
YOUNG: Final = timedelta(hours=25)  # a token is renewed a day after it was made, at the earliest
PROFILE: Final = "id,username,name,threads_profile_picture_url"
OPTIONAL = (
    ("replies", "threads_read_replies", "replies_declined"),
    ("answers", "threads_manage_replies", "answers_declined"),
    ("mentions", "threads_manage_mentions", "mentions_declined"),
    ("metrics", "threads_manage_insights", "insights_declined"),
    ("deletion", "threads_delete", "delete_declined"),
)


async def begin(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    answers: Mapping[str, str],
    *,
    state: str,
    redirect_uri: str,
) -> Begun:
    """Threads' own consent window."""
    address = oauth.consent_url(
        f"{urls['auth']}/oauth/authorize",
        state=state,
        redirect_uri=redirect_uri,
        scopes=(scope.key for scope in MANIFEST.auth.scopes),
        separator=",",
        client_id=app["client_id"],
    )
    return Begun(address)


async def finish(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    begun: Begun,
    params: Mapping[str, str],
    *,
    redirect_uri: str,
) -> Sequence[Connected]:
    """The one account that agreed. Threads hangs "#_" on the code."""
    code = oauth.code_of(params).removesuffix("#_")
    keys = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    asked = {**keys, "grant_type": "authorization_code", "redirect_uri": redirect_uri, "code": code}
    short = await _token(http, "POST", f"{urls['token']}/oauth/access_token", asked)
    long = {"grant_type": "th_exchange_token", "client_secret": app["client_secret"]}
    body = await _token(
        http, "GET", f"{urls['token']}/access_token", {**long, "access_token": short["access_token"]}
    )
    me = Graph(http, urls["api"], str(body["access_token"]), rows=ROWS, in_query=True)
    found, given = await me.get("me", fields=PROFILE), await _granted(me)
    return [_connected(found, _grant(body, given), given)]


async def renew(session: Session) -> Grant:
    """A token of 60 days more. One that is younger than a day cannot be renewed yet, and is only asked whether it holds."""
    ends = session.grant.expires_at
    if ends is not None and ends - clock.now() > LIFE - YOUNG:
        body = await account(session).get("me", fields="id")
        if not body.get("id"):
            raise GrantExpired(said=str(body)[:200])
        return session.grant
    token = str(session.grant.secrets.get("access_token", ""))
    asked = {"grant_type": "th_refresh_token", "access_token": token}
    body = await _token(
        session.http, "GET", f"{session.urls['token']}/refresh_access_token", asked, renewing=True
    )
    return _grant(body, session.grant.scopes)


async def _token(
    http: Client, method: str, url: str, asked: Mapping[str, str], *, renewing: bool = False
) -> dict[str, Any]:
    more: dict[str, Any] = {"form": dict(asked)} if method == "POST" else {"params": dict(asked)}
    answer = await calls.send(http, method, url, write=False, **more)
    if error := told(answer):
        found = outcome(error, answer, ROWS, write=False)
        if renewing or isinstance(found, RetryLater) or found.reason in ("app_keys_wrong", "version_retired"):
            raise found
        raise Rejected("", "code_refused", said=found.said)
    body = object_of(answer, write=False)
    if not body.get("access_token"):
        raise RetryLater("not_itself", said=calls.words(answer))
    return body


async def _granted(me: Graph) -> tuple[str, ...]:
    """The rights the person gave. Raises Rejected("", "scope_missing") where one is missing without which nothing works."""
    body = await me.get("debug_token", input_token=me.token)
    scopes = (body.get("data") or {}).get("scopes")
    given = tuple(str(one) for one in scopes) if isinstance(scopes, list) else ()
    missing = [s.key for s in MANIFEST.auth.scopes if s.required and s.key not in given]
    if missing:
        raise Rejected("", "scope_missing", said=", ".join(missing))
    return given


def _grant(body: Mapping[str, Any], given: Sequence[str]) -> Grant:
    life = body.get("expires_in")
    seconds = float(life) if isinstance(life, int | float) else LIFE.total_seconds()
    return Grant(
        {"access_token": str(body["access_token"])}, tuple(given), clock.now() + timedelta(seconds=seconds)
    )


def _connected(found: Mapping[str, Any], grant: Grant, given: Sequence[str]) -> Connected:
    username = str(found.get("username") or found["id"])
    return Connected(
        remote_id=str(found["id"]),
        handle=f"@{username}",
        name=str(found.get("name") or username),
        grant=grant,
        avatar_url=str(found.get("threads_profile_picture_url") or ""),
        capabilities={key: True if right in given else why for key, right, why in OPTIONAL},
    )
