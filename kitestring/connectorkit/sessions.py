"""Opens an account's session: a guarded client for exactly this channel's hosts, and its addresses by name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any

import regex
from yarl import URL

from kitestring.connectorkit.contract import Grant, Session
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectorkit.manifest import Manifest
from kitestring.kit.http import Client, as_http


def addresses(
    manifest: Manifest,
    urls_override: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> dict[str, str]:
    """Base addresses by name: the manifest's, over them the operator's, over them the account's own.

    An account's own (`settings["urls"]`, written by `auth.connect` of self-hosted channels) count only where the
    manifest says `self_hosted`.
    """
    urls = {**manifest.hosts.urls, **(urls_override or {})}
    if manifest.hosts.self_hosted and settings:
        urls.update(settings.get("urls") or {})
    return {name: url.rstrip("/") for name, url in urls.items() if url}


def allowed_hosts(manifest: Manifest, urls: Mapping[str, str]) -> tuple[str, ...]:
    """The manifest's host patterns and, to the port, the hosts of the configured addresses."""
    configured = {f"{_bracketed(URL(url))}:{URL(url).port}" for url in urls.values()}
    return (*manifest.hosts.allowed, *sorted(configured))


def hosts_within(
    manifest: Manifest, urls: Mapping[str, str], only: Collection[str] | None
) -> tuple[str, ...]:
    """What may be called: as `allowed_hosts` says, or `only` these addresses and nothing else of the manifest's.

    Raises RetryLater("demo_only") when an address of `urls` lies outside `only`: a demo keeps to its sandbox.
    """
    if only is None:
        return allowed_hosts(manifest, urls)
    inside = {str(URL(address).origin()): URL(address) for address in only}
    if any(str(URL(address).origin()) not in inside for address in urls.values()):
        raise RetryLater("demo_only")
    return tuple(sorted(f"{_bracketed(url)}:{url.port}" for url in inside.values()))


def _bracketed(url: URL) -> str:
    host = url.host or ""
    return f"[{host}]" if ":" in host else host


def typed_address(manifest: Manifest, answers: Mapping[str, str]) -> str:
    """What a person typed as the server's address, as a base URL; "" when the channel asks for none.

    Raises Rejected(field, "bad_address").
    """
    return typed_addresses(manifest, answers).get("api", "")


def typed_addresses(manifest: Manifest, answers: Mapping[str, str]) -> dict[str, str]:
    """Every address a person typed, by name: the first field of kind "url" is `api`, a further one has its key's name.

    A field that may be empty and is gives none. Raises Rejected(field, "bad_address").
    """
    found: dict[str, str] = {}
    for asked in (one for one in manifest.auth.fields if one.kind == "url"):
        text = (answers.get(asked.key) or "").strip() or asked.default
        if text or asked.required or not found:
            found["api" if not found else asked.key] = _as_base(asked.key, text)
    return found


def _as_base(field: str, typed: str) -> str:
    text = as_http(typed if not typed or "://" in typed else f"https://{typed}")
    try:
        url = URL(text)
        named = regex.fullmatch(r"[\p{L}\p{N}_.\-]+|[0-9a-f:.]*:[0-9a-f:.]*", url.host or "")
        sound = bool(url.scheme in ("http", "https") and named and url.port and not url.user)
    except ValueError:
        sound = False
    if not sound:
        raise Rejected(field, "bad_address", params={"address": text[:200]})
    return str(url.with_query(None).with_fragment(None)).rstrip("/")


@asynccontextmanager
async def connecting(
    manifest: Manifest,
    answers: Mapping[str, str],
    *,
    urls_override: Mapping[str, str] | None = None,
    allow_loopback: bool = False,
    only: Collection[str] | None = None,
) -> AsyncIterator[tuple[Client, dict[str, str]]]:
    """The client and the addresses to hand to `auth.connect`, before there is an account. `only`: see `hosts_within`."""
    own: dict[str, Any] = {}
    if manifest.hosts.self_hosted and (typed := typed_addresses(manifest, answers)):
        own = {"urls": typed}
    urls = addresses(manifest, urls_override, own)
    async with Client(hosts_within(manifest, urls, only), allow_loopback=allow_loopback) as http:
        yield http, urls


def held_session(
    manifest: Manifest,
    grant: Grant,
    *,
    remote_id: str = "",
    handle: str = "",
    account_type: str = "",
    settings: Mapping[str, Any] | None = None,
    app: Mapping[str, str] | None = None,
    urls_override: Mapping[str, str] | None = None,
    allow_loopback: bool = False,
    only: Collection[str] | None = None,
    timeout: float = 20.0,
    cursor: str = "",
) -> Session:
    """An account's session for whoever holds the event loop's connections (`kit.http.hold`). `only`: `hosts_within`."""
    urls = addresses(manifest, urls_override, settings)
    hosts = hosts_within(manifest, urls, only)
    http = Client(hosts, allow_loopback=allow_loopback, timeout=timeout)
    own, keys = dict(settings or {}), dict(app or {})
    return Session(http, urls, grant, remote_id, handle, account_type, own, keys, cursor)


@asynccontextmanager
async def session(manifest: Manifest, grant: Grant, **facts: Any) -> AsyncIterator[Session]:
    """The same, with the connections open while inside. All sessions of an event loop share them."""
    made = held_session(manifest, grant, **facts)
    async with made.http:
        yield made
