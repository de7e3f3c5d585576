"""Which addresses can be a post's on its channel: what a person pastes as the proof must lie there."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from kitestring.connectorkit.manifest import Manifest


def hosts_of_posts(
    manifest: Manifest, handle: str, urls: Mapping[str, str], configured: Mapping[str, str]
) -> tuple[str, ...]:
    """Where its posts are read: by the manifest, by the operator's setting, and of a channel whose servers people name
    themselves by the account's own. Empty: nobody said, so any address will do.
    """
    known = [
        _host(manifest.hosts.urls.get("web", "")),
        _host(configured.get("web", "")),
        *manifest.hosts.shown,
    ]
    if manifest.hosts.self_hosted:
        known += [*map(_host, urls.values()), _host(f"//{handle.rpartition('@')[2]}")]
    if manifest.hand_off:
        known += manifest.hand_off.proof_hosts
    return tuple(dict.fromkeys(one.removeprefix("www.") for one in known if one))


def on_hosts(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether the address lies on one of the hosts, or below one (`*.` and plain names alike); with a path, under that path."""
    return any(_on(url, known) for known in hosts)


def _on(url: str, known: str) -> bool:
    name, _slash, path = known.removeprefix("*.").partition("/")
    host = _host(url)
    return (host == name or host.endswith(f".{name}")) and urlsplit(url).path.startswith(f"/{path}")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower().removesuffix(".")
    except ValueError:
        return ""
