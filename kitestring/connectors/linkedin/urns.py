"""LinkedIn's names for things (urn:li:share:1), and how they stand in an address: encoded to the last colon.

Source: learn.microsoft.com/linkedin, Rest.li Protocol 2.0.0, and URNs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

import regex

from kitestring.connectorkit.errors import Rejected

_POST = regex.compile(r"urn:li:(?:share|ugcPost|activity):\d{1,25}")
_COMMENT = regex.compile(
    r"urn:li:comment:\((?P<thread>urn:li:(?:activity|share|ugcPost):\d{1,25}),(?P<id>\d{1,25})\)"
)


def encoded(urn: str) -> str:
    return quote(urn, safe="")


def listing(urns: Iterable[str]) -> str:
    """Several as one value of a query."""
    return f"List({','.join(encoded(urn) for urn in urns)})"


def query(pairs: Sequence[tuple[str, str]]) -> str:
    """A query of values that are encoded already."""
    return "&".join(f"{key}={value}" for key, value in pairs)


def post(urn: str) -> str:
    """A post's name, encoded. Raises Rejected("", "not_there") for what cannot be one."""
    if not _POST.fullmatch(urn):
        raise Rejected("", "not_there")
    return encoded(urn)


def is_comment(urn: str) -> bool:
    return urn.startswith("urn:li:comment:")


def comment(urn: str) -> tuple[str, str]:
    """(the thread it hangs in, its number there). Raises Rejected("", "not_there")."""
    found = _COMMENT.fullmatch(urn)
    if found is None:
        raise Rejected("", "not_there")
    return str(found["thread"]), str(found["id"])
