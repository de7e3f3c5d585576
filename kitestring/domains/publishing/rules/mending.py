"""What to do first about a refusal: the same thing sent again is refused again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OF_THE_ACCOUNT: Final = frozenset(
    {"account_gone", "scope_missing", "bad_login", "moved", "host_refused", "grant_expired"}
)


def mending(
    reason: str, params: Mapping[str, object], *, has_post: bool, rewritten: bool, reconnected: bool
) -> str:
    """ "again" once the cause was put right; before that "account" or "post", "talk" for an answer to a person.

    `rewritten`: the post is another one than the refused one; `reconnected`: the account was connected since.
    """
    if reason in OF_THE_ACCOUNT or params.get("part") == "account":
        return "again" if reconnected else "account"
    if not has_post:
        return "talk"
    return "again" if rewritten else "post"
