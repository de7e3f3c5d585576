"""Opens an account's sealed grant and its session with the channel. Nothing else opens a sealed grant or address.

`ask` is for coroutines, `talk` for plain code; both renew a grant that is about to end before they use it, and one that was
refused before they believe it.
An account of a demo workspace speaks to the sandbox's own addresses and to nobody else; see `fence`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from kitestring.connectorkit import registry, sessions
from kitestring.connectorkit.contract import Grant, Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.powers import Auth
from kitestring.domains.channels.models import Account, AppHook, AppKey, ConnectLink, Hook, StoredGrant, Visit
from kitestring.domains.channels.queries import (
    all_app_hooks,
    all_app_keys,
    all_grants,
    all_hooks,
    all_links,
    all_visits,
    app_key,
    grant_of,
)
from kitestring.domains.channels.rules import BY_HAND, NO_WORD_ON_IT
from kitestring.domains.workspaces.models import Workspace
from kitestring.kit.clock import now
from kitestring.kit.crypto import SealBroken, Vault
from kitestring.kit.shelf import Shelf, ShelfBroken

log = logging.getLogger(__name__)
T = TypeVar("T")
SOON: Final = timedelta(seconds=90)
ENDED: Final = timedelta(seconds=5)  # no call begun now is answered before the grant ends
APP: Final = "_app"  # where a sealed grant holds the operator's app it was given to
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
Fence = tuple[str, ...] | None


def vault() -> Vault:
    return Vault(settings.CRYPTO_KEYS)


def fence(workspace: Workspace, channel: str) -> Fence:
    """The only addresses a workspace may call on this channel; None when it is no demo and the manifest decides.

    They are the sandbox's, and known only where it was started with the instance: elsewhere a demo calls nobody.
    """
    if not workspace.is_demo:
        return None
    given = settings.CHANNEL_URLS.get(channel, {}) if settings.DEMO else {}
    return tuple(url for url in given.values() if urlsplit(url).hostname in LOOPBACK)


def sandbox_of(workspace: Workspace, channel: str) -> str:
    """In a demo: where its sandbox plays this channel, and says what it takes to connect; else ""."""
    return next(iter(fence(workspace, channel) or ()), "")


def open_grant(stored: StoredGrant | None) -> Grant:
    """The grant in clear. Raises GrantExpired when there is none, or when its key is gone."""
    if stored is None:
        raise GrantExpired("no_grant")
    try:
        secrets = vault().open(stored.sealed)
    except SealBroken as error:
        raise GrantExpired("seal_broken", said=str(error)) from error
    return Grant(secrets, tuple(stored.scopes), stored.expires_at)


def keep_grant(account_id: UUID, grant: Grant, *, by_person: bool = False) -> StoredGrant:
    """Seal a grant and store it as the account's only one. Called inside a transaction. `by_person`: connected, not renewed."""
    stored = grant_of(account_id, hold=True) or StoredGrant(account_id=account_id)
    stored.sealed = vault().seal(grant.secrets)
    stored.scopes = list(grant.scopes)
    stored.expires_at = grant.expires_at
    stored.renewed_at = now()
    stored.refused_at, stored.refused = None, ""
    stored.doubted_at = None if by_person else stored.doubted_at
    stored.save()
    return stored


def with_app(grant: Grant, app: Mapping[str, str]) -> Grant:
    """The grant with the operator's app it was given to, so that whoever sends needs no other row to prove it."""
    return replace(grant, secrets={**grant.secrets, APP: dict(app)}) if app else grant


def _parted(grant: Grant) -> tuple[Grant, dict[str, str]]:
    """(what the connector knows as the grant, the app)."""
    if APP not in grant.secrets:
        return grant, {}
    secrets = dict(grant.secrets)
    app = secrets.pop(APP)
    return replace(grant, secrets=secrets), dict(app)


def app_of(workspace: Workspace, provider: str) -> dict[str, str]:
    """The operator's app at a platform, in clear; empty when none was typed in, or when its key is gone."""
    kept = app_key(workspace, provider)
    try:
        return dict(vault().open(kept.sealed)) if kept else {}
    except SealBroken:
        return {}


def seal_app(kept: AppKey, app: Mapping[str, str]) -> None:
    """The caller saves."""
    kept.sealed = vault().seal(dict(app))


def put_app(stored: StoredGrant, app: Mapping[str, str]) -> None:
    """Give a grant the app's new keys; nothing else of it changes. Called inside a transaction. Raises GrantExpired."""
    stored.sealed = vault().seal(with_app(open_grant(stored), app).secrets)
    stored.save(update_fields=["sealed"])


def seal_visit(visit: Visit | ConnectLink, told: Mapping[str, Any]) -> None:
    """The caller saves."""
    visit.sealed = vault().seal(dict(told))


def visit_told(visit: Visit | ConnectLink) -> dict[str, Any]:
    """What was kept for the way out or back, or what was found there. Raises SealBroken."""
    return dict(vault().open(visit.sealed))


def _ends_before(stored: StoredGrant | None, moment: datetime) -> bool:
    return stored is not None and stored.expires_at is not None and stored.expires_at <= moment


def renewed_grant(
    account: Account, *, until: datetime, force: bool = False, refused: Grant | None = None
) -> Grant:
    """The account's grant, renewed first if it ends before `until`, by `force`, or when it is the `refused` one still.

    One holder at a time, by the row's lock; who waited finds the new one and asks nothing of the channel. What the channel
    gives is on disk before it is in the database. Raises the connector's outcomes: GrantExpired when the
    consent has ended, RetryLater or Ambiguous when nobody can tell yet.
    """
    auth = registry.connected_by(account.channel, account.way).auth
    with transaction.atomic():
        stored = grant_of(account.pk, hold=True)
        grant = open_grant(stored)
        asked = force or (refused is not None and refused.secrets == grant.secrets)
        if stored is None or auth is None or not (asked or _ends_before(stored, until)):
            return grant
        left = _set_down_for(stored)
        grant = left or _asked_for(account, auth, grant, stored)
        keep_grant(account.pk, grant)
    shelf().drop(account.pk)
    return grant


def _asked_for(account: Account, auth: Auth, grant: Grant, stored: StoredGrant) -> Grant:
    """A new grant from the channel, set down where it outlives us."""
    renew, only = auth.renew, fence(account.workspace, account.channel)
    try:
        fresh = async_to_sync(within)(account, grant, only, lambda session: renew(session))
    except Rejected as error:
        if error.reason in NO_WORD_ON_IT:
            raise RetryLater(error.reason, said=error.said, params=error.params) from error
        raise
    fresh = with_app(fresh, grant.secrets.get(APP, {}))
    try:
        set_down(stored, fresh)
    except OSError as error:
        # A full disk must not cost the account: the commit that follows is enough, unless we die before it.
        log.error("The new grant of account %s is not on disk before it is stored: %s", account.pk, error)
    return fresh


def shelf() -> Shelf:
    """Grants that a channel has given this machine and the database may not have yet."""
    return Shelf(Path(settings.HOME) / "grants", vault())


def set_down(stored: StoredGrant, fresh: Grant) -> None:
    """Keep what takes the place of `stored` where it survives us. Raises OSError."""
    ends = fresh.expires_at.isoformat() if fresh.expires_at else None
    told = {"secrets": dict(fresh.secrets), "scopes": list(fresh.scopes), "ends": ends}
    shelf().put(stored.account_id, told | {"after": stored.renewed_at.isoformat()})


def _set_down_for(stored: StoredGrant) -> Grant | None:
    try:
        return _opened_from_shelf(stored)
    except ShelfBroken:
        return None


def _opened_from_shelf(stored: StoredGrant) -> Grant | None:
    told = shelf().get(stored.account_id)
    if told is None or datetime.fromisoformat(told["after"]) != stored.renewed_at:
        return None
    ends = datetime.fromisoformat(told["ends"]) if told["ends"] else None
    return Grant(told["secrets"], tuple(told["scopes"]), ends)


def recovered(account_id: UUID) -> bool:
    """Store what was set down for an account and never reached the database; whether there was such a grant.

    Dropped when the database has it or something later; what cannot be opened now is left for when it can.
    """
    with transaction.atomic():
        stored = grant_of(account_id, hold=True)
        try:
            left = _opened_from_shelf(stored) if stored is not None else None
        except ShelfBroken as error:
            log.error("The grant that was set down for account %s is left as it is: %s", account_id, error)
            return False
        if left is not None:
            keep_grant(account_id, left)
    shelf().drop(account_id)
    return left is not None


def grant_for(account: Account) -> Grant:
    """The grant to work with now: as stored, or renewed when it is about to end."""
    stored = grant_of(account.pk)
    if _ends_before(stored, now() + SOON):
        return renewed_grant(account, until=now() + SOON)
    return open_grant(stored)


def _to_enter(account: Account) -> tuple[Grant, Fence]:
    return grant_for(account), fence(account.workspace, account.channel)


def ends_soon(account: Account) -> bool:
    """Whether the account's grant, as it was loaded, ends within moments."""
    return _ends_before(getattr(account, "grant", None), now() + SOON)


def opened(account: Account, *, timeout: float = 20.0) -> Session:
    """The account's session, by the grant as it was loaded, for whoever holds the loop's connections (`kit.http.hold`).

    Asks nothing of the channel. Raises GrantExpired, and RetryLater while a grant that ended waits for its renewal.
    """
    stored = getattr(account, "grant", None)
    if _ends_before(stored, now() + ENDED):
        raise RetryLater("grant_renewing")
    grant = open_grant(stored)
    only = fence(account.workspace, account.channel)
    bare, app = _parted(grant)
    return sessions.held_session(
        registry.get(account.channel).manifest, bare, app=app, **_facts(account, only, timeout)
    )


def _facts(account: Account, only: Fence, timeout: float) -> dict[str, Any]:
    return {
        "remote_id": account.remote_id,
        "handle": account.handle,
        "account_type": account.account_type,
        "settings": {**account.settings, **({"urls": account.urls} if account.urls else {})},
        "urls_override": settings.CHANNEL_URLS.get(account.channel),
        "allow_loopback": settings.ALLOW_LOOPBACK,
        "only": only,
        "timeout": timeout,
        "cursor": account.inbox_cursor,
    }


def _opened(
    account: Account, grant: Grant, only: Fence, timeout: float
) -> AbstractAsyncContextManager[Session]:
    manifest = registry.get(account.channel).manifest
    bare, app = _parted(grant)
    return sessions.session(manifest, bare, app=app, **_facts(account, only, timeout))


async def within(
    account: Account,
    grant: Grant,
    only: Fence,
    call: Callable[[Session], Awaitable[T]],
    timeout: float = 20.0,
) -> T:
    async with _opened(account, grant, only, timeout) as session:
        return await call(session)


async def ask(account: Account, call: Callable[[Session], Awaitable[T]], *, timeout: float = 20.0) -> T:
    """Await one call with the account's session and return its result; the connector's outcomes are raised.

    A refusal of the grant is not believed at once: it is renewed, or where nothing renews it the channel is asked whether it
    still opens, and the call is made once more. So `call` may be made twice, and GrantExpired comes only from a refused
    renewal or of two refusals in a row; RetryLater("grant_stands") is a second one of a grant that opens all the same.
    """
    grant, only = await sync_to_async(_to_enter)(account)
    try:
        return await within(account, grant, only, call, timeout)
    except GrantExpired as refused:
        fresh = await sync_to_async(_after_refusal)(account, grant, refused)
    try:
        return await within(account, fresh, only, call, timeout)
    except GrantExpired as refused:
        if fresh.secrets == grant.secrets or await sync_to_async(_another_is_stored)(account, fresh):
            raise RetryLater("grant_stands", said=refused.said) from refused
        raise


def talk(account: Account, call: Callable[[Session], Awaitable[T]], *, timeout: float = 20.0) -> T:
    """`ask`, for plain code."""
    return async_to_sync(ask)(account, call, timeout=timeout)


def _after_refusal(account: Account, grant: Grant, refused: GrantExpired) -> Grant:
    """What to work with when `grant` was refused. Raises GrantExpired where that is its end, RetryLater when nobody can tell."""
    try:
        return renewed_grant(account, until=now() + SOON, refused=grant)
    except (GrantExpired, Rejected) as error:
        if error.reason == BY_HAND:
            return grant
        raise GrantExpired(error.reason, said=error.said or refused.said) from error
    except ConnectorError as error:
        after = error.after if isinstance(error, RetryLater) else None
        raise RetryLater(error.reason, after=after, said=error.said) from error


def _another_is_stored(account: Account, grant: Grant) -> bool:
    """Whether somebody connected or renewed meanwhile: then the refusal was of what is no longer ours."""
    stored = grant_of(account.pk)
    return stored is not None and open_grant(stored).secrets != grant.secrets


def seal_hook(hook: Hook | AppHook, token: str, secrets: Mapping[str, str]) -> None:
    """Put the secret part of an address and what was agreed with the channel on its row, sealed. The caller saves."""
    hook.sealed = vault().seal({"token": token, "secrets": dict(secrets)})


def hook_secrets(hook: Hook | AppHook) -> dict[str, str]:
    """What was agreed with the channel. Raises SealBroken."""
    return dict(vault().open(hook.sealed)["secrets"])


def hook_keys(hook: Hook, names: Collection[str]) -> dict[str, str]:
    """The secrets that its channel signs with, of the account's grant or of the operator's app; "" for one that neither has.

    Raises GrantExpired.
    """
    if not names:
        return {}
    grant, app = _parted(open_grant(grant_of(hook.account_id)))
    return {name: str(grant.secrets.get(name) or app.get(name) or "") for name in names}


def app_keys_for(kept: AppKey, names: Collection[str]) -> dict[str, str]:
    """The secrets of an operator's app that its channel signs with; "" for one that was not typed in. Raises SealBroken."""
    app = vault().open(kept.sealed)
    return {name: str(app.get(name) or "") for name in names}


def hook_token(hook: Hook | AppHook) -> str:
    """The secret part of its address. Raises SealBroken."""
    return str(vault().open(hook.sealed)["token"])


def hook_address(channel: str, hook: Hook | AppHook) -> str:
    """What the channel calls, in full. Raises SealBroken."""
    door = "channels:app_hook" if isinstance(hook, AppHook) else "channels:hook"
    return str(settings.PUBLIC_URL) + reverse(door, args=[channel, hook_token(hook)])


def rotate_keys() -> int:
    """Seal every grant, address and app anew with the first key; all or nothing. Returns how many grants. Raises SealBroken."""
    keys, changed = vault(), 0
    shelf().seal_anew()
    with transaction.atomic():
        for stored in all_grants():
            stored.sealed = keys.rotate(stored.sealed)
            stored.save(update_fields=["sealed"])
            changed += 1
        rest: Iterable[Hook | AppHook | AppKey | Visit | ConnectLink] = chain(
            all_hooks(), all_app_hooks(), all_app_keys(), all_visits(), all_links()
        )
        for row in rest:
            row.sealed = keys.rotate(row.sealed)
            row.save(update_fields=["sealed"])
    return changed
