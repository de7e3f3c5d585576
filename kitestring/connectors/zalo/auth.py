"""Connecting by the admin's consent (OAuth v4 with PKCE). A refresh token works once: each renewal brings a new pair.

Source: hexasync.vn on refresh tokens; public code that calls oauth.zaloapp.com/v4/oa. The official pages were not read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kitestring.connectorkit import calls, oauth
from kitestring.connectorkit.contract import Begun, Connected, Grant, Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectors.zalo.client import ENDED, LATER, Oa, known
from kitestring.kit.http import Client, NotJson

TOKEN: Final = "/v4/oa/access_token"  # noqa: S105 - a path
LIFE: Final = 90000  # seconds: 25 hours, where an answer does not say


async def begin(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    answers: Mapping[str, str],
    *,
    state: str,
    redirect_uri: str,
) -> Begun:
    """The page where an admin of the account agrees."""
    verifier, challenge = oauth.pkce()
    url = oauth.consent_url(
        f"{urls['auth']}/v4/oa/permission",
        state=state,
        redirect_uri=redirect_uri,
        challenge=challenge,
        app_id=app["app_id"],
    )
    return Begun(url, {"verifier": verifier})


async def finish(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    begun: Begun,
    params: Mapping[str, str],
    *,
    redirect_uri: str,
) -> Sequence[Connected]:
    """The one account the admin agreed for. Raises Rejected("secret_key", "app_keys_wrong") for an app not known there."""
    form = {
        "code": oauth.code_of(params),
        "app_id": app["app_id"],
        "grant_type": "authorization_code",
        "code_verifier": begun.keeps["verifier"],
    }
    grant = await _asked(http, urls, app, form, renewing=False)
    told = await Oa(http, urls["api"], str(grant.secrets["access_token"])).get("/v2.0/oa/getoa")
    if not isinstance(told, Mapping) or not (told.get("oa_id") or told.get("oaid")):
        raise Rejected("", "nothing_to_connect", said=str(told)[:200])
    verified = bool(told.get("is_verified"))
    return [
        Connected(
            remote_id=str(told.get("oa_id") or told["oaid"]),
            handle=str(told.get("oa_alias") or told.get("name")),
            name=str(told.get("name") or told.get("oa_alias")),
            grant=grant,
            account_type="verified" if verified else "unverified",
            avatar_url=str(told.get("avatar") or ""),
            capabilities={"publishing": True if verified else "needs_verification"},
        )
    ]


async def renew(session: Session) -> Grant:
    """A new pair for the refresh token, which has ended with this call: whoever calls writes it down at once."""
    form = {
        "refresh_token": str(session.grant.secrets.get("refresh_token", "")),
        "app_id": session.app.get("app_id", ""),
        "grant_type": "refresh_token",
    }
    grant = await _asked(session.http, session.urls, session.app, form, renewing=True)
    if not grant.secrets.get("refresh_token"):
        raise GrantExpired("renewal_refused", said="no new refresh token was given")
    return grant


async def _asked(
    http: Client, urls: Mapping[str, str], app: Mapping[str, str], form: Mapping[str, str], *, renewing: bool
) -> Grant:
    """The token endpoint's answer. Its errors are numbers with words; the words tell whose fault it is."""
    answer = await calls.send(
        http,
        "POST",
        f"{urls['auth']}{TOKEN}",
        write=False,
        form=dict(form),
        headers={"secret_key": app.get("secret_key", "")},
    )
    try:
        body: Any = answer.json()
    except NotJson as error:
        raise RetryLater("not_itself", said=calls.words(answer)) from error
    if answer.ok and isinstance(body, dict) and body.get("access_token"):
        return oauth.grant_from({"expires_in": LIFE, **body})
    told = body if isinstance(body, dict) else {}
    said = (
        f"{told.get('error_name') or ''} {told.get('error_description') or ''} ({told.get('error')})".strip()
    )
    if answer.status in (410, 426):
        raise Rejected("", "version_retired", said=said)
    known(answer, only=(*ENDED, *LATER))
    raise _refused(said, f"{told.get('error_name') or ''}", renewing=renewing)


def _refused(said: str, name: str, *, renewing: bool) -> ConnectorError:
    """The words tell whose fault it is: the app's, the code's or the refresh token's; where there are none, nobody's."""
    low = said.lower().replace("_", " ")
    if any(word in low for word in ("secret", "app id", "appid", "application")):
        return Rejected("secret_key", "app_keys_wrong", said=said)
    if not name:
        return RetryLater("not_itself", said=said)
    return GrantExpired("renewal_refused", said=said) if renewing else Rejected("", "code_refused", said=said)
