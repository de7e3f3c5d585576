"""What a member may find in the brand in hand: posts, ideas, briefs, campaigns, people who wrote, their words, members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import posts_visible_to
from kitestring.domains.ideas.queries import briefs_visible_to, ideas_visible_to
from kitestring.domains.inbox.models import Conversation, Message
from kitestring.domains.inbox.queries import conversations_visible_to, said_since
from kitestring.domains.planning.queries import campaigns_visible_to
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.domains.workspaces.queries import members_of
from kitestring.kit import clock
from kitestring.kit.words import folded, with_words
from kitestring.ui.marks import person_name

# Words of conversations are looked for this far back: there may be millions.
BACK: Final = timedelta(days=180)
AROUND: Final = 60


@dataclass(frozen=True)
class Found:
    """One answer: what it is called, where it is, what kind of thing it is; `excerpt`: the words around the one found."""

    text: str
    href: str
    icon: str
    note: str
    excerpt: str = ""


class Kind(NamedTuple):
    """The answers of one kind under its name."""

    name: str
    found: list[Found]


def find(member: Member, brand: Brand | None, words: list[str], most: int) -> list[Kind]:
    """At most `most` of each kind; kinds without an answer are left out."""
    kinds = [
        *_made(member, brand, words, most),
        *_said(member, brand, words, most),
        _members(member, words, most),
    ]
    return [kind for kind in kinds if kind.found]


def _made(member: Member, brand: Brand | None, words: list[str], most: int) -> list[Kind]:
    posts = with_words(posts_visible_to(member, brand), words, "title", "text")[:most]
    ideas = with_words(ideas_visible_to(member, brand), words, "text")[:most]
    briefs = with_words(briefs_visible_to(member, brand), words, "title", "key_message", "insight")[:most]
    campaigns = with_words(campaigns_visible_to(member, brand), words, "name")[:most]
    walls = ((i, f"{reverse('ideas:wall', args=[i.brief_id])}#idea-{i.pk}") for i in ideas)
    return [
        Kind(
            _("Posts"),
            [_post(p, words[0]) for p in posts],
        ),
        Kind(_("Ideas"), [Found(str(i), wall, "lightbulb", _("Idea")) for i, wall in walls]),
        Kind(
            _("Briefs"),
            [Found(str(b), reverse("ideas:brief", args=[b.pk]), "target", _("Brief")) for b in briefs],
        ),
        Kind(
            _("Campaigns"),
            [
                Found(str(c), reverse("planning:campaign", args=[c.pk]), "flag", _("Campaign"))
                for c in campaigns
            ],
        ),
    ]


def _post(post: Post, word: str) -> Found:
    href = reverse("composing:post", args=[post.pk])
    return Found(str(post), href, "pen-line", _("Post"), around(post.text, word) if post.title else "")


def _said(member: Member, brand: Brand | None, words: list[str], most: int) -> list[Kind]:
    """People who wrote to the brand by name, and conversations by what was said in them lately."""
    if brand is None or not may(member, "inbox.read"):
        return []
    theirs = conversations_visible_to(member, brand).order_by("-last_at", "-id")
    named = with_words(theirs, words, "contact_name", "contact__name", "contact__handle")[: most * 4]
    said = with_words(said_since(member, brand, clock.now() - BACK), words, "text")[: most * 4]
    return [
        Kind(_("Contacts"), _contacts(named)[:most]),
        Kind(_("Conversations"), _conversations(said, words)[:most]),
    ]


def _contacts(conversations: Iterable[Conversation]) -> list[Found]:
    """Each person once, at their newest conversation."""
    people: dict[object, Found] = {}
    for one in conversations:
        href = reverse("inbox:conversation", args=[one.pk])
        people.setdefault(
            one.contact_id, Found(person_name(one.contact_name, one.account), href, "user", _("Contact"))
        )
    return list(people.values())


def _conversations(messages: Iterable[Message], words: list[str]) -> list[Found]:
    """Each conversation once, by its newest message that has the words."""
    found: dict[object, Found] = {}
    for one in messages:
        text = _("%(who)s: %(words)s") % {
            "who": person_name(one.conversation.contact_name, one.conversation.account),
            "words": around(one.text, words[0]),
        }
        href = reverse("inbox:conversation", args=[one.conversation_id])
        found.setdefault(one.conversation_id, Found(text, href, "inbox", _("Conversation")))
    return list(found.values())


def _members(member: Member, words: list[str], most: int) -> Kind:
    people = with_words(members_of(member), words, "name", "user__email")[:most]
    return Kind(
        _("Members"), [Found(m.name, reverse("workspaces:members"), "users", m.role_label) for m in people]
    )


def around(text: str, word: str) -> str:
    """The piece of a text in which the word stands, on one line."""
    line = " ".join(text.split())
    at = line.lower().find(word.lower())
    if at < 0:
        at = folded(line).lower().find(word.lower())
    start = max(0, at - AROUND // 2)
    if len(line) <= AROUND:
        return line
    piece = line[start : start + AROUND]
    return ("…" if start else "") + piece + ("…" if start + AROUND < len(line) else "")
