"""What a channel will strip from the articles of a post, told once more where it is sent off."""

from __future__ import annotations

from collections.abc import Sequence

from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import manifest_for
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries.desk import sides_of


def stripped(post: Post, leaves: Sequence[Account], language: str) -> list[tuple[Account, str]]:
    """(account, sentence) for each thing, of the accounts that `leaves` names."""
    wanted = {account.pk for account in leaves if _takes_articles(account)}
    if not wanted:
        return []
    return [
        (side.variant.account, problem.sentence)
        for side in sides_of(post, language)
        if side.kind.article is not None and side.variant.account_id in wanted
        for problem in side.problems
        if problem.severity == "warning" and problem.words
    ]


def _takes_articles(account: Account) -> bool:
    try:
        return any(kind.article is not None for kind in manifest_for(account).kinds)
    except KeyError:
        return False
