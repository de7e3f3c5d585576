"""What an access token may do: the scopes of the application that was made on the server, and what each is needed for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon.client import Server

# methods/* of github.com/mastodon/documentation: the narrow scope of each call; "read" and "write" hold all of theirs.
NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "publishing": ("write:statuses", "write:media"),
    "inbox": ("read:statuses",),
    "messages": ("read:statuses", "write:statuses"),
    "mentions": ("read:notifications",),
    "metrics": ("read:statuses", "read:accounts"),
    "like": ("write:favourites",),
}
ALL: Final = tuple(dict.fromkeys(scope for scopes in NEEDED.values() for scope in scopes))


def missing(scopes: Collection[str], wanted: Collection[str] = ALL) -> list[str]:
    """Those of `wanted` that none of `scopes` covers."""
    return [scope for scope in wanted if not {scope, scope.partition(":")[0]} & set(scopes)]


async def given(place: Server) -> tuple[str, ...] | None:
    """The scopes of the token's application; None where the server does not tell (Mastodon tells from 4.3 on)."""
    try:
        told = await place.read("/api/v1/apps/verify_credentials")
    except Rejected:  # not there, or older servers, that want the whole of "read" for this question
        return None
    scopes = told.get("scopes") if isinstance(told, dict) else None
    return tuple(str(scope) for scope in scopes) if isinstance(scopes, list) and scopes else None
