"""The idea wall as a person sees it: order, language filter, blind votes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from babel import Locale, UnknownLocaleError

from kitestring.domains.ideas.models import Decision, Idea

ORDERS: Final = ("came", "votes")
DOTS: Final = 9


def own_name(code: str) -> str:
    """A language's name in itself; the code where nobody knows it."""
    try:
        return Locale.parse(code).get_language_name() or code
    except (UnknownLocaleError, ValueError):
        return code


@dataclass(frozen=True)
class Card:
    """One idea on the wall. `votes` None: this member may not see counts yet (votes are blind).

    `same`: those that say it again, in the order they came.
    """

    idea: Idea
    votes: int | None
    full: int
    hollow: int
    mine: bool
    same: list[Idea]
    picked: bool


@dataclass(frozen=True)
class Wall:
    """`cards` in the chosen order; the page shows them in columns by how far they have come."""

    cards: list[Card]
    total: int
    distinct: int
    shortlisted: list[Idea]
    languages: list[tuple[str, str, int]]
    voters: int
    counts_shown: bool
    language: str
    order: str

    @property
    def query(self) -> str:
        """What an address carries so that an answer comes in the same order and language."""
        return urlencode({"language": self.language, "order": self.order})

    @property
    def won(self) -> list[Card]:
        return [card for card in self.cards if card.picked]

    @property
    def picks(self) -> list[Card]:
        """The shortlist without the one that was picked."""
        return [card for card in self.cards if card.idea.shortlisted_at and not card.picked]

    @property
    def rest(self) -> list[Card]:
        return [card for card in self.cards if not card.idea.shortlisted_at and not card.picked]


def wall_of(
    ideas: Iterable[Idea],
    *,
    voters: int,
    decided: Decision | None,
    language: str = "",
    order: str = "",
) -> Wall:
    """Build the wall from annotated ideas (`vote_count`, `mine`).

    Counts are shown to a member who has voted, or once it is decided. Repeats fold under the idea they repeat.
    """
    every = list(ideas)
    first = [idea for idea in every if idea.repeats_id is None]
    shown = decided is not None or any(getattr(idea, "mine", False) for idea in every)
    picked = decided.idea_id if decided else None
    again: dict[UUID, list[Idea]] = defaultdict(list)
    for idea in every:
        if idea.repeats_id is not None:
            again[idea.repeats_id].append(idea)
    tally = Counter(idea.language or "" for idea in first)
    chosen = [idea for idea in first if not language or idea.language == language]
    order = order if order in ORDERS and (shown or order != "votes") else "came"
    if order == "votes":
        chosen.sort(key=lambda idea: (-getattr(idea, "vote_count", 0), idea.number))
    return Wall(
        cards=[_card(idea, shown, voters, picked == idea.pk, again[idea.pk]) for idea in chosen],
        total=len(every),
        distinct=len(first),
        shortlisted=[idea for idea in every if idea.shortlisted_at],
        languages=[(code, own_name(code), n) for code, n in tally.most_common(6) if code],
        voters=voters,
        counts_shown=shown,
        language=language,
        order=order,
    )


def _card(idea: Idea, shown: bool, voters: int, picked: bool, same: list[Idea]) -> Card:
    votes = int(getattr(idea, "vote_count", 0)) if shown else None
    full = min(votes or 0, DOTS)
    return Card(
        idea=idea,
        votes=votes,
        full=full,
        hollow=max(min(voters, DOTS) - full, 0) if shown else 0,
        mine=bool(getattr(idea, "mine", False)),
        same=same,
        picked=picked,
    )
