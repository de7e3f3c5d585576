"""What somebody chose in the list of posts, read from the address; what cannot be read is not chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.db.models import QuerySet

from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import in_language, on_account
from kitestring.domains.publishing.queries.posts import standing_as
from kitestring.domains.publishing.rules.seen import LOUDEST
from kitestring.domains.workspaces.models import Language
from kitestring.kit.words import LONGEST, with_words, words_of
from kitestring.ui.states import look

# In the order of a post's life; each by the word of its chip.
STATES: Final = (
    "draft", "approval", "scheduled", "held", "sending", "processing", "partly_out", "handed_off", "needs_attention", "unknown",
    "failed", "published", "settled", "withdrawn", "cancelled",
)  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """ "" : not chosen. `account` and `campaign` are ids, as they stand in the address."""

    q: str = ""
    state: str = ""
    account: str = ""
    campaign: str = ""
    language: str = ""

    def __bool__(self) -> bool:
        return bool(self.address)

    @property
    def address(self) -> str:
        """What of the address says it; pages add theirs."""
        given = {name: value for name, value in vars(self).items() if value}
        return urlencode(given)

    def of(self, posts: QuerySet[Post]) -> QuerySet[Post]:
        """The posts that fit everything that was chosen."""
        if self.state:
            posts = standing_as(posts, self.state)
        if self.account:
            posts = on_account(posts, self.account)
        if self.campaign:
            posts = posts.filter(campaign_id=self.campaign)
        if self.language:
            posts = in_language(posts, self.language)
        return with_words(posts, words_of(self.q), "title", "text")


def chosen_from(asked: Mapping[str, str], accounts: Collection[str], campaigns: Collection[str]) -> Chosen:
    """`accounts`, `campaigns`: the ids that may be chosen."""
    typed = asked.get("q", "").replace("\0", "").strip()[:LONGEST]
    return Chosen(
        q=typed if words_of(typed) else "",
        state=_one_of(asked.get("state", ""), LOUDEST),
        account=_one_of(asked.get("account", ""), accounts),
        campaign=_one_of(asked.get("campaign", ""), campaigns),
        language=_one_of(asked.get("language", ""), Language.values),
    )


def _one_of(value: str, known: Collection[str]) -> str:
    return value if value in known else ""


def state_choices() -> list[tuple[str, str]]:
    """Each state with the word that its chip has in the list."""
    return [(state, str(look(state).word)) for state in STATES]
