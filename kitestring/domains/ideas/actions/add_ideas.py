"""Takes in many ideas at once; a repeated one is kept and points at the first, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.ideas.models import Brief, Idea
from kitestring.domains.ideas.queries import brief_for, decision_of, ideas_of
from kitestring.domains.ideas.rules import LONGEST_IDEA, MOST_AT_ONCE, repeats
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal
from kitestring.kit.text import same_words
from kitestring.language.identify import identify


@transaction.atomic
def add_ideas(member: Member, brief_id: UUID, texts: Sequence[str]) -> list[Idea]:
    """Add the texts to the brief, all or none. Raises Refusal when one is too long or there are too many."""
    require(member, "idea.add")
    brief = brief_for(member, brief_id, lock=True)
    _refuse_bad(brief, texts)
    present = list(ideas_of(brief, member))
    known: dict[str, int] = {}
    for place, idea in enumerate(present):
        known.setdefault(same_words(idea.text), place)
    all_ideas = list(present)
    number = max((idea.number for idea in present), default=0)
    shift = len(present)
    for text, first in zip(texts, repeats(texts, _spread(known, shift)), strict=True):
        number += 1
        idea = Idea(brief=brief, number=number, text=text, language=identify(text)[:8], added_by=member)
        idea.repeats = all_ideas[first] if first is not None else None
        all_ideas.append(idea)
    fresh = all_ideas[shift:]
    for idea in fresh:
        idea.save(force_insert=True)
    record(member, "idea.add", brief, after={"added": len(fresh), "numbers": [fresh[0].number, number]})
    return fresh


def _spread(known: dict[str, int], length: int) -> dict[str, int]:
    """`repeats` counts on from the highest place, so the last present idea must be named even if it repeats."""
    return known if not length or length - 1 in known.values() else {**known, "\x00": length - 1}


def _refuse_bad(brief: Brief, texts: Sequence[str]) -> None:
    if decision_of(brief) is not None:
        raise Refusal(
            _(
                "This brief is decided, so it takes no more ideas. Start a new brief for these; they are still here."
            )
        )
    if not texts:
        raise Refusal(_("There is no idea in this text. Paste one idea a line."), field="ideas")
    if len(texts) > MOST_AT_ONCE:
        message = _("%(n)s ideas at once; %(limit)s fit. None was added yet: paste them in parts.")
        raise Refusal(message % {"n": f"{len(texts):,}", "limit": MOST_AT_ONCE}, field="ideas")
    long = [(n, text) for n, text in enumerate(texts, 1) if len(text) > LONGEST_IDEA]
    if long:
        message = _(
            "Line %(line)s has %(n)s characters; an idea holds %(limit)s. None was added yet, the text is still here."
        )
        raise Refusal(
            message % {"line": long[0][0], "n": f"{len(long[0][1]):,}", "limit": f"{LONGEST_IDEA:,}"},
            field="ideas",
        )
