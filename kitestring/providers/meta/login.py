"""Facebook Login: to the dialog, back with a code, on to a long-lived token, and from there to the Pages of a person.

A Page's token that was made from a long-lived one has no end of its own; it ends when the person takes the consent back,
loses their role on the Page or changes their password.
Source: developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow, .../guides/access-tokens/get-long-lived
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from kitestring.connectorkit import calls, oauth
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import Scope
from kitestring.kit.http import Client
from kitestring.providers.meta.errors import outcome, told
from kitestring.providers.meta.graph import Graph, object_of

PAGE_FIELDS: Final = "id,name,username,access_token,tasks,picture{url}"
MOST: Final = 100  # Pages on one list


def dialog(
    urls: Mapping[str, str], app: Mapping[str, str], scopes: Iterable[Scope], *, state: str, redirect_uri: str
) -> str:
    """The address a person is sent to."""
    return oauth.consent_url(
        f"{urls['auth']}/dialog/oauth",
        state=state,
        redirect_uri=redirect_uri,
        scopes=(scope.key for scope in scopes),
        separator=",",
        client_id=app["client_id"],
    )


async def person(
    http: Client, urls: Mapping[str, str], app: Mapping[str, str], code: str, redirect_uri: str
) -> Graph:
    """The person who came back with `code`, by a long-lived token. Raises Rejected at the app's field, or for the code."""
    known = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    short = await _token(http, urls, {**known, "code": code, "redirect_uri": redirect_uri})
    long = await _token(
        http, urls, {**known, "grant_type": "fb_exchange_token", "fb_exchange_token": short["access_token"]}
    )
    return Graph(http, urls["api"], str(long["access_token"]), app["client_secret"])


async def _token(http: Client, urls: Mapping[str, str], params: Mapping[str, str]) -> dict[str, Any]:
    answer = await calls.send(
        http, "GET", f"{urls['api']}/oauth/access_token", write=False, params=dict(params)
    )
    if error := told(answer):
        found = outcome(error, answer, (), write=False)
        if isinstance(found, RetryLater) or (
            isinstance(found, Rejected) and found.reason == "app_keys_wrong"
        ):
            raise found
        raise Rejected("", "code_refused", said=found.said)
    body = object_of(answer, write=False)
    if not body.get("access_token"):
        raise RetryLater("not_itself", said=calls.words(answer))
    return body


async def granted(me: Graph, needed: Iterable[Scope]) -> tuple[str, ...]:
    """The rights the person gave. Raises Rejected("", "scope_missing") where one is missing without which nothing works."""
    body = await me.get("me/permissions")
    given = tuple(
        str(row["permission"])
        for row in body.get("data") or ()
        if isinstance(row, dict) and row.get("status") == "granted" and row.get("permission")
    )
    missing = [scope.key for scope in needed if scope.required and scope.key not in given]
    if missing:
        raise Rejected("", "scope_missing", said=", ".join(missing))
    return given


async def pages(me: Graph, *, task: str, more: str = "") -> list[dict[str, Any]]:
    """The Pages on which this person may do `task`, each with its own token. Raises Rejected("", "nothing_to_connect")."""
    found: list[dict[str, Any]] = []
    fields = f"{PAGE_FIELDS},{more}" if more else PAGE_FIELDS
    async for rows in me.pages("me/accounts", fields=fields, limit=MOST):
        found += [row for row in rows if isinstance(row, dict) and row.get("access_token")]
    able = [row for row in found if task in (row.get("tasks") or [task])]
    if not able:
        raise Rejected("", "nothing_to_connect")
    return able


def picture(row: Mapping[str, Any]) -> str:
    """The address of a Page's picture, as `picture{url}` gives it."""
    found = row.get("picture")
    data = found.get("data") if isinstance(found, dict) else None
    return str((data or {}).get("url") or "")


async def still_holds(graph: Graph) -> None:
    """Ask who we are. Raises GrantExpired when the token is over, RetryLater when nobody can tell."""
    body = await graph.get("me", fields="id")
    if not body.get("id"):
        raise GrantExpired(said=str(body)[:200])


async def examined(http: Client, api: str, token: str, app: Mapping[str, str]) -> dict[str, Any]:
    """What Meta knows of a token: is_valid, scopes, expires_at, data_access_expires_at; {} where the app's keys are not known.

    Asked with the app's own token ("id|secret"). Raises Rejected("client_secret") when that one is not known there.
    """
    if not app.get("client_secret"):
        return {}
    desk = Graph(http, api, f"{app['client_id']}|{app['client_secret']}")
    try:
        body = await desk.get("debug_token", input_token=token)
    except GrantExpired as error:
        raise Rejected("client_secret", "app_keys_wrong", said=error.said) from error
    data = body.get("data")
    return data if isinstance(data, dict) else {}
