"""On which accounts a post is out already. Deliveries are a higher room's business: it says so here when it starts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final
from uuid import UUID

from kitestring.domains.composing.models import Post

# Of a post's id: the accounts that have it, or are being sent it this moment.
Teller = Callable[[UUID], Collection[UUID]]
_tellers: Final[list[Teller]] = []


def told_by(teller: Teller) -> None:
    """Have `teller` asked before words are changed."""
    if teller not in _tellers:
        _tellers.append(teller)


def out_on(post: Post) -> set[UUID]:
    """The accounts whose words are theirs for good."""
    return {account for teller in _tellers for account in teller(post.pk)}
