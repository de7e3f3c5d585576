"""OAuth 2 as the channels speak it: the address to send a person to, and the calls to a token endpoint.

Vendors bend it: other names for the app's id, secrets in a header, ends told in several fields. What is the same stands here.
Source: RFC 6749, RFC 7636 (PKCE).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from yarl import URL

from kitestring.connectorkit import calls, dpop
from kitestring.connectorkit.contract import Grant
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.kit import clock
from kitestring.kit.http import Answer, Client, NotJson

# The standard's words for an app that is not known, and for a consent that has ended.
APP_WRONG: Final = {"invalid_client", "unauthorized_client", "invalid_client_id"}
ENDED: Final = {"invalid_grant", "expired_token", "invalid_refresh_token"}
UNKNOWN: Final = {"invalid_token", *ENDED}  # said of a token to be ended: there is none
# The channel could not read what our app is at our own address: that is a blip of ours and ends nobody's consent.
UNREAD: Final = "invalid_client_metadata"
# Words that speak of the moment, of a clock or of a number in a proof: none of them ends a consent.
# Source: RFC 6749, RFC 8628 (slow_down), RFC 9449 (the two of DPoP).
PASSING: Final = {
    "temporarily_unavailable", "server_error", "slow_down", "rate_limit_exceeded", *dpop.NOT_THE_GRANT,
}  # fmt: skip
DENIED: Final = {"access_denied", "user_cancelled_login", "user_cancelled_authorize", "consent_required"}


def pkce() -> tuple[str, str]:
    """(verifier, its S256 challenge)."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def consent_url(
    base: str,
    *,
    state: str,
    redirect_uri: str,
    scopes: Iterable[str] = (),
    challenge: str = "",
    separator: str = " ",
    **more: str,
) -> str:
    """The address that asks a person for these scopes. `more`: the app's id under the vendor's name, and extras."""
    query = {"response_type": "code", "redirect_uri": redirect_uri, "state": state, **more}
    if joined := separator.join(scopes):
        query["scope"] = joined
    if challenge:
        query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    return str(URL(base).update_query(query))


def code_of(params: Mapping[str, str]) -> str:
    """The code a person came back with. Raises Rejected when they said no, or came back with nothing."""
    error = params.get("error") or params.get("error_code") or params.get("errcode") or ""
    said = params.get("error_description") or params.get("error_message") or params.get("error_reason") or ""
    if error in DENIED or params.get("error_reason") == "user_denied":
        raise Rejected("", "consent_denied", said=said or error)
    code = params.get("code") or params.get("auth_code") or ""
    if error or not code:
        raise Rejected("", "consent_refused", said=said or error)
    return code


async def ask(
    http: Client,
    url: str,
    form: Mapping[str, str],
    *,
    basic: tuple[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    method: str = "POST",
    renewing: bool = False,
    app_field: str = "client_secret",
    key: dpop.Key | None = None,
) -> dict[str, Any]:
    """The token endpoint's answer. `basic`: id and secret in the header instead of in the form; `key`: the token is bound to it.

    Raises Rejected(app_field, "app_keys_wrong") when the app is not known there; for a code that does not open
    Rejected("", "code_refused"), for a renewal (`renewing`) GrantExpired; RetryLater when nobody can tell, when
    the trouble passes by itself (PASSING), or when the answer holds no token.
    """
    told = _headers(headers, basic)
    more: dict[str, Any] = {"params": dict(form)} if method == "GET" else {"form": dict(form)}
    more |= {"write": False, "headers": told}
    sending = dpop.send(http, method, url, key=key, **more) if key else calls.send(http, method, url, **more)
    answer = await sending
    body = _body(answer)
    error = error_of(body)
    if error == UNREAD:
        raise RetryLater("app_unread", said=calls.words(answer))
    if error in PASSING:
        raise RetryLater("not_itself", after=calls.retry_after(answer.headers), said=calls.words(answer))
    if error in APP_WRONG or (answer.status == 401 and error not in ENDED):
        raise Rejected(app_field, "app_keys_wrong", said=calls.words(answer))
    if answer.ok and not error and body is not None and body.get("access_token"):
        return body
    # A sound answer without a token is no refusal: nobody is disconnected because something stood in between.
    if body is None or (answer.ok and not error):
        raise RetryLater("not_itself", said=calls.words(answer))
    if renewing:
        # Beside 400 (and 401, or 200 with a word) no server refuses a grant: whatever stood on the way did.
        if error not in ENDED and (answer.status > 401 or (not error and answer.status != 400)):
            raise RetryLater("not_itself", said=calls.words(answer))
        if error in ENDED or not error:
            raise GrantExpired(said=calls.words(answer))
        raise GrantExpired("renewal_refused", said=calls.words(answer))
    raise Rejected("", "code_refused", said=calls.words(answer))


async def give_back(
    http: Client,
    url: str,
    grant: Grant,
    form: Mapping[str, str] | None = None,
    *,
    basic: tuple[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    tokens: Iterable[str] = ("refresh_token", "access_token"),
) -> None:
    """End the tokens of a grant at the channel; one that it does not know has ended. Source: RFC 7009.

    Raises Rejected("", "not_given_back") when it refuses, RetryLater when nobody can tell.
    """
    told = _headers(headers, basic)
    for token in (str(grant.secrets.get(name) or "") for name in tokens):
        if not token:
            continue
        sent = {**(form or {}), "token": token}
        answer = await calls.send(http, "POST", url, write=False, headers=told, form=sent)
        error = error_of(_body(answer))
        if calls.is_page(answer) or (error and error not in UNKNOWN) or not (answer.ok or error):
            raise Rejected("", "not_given_back", said=calls.words(answer))


def renewal(grant: Grant, **more: str) -> dict[str, str]:
    """The form that asks for the next tokens; `more`: the app's keys where they belong in the form.

    Raises GrantExpired("renewal_refused") when the grant has nothing to ask with.
    """
    refresh = str(grant.secrets.get("refresh_token") or "")
    if not refresh:
        raise GrantExpired("renewal_refused")
    return {"grant_type": "refresh_token", "refresh_token": refresh, **more}


def _headers(headers: Mapping[str, str] | None, basic: tuple[str, str] | None) -> dict[str, str]:
    told = dict(headers or {})
    if basic:
        told["authorization"] = "Basic " + base64.b64encode(":".join(basic).encode()).decode()
    return told


def _body(answer: Answer) -> dict[str, Any] | None:
    try:
        found = answer.json()
    except NotJson:
        return None
    return found if isinstance(found, dict) else None


def error_of(body: Mapping[str, Any] | None) -> str:
    """The error's code, wherever the vendor puts it; "" when there is none."""
    found = (body or {}).get("error")
    if isinstance(found, Mapping):
        found = found.get("error") or found.get("code") or found.get("type")
    return "" if found in (None, "", "ok", 0) else str(found)


def grant_from(
    body: Mapping[str, Any],
    *,
    before: Mapping[str, Any] | None = None,
    scopes: Iterable[str] = (),
    separator: str = " ",
    ends: str = "expires_in",
    **more: Any,
) -> Grant:
    """The grant a token answer gives. `before`: secrets kept where the answer leaves them out (a refresh token that stays).

    `ends` names the field with the seconds the access token lives. `more` goes into the secrets too.
    """
    kept = {**(before or {}), **more, "access_token": str(body["access_token"])}
    if body.get("refresh_token"):
        kept["refresh_token"] = str(body["refresh_token"])
    told = body.get("scope")
    given = (
        told
        if isinstance(told, list)
        else str(told).replace(",", separator).split(separator)
        if told
        else scopes
    )
    life = body.get(ends)
    end = clock.now() + timedelta(seconds=float(life)) if life not in (None, "", 0) else None
    return Grant(kept, tuple(str(one) for one in given if one), end)
