"""Connecting by consent: as one person, or as the Pages a person looks after. A consent lasts 60 days.

LinkedIn gives refresh tokens to approved partners only, for a year that no renewal makes longer. Everybody else agrees anew.
Source: learn.microsoft.com/linkedin/shared/authentication: authorization-code-flow, programmatic-refresh-tokens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from kitestring.connectorkit import oauth
from kitestring.connectorkit.contract import Begun, Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.linkedin import urns
from kitestring.connectors.linkedin.client import MANIFEST, Api, api, pages
from kitestring.kit import clock
from kitestring.kit.http import Client

ENDS_ALL: Final = False
NEAR: Final = timedelta(days=6)  # a token of sixty days is asked to be renewed in its last five
WAITS: Final = (1.0, 3.0)  # seconds: a token is sometimes called revoked in its first moments
# Roles on a Page that may publish; of these only the administrator may read numbers.
ADMIN, WRITERS = "ADMINISTRATOR", ("ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN")
REFRESH_ENDS: Final = "refresh_ends_at"


async def begin(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    answers: Mapping[str, str],
    *,
    state: str,
    redirect_uri: str,
) -> Begun:
    """Where to go to agree. What a Page needs and what a person needs are different rights of different apps."""
    what = "person" if answers.get("what") == "person" else "page"
    asked = [scope.key for scope in MANIFEST.auth.scopes if scope.asked_of(what)]
    url = oauth.consent_url(
        f"{urls['auth']}/oauth/v2/authorization",
        state=state,
        redirect_uri=redirect_uri,
        scopes=asked,
        client_id=app["client_id"],
    )
    return Begun(url, {"what": what})


async def finish(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    begun: Begun,
    params: Mapping[str, str],
    *,
    redirect_uri: str,
) -> Sequence[Connected]:
    """The person who agreed, or every Page on which they may publish."""
    form = {
        "grant_type": "authorization_code",
        "code": oauth.code_of(params),
        "redirect_uri": redirect_uri,
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
    }
    grant = _grant(await oauth.ask(http, f"{urls['auth']}/oauth/v2/accessToken", form))
    caller = Api(http, urls, str(grant.secrets["access_token"]))
    for wait in (*WAITS, None):
        try:
            if begun.keeps.get("what") == "person":
                return [_person(await caller.userinfo(), grant)]
            return await _pages(caller, grant)
        except GrantExpired as error:
            if wait is None:
                raise Rejected("", "token_not_awake", said=error.said) from error
            await asyncio.sleep(wait)
    raise Rejected("", "token_not_awake")


async def renew(session: Session) -> Grant:
    """The next access token, where LinkedIn gave the app a refresh token.

    Where it gave none LinkedIn is asked whether the token still opens: then it is the same one, and near its end
    GrantExpired("renewed_by_hand"), for a person has to agree anew.
    """
    before = session.grant
    refresh = str(before.secrets.get("refresh_token") or "")
    if not refresh:
        await _opens(session)
        if before.expires_at is None or before.expires_at > clock.now() + NEAR:
            return before
        raise GrantExpired("renewed_by_hand")
    form = {
        "grant_type": "refresh_token",
        "refresh_token": refresh,
        "client_id": session.app["client_id"],
        "client_secret": session.app["client_secret"],
    }
    url = f"{session.urls['auth']}/oauth/v2/accessToken"
    return _grant(await oauth.ask(session.http, url, form, renewing=True), before)


async def give_back(session: Session) -> None:
    """The person and their Pages have one token: it is given back with the last of them."""
    app = session.app
    form = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    await oauth.give_back(session.http, f"{session.urls['auth']}/oauth/v2/revoke", session.grant, form)


async def _opens(session: Session) -> None:
    """Ask who we are. Raises GrantExpired when the token is over."""
    if session.account_type == "person":
        await api(session).userinfo()
    else:
        await roles(api(session))


def _grant(body: Mapping[str, Any], before: Grant | None = None) -> Grant:
    """The grant, with the day its refresh token ends as that was told the first time."""
    more = {}
    life = body.get("refresh_token_expires_in")
    if isinstance(life, int | float):
        more[REFRESH_ENDS] = (clock.now() + timedelta(seconds=float(life))).isoformat()
    known = before.secrets if before else None
    return oauth.grant_from(body, before=known, scopes=before.scopes if before else (), **more)


def _person(who: Mapping[str, Any], grant: Grant) -> Connected:
    name = str(who.get("name") or who["sub"])
    return Connected(
        remote_id=f"urn:li:person:{who['sub']}",
        handle=name,
        name=name,
        grant=grant,
        account_type="person",
        avatar_url=str(who.get("picture") or ""),
        capabilities=dict.fromkeys(("inbox", "metrics", "like", "remove"), "person_reads_nothing"),
    )


async def roles(caller: Api) -> dict[str, set[str]]:
    """What this person is on each Page: its name to their roles."""
    found: dict[str, set[str]] = {}
    query = urns.query([("q", "roleAssignee"), ("state", "APPROVED")])
    for row in await pages(caller, "organizationAcls", query, restli="FINDER"):
        name = str(row.get("organization") or row.get("organizationTarget") or "")
        if name.startswith("urn:li:organization:"):
            found.setdefault(name, set()).add(str(row.get("role") or ""))
    return found


async def _pages(caller: Api, grant: Grant) -> list[Connected]:
    held = await roles(caller)
    mine = [name for name, some in held.items() if some & set(WRITERS)]
    if not mine:
        raise Rejected("", "nothing_to_connect")
    numbers = ",".join(name.rpartition(":")[2] for name in mine)
    told = (await caller.read("organizations", f"ids=List({numbers})", restli="BATCH_GET")).get("results")
    about = told if isinstance(told, dict) else {}
    return [_page(name, about.get(name.rpartition(":")[2]) or {}, held[name], grant) for name in mine]


def _page(name: str, about: Mapping[str, Any], held: set[str], grant: Grant) -> Connected:
    number = name.rpartition(":")[2]
    admin = True if ADMIN in held else "numbers_for_admins"
    return Connected(
        remote_id=name,
        handle=str(about.get("vanityName") or number),
        name=str(about.get("localizedName") or about.get("vanityName") or number),
        grant=grant,
        account_type="page",
        capabilities={"metrics": admin},
    )
