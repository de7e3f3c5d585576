"""Whether a text as a whole is a web address, by the letter of twitter-text (which follows RFC 3986, with far scripts), and
whether an address in it leads to given domains."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

import regex

# What stands between http(s):// and the path: name and password, host, port.
_AUTHORITIES = regex.compile(r"https?://((?:(?![/?#])[!-~]){1,300}+)", regex.IGNORECASE)
_HOST = regex.compile(r"[a-z0-9.\-]*", regex.IGNORECASE)
_ESCAPED = r"%[0-9a-f]{2}"
_FREE = r"a-z\u0400-\u04FF0-9\-._~!$&'()*+,;="
_PARTS = regex.compile(r"(?:([^:/?#]+)://)?([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?")
_SCHEME = regex.compile(r"https?", regex.IGNORECASE)
_PATH = regex.compile(rf"(?:[/{_FREE}:@|]|{_ESCAPED})*+", regex.IGNORECASE)
_AFTER_PATH = regex.compile(rf"(?:[/?{_FREE}:@|]|{_ESCAPED})*+", regex.IGNORECASE)
_AUTHORITY = regex.compile(
    rf"(?:(?:[{_FREE}:]|{_ESCAPED})*@)?(\[[a-f0-9:.]+\]|[^@:\[\]]+)(?::[0-9]{{1,5}})?", regex.IGNORECASE
)
_ABOVE = regex.compile(r"[a-z0-9\P{ASCII}](?:[a-z0-9_\-\P{ASCII}]*[a-z0-9\P{ASCII}])?", regex.IGNORECASE)
_LABEL = regex.compile(r"[a-z0-9\P{ASCII}](?:[a-z0-9\-\P{ASCII}]*[a-z0-9\P{ASCII}])?", regex.IGNORECASE)
_LAST = regex.compile(r"[a-z\P{ASCII}](?:[a-z0-9\-\P{ASCII}]*[a-z0-9\P{ASCII}])?", regex.IGNORECASE)


def is_address(text: str, *, scheme: bool = True) -> bool:
    """Whether all of it is an address. `scheme`: it must begin with http:// or https://; else it may go without any."""
    match = _PARTS.fullmatch(text)
    if match is None:
        return False
    said, authority, path, query, fragment = match.groups()
    if (scheme or said) and not _SCHEME.fullmatch(said or ""):
        return False
    if not _PATH.fullmatch(path) or not all(_AFTER_PATH.fullmatch(part or "") for part in (query, fragment)):
        return False
    host = _AUTHORITY.fullmatch(authority)
    return host is not None and _is_host(host.group(1))


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return _is_number(host[1:-1])
    *above, label, last = ["", *host.split(".")]
    if last.isdecimal():
        return _is_number(host)
    return bool(_LAST.fullmatch(last) and _LABEL.fullmatch(label) and all(map(_ABOVE.fullmatch, above[1:])))


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def leads_to(text: str, domains: Iterable[str]) -> bool:
    """Whether a whole address (http or https) on one of these domains, or below it, stands in the text.

    Domains are not looked up in the list of top-level ones: whoever has named theirs knows it.
    """
    names = [name.lower() for name in domains]
    for found in _AUTHORITIES.finditer(text):
        first = _HOST.match(found[1].rpartition("@")[2])
        host = first[0].lower().rstrip(".-") if first else ""
        if any(host == name or host.endswith(f".{name}") for name in names):
            return True
    return False
