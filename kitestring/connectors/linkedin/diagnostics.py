"""What is wrong with an account, asked of LinkedIn: its consent and its end, its rights, the person's role on the Page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.linkedin import auth
from kitestring.connectors.linkedin.client import MANIFEST, api
from kitestring.kit import clock

SOON: Final = timedelta(days=14)


async def examine(session: Session) -> Examined:
    """Findings and rights. Raises RetryLater when LinkedIn cannot be asked now."""
    try:
        held = await _held(session)
        token = await _token(session)
    except (GrantExpired, Rejected) as error:
        return Examined([Finding("bad", error.reason)], session.grant.scopes or None)
    if token.get("active") is False:
        return Examined([Finding("bad", "grant_expired")], session.grant.scopes or None)
    found = [*_role(session, held), *_end(session, token)]
    given = _scopes(token) or session.grant.scopes
    if lacking := [key for key in _needed(session) if given and key not in given]:
        found.append(Finding("warning", "rights_missing", {"rights": ", ".join(lacking)}))
    if not session.app.get("client_secret"):
        found.append(Finding("warning", "app_keys_missing"))
    return Examined(found or [Finding("good", "health_good")], given or None)


async def _held(session: Session) -> set[str]:
    """The person's roles on the Page; of a person nothing but that the consent opens."""
    if session.account_type == "person":
        await api(session).userinfo()
        return set()
    return (await auth.roles(api(session))).get(session.remote_id, set())


def _role(session: Session, held: set[str]) -> list[Finding]:
    if session.account_type == "person" or auth.ADMIN in held:
        return []
    if held & set(auth.WRITERS):
        return [Finding("warning", "numbers_for_admins")]
    return [Finding("bad", "role_lost")]


async def _token(session: Session) -> dict[str, Any]:
    """What LinkedIn says of the token; {} where the app's keys are not here to ask with."""
    if not session.app.get("client_secret"):
        return {}
    form = {
        "client_id": session.app["client_id"],
        "client_secret": session.app["client_secret"],
        "token": str(session.grant.secrets.get("access_token", "")),
    }
    url = f"{session.urls['auth']}/oauth/v2/introspectToken"
    answer = await calls.send(session.http, "POST", url, write=False, form=form)
    if answer.status in (400, 401):
        raise Rejected("client_secret", "app_keys_wrong", said=calls.words(answer))
    found = calls.settled(answer, write=False)
    return found if isinstance(found, dict) else {}


def _end(session: Session, token: dict[str, Any]) -> list[Finding]:
    """A warning two weeks ahead: of the consent, where nothing renews it, else of what renews it."""
    told = token.get("expires_at")
    ends = datetime.fromtimestamp(told, UTC) if isinstance(told, int) else session.grant.expires_at
    if session.grant.secrets.get("refresh_token"):
        kept = str(session.grant.secrets.get(auth.REFRESH_ENDS) or "")
        ends = datetime.fromisoformat(kept) if kept else None
    if ends is None or ends - clock.now() > SOON:
        return []
    return [Finding("warning", "ends_soon", {"day": ends.date().isoformat()})]


def _scopes(token: dict[str, Any]) -> tuple[str, ...]:
    told = token.get("scope")
    return tuple(told.replace(",", " ").split()) if isinstance(told, str) else ()


def _needed(session: Session) -> list[str]:
    return [scope.key for scope in MANIFEST.auth.scopes if scope.asked_of(session.account_type or "page")]
