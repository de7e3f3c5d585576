"""Where the account may post: its own profile and the communities it joined, with their flairs."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final

from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.reddit.client import Api

MOST_FLAIRS: Final = 30  # communities whose flairs are asked for when connecting: one call each
NAME: Final = re.compile(r"(?:/?r/)?((?:u_)?[A-Za-z0-9_-]{2,24})/?")


def name_of(typed: str) -> str:
    """A community's bare name; "" when it cannot be one."""
    match = NAME.fullmatch(typed.strip())
    return match[1] if match else ""


def split(flair: str) -> tuple[str, str]:
    """(community, template) of a flair as it is kept in the account's settings."""
    place, _, template = flair.partition("/")
    return place, template


async def found(caller: Api, username: str, scopes: Collection[str]) -> dict[str, Any]:
    """Settings {"subreddits", "flairs"}: what can be chosen. Flairs that Reddit keeps from the account are left out."""
    own = f"u_{username}"
    listed = [{"value": own, "label": f"u/{username}"}]
    if "mysubreddits" in scopes:
        for row in await caller.things("subreddits/mine/subscriber", [("limit", "100")]):
            name = str(row.get("display_name") or "")
            if name and name != own:
                listed.append({"value": name, "label": f"r/{name}"})
    flairs: list[dict[str, str]] = []
    if "flair" in scopes:
        for one in listed[1 : MOST_FLAIRS + 1]:
            flairs += await _flairs(caller, one["value"])
    return {"subreddits": listed, "flairs": flairs}


async def _flairs(caller: Api, place: str) -> list[dict[str, str]]:
    """The flairs that a post in this community may carry."""
    try:
        told = await caller.read(f"r/{place}/api/link_flair_v2")
    except Rejected as error:
        if error.reason == "host_refused":
            raise
        return []  # a community without flairs, or one that shows them to moderators only
    return [
        {"value": f"{place}/{row['id']}", "label": f"r/{place}: {row.get('text') or row['id']}"}
        for row in (told if isinstance(told, list) else [])
        if isinstance(row, dict) and row.get("id") and not row.get("mod_only")
    ]
