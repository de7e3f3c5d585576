"""What was typed for an account: the app's own domains, and the address of the person who works with it.

Source: open.weibo.com/wiki/2/statuses/share: a post holds an address on the app's 安全域名; `rip` is the user's real IP.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Final

from yarl import URL

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.kit.http.guard import may_connect

OWN: Final = (
    "own_domains"  # by this name the composer knows that an account's posts want a link on one of them
)
_NAME: Final = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


def domains(typed: str) -> list[str]:
    """The domains in what was typed, an address or several with commas between. Raises Rejected("safe_domain")."""
    found = []
    for one in re.split(r"[\s,，、;；]+", typed.strip().lower()):
        name = (URL(one).host or "") if one.startswith(("http://", "https://")) else one.split("/")[0]
        if one and not _NAME.fullmatch(name):
            raise Rejected("safe_domain", "domain_unreadable", params={"domain": one[:80]})
        found += [name] if one else []
    return list(dict.fromkeys(found))


def person_ip(typed: str) -> str:
    """The public IPv4 address that was typed, public as our own calls judge it. Raises Rejected("rip")."""
    try:
        address = IPv4Address(typed.strip())
    except ValueError:
        address = IPv4Address(0)
    if not may_connect(address, allow_loopback=False):
        raise Rejected("rip", "ip_unreadable", params={"ip": typed.strip()[:60]})
    return str(address)


def rip(session: Session) -> str:
    """The address of the person who works with the account. Raises Rejected("", "ip_missing")."""
    told = str(session.settings.get("rip") or "")
    if not told:
        raise Rejected("", "ip_missing")
    return told


def own(settings: Mapping[str, object]) -> list[str]:
    found = settings.get(OWN)
    return [str(one) for one in found] if isinstance(found, list | tuple) else []
