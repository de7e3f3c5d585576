"""Saves answers of a brief; a save made on an older version is told, never applied over somebody else's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.ideas.models import TAB, Brief, Response
from kitestring.domains.ideas.queries import brief_for, decision_of
from kitestring.domains.ideas.rules import LONGEST_ANSWER
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Conflict, Refusal
from kitestring.kit.text import clean

ANSWERS: Final = (
    "title", "objective", "audience", "insight", "key_message",
    "response", "response_object", "mandatories", "measure",
)  # fmt: skip


@transaction.atomic
def save_brief(
    member: Member, brief_id: UUID, answers: Mapping[str, str], version: int, tab: str = ""
) -> Brief:
    """Write the given answers. Raises Conflict when `version` is not the latest, Refusal with the field otherwise.

    `tab`: the open page that saves, "" for none. What the same page of the same member saved before is no change by
    somebody else, even when its answer was lost on the way and the page still names the older version.
    """
    require(member, "brief.write")
    brief = brief_for(member, brief_id, lock=True)
    if decision_of(brief) is not None:
        raise Refusal(
            _("This brief is decided, so it stays as it was read. Your words were not saved over it.")
        )
    ours = bool(tab) and (brief.saved_tab, brief.saved_by_id) == (tab[:TAB], member.pk)
    if brief.version != version and not ours:
        raise Conflict(
            _(
                "This brief was changed by somebody else meanwhile. Nothing was overwritten: your words are still here."
            )
        )
    changed = {name: _checked(name, answers[name]) for name in ANSWERS if name in answers}
    before = {name: getattr(brief, name) for name in changed if getattr(brief, name) != changed[name]}
    if not before:
        return brief
    for name in before:
        setattr(brief, name, changed[name])
    brief.version += 1
    brief.saved_tab, brief.saved_by = tab[:TAB], member
    brief.saved_at = now()
    brief.save()
    record(member, "brief.save", brief, before=before, after={name: changed[name] for name in before})
    return brief


def _checked(name: str, value: str) -> str:
    value = clean(value)
    if name == "title":
        value = " ".join(value.split())
    longest = 200 if name == "title" else LONGEST_ANSWER
    if len(value) > longest:
        message = _(
            "This answer has %(n)s characters; it holds %(limit)s. Nothing was lost: shorten it and it will be saved."
        )
        raise Refusal(message % {"n": f"{len(value):,}", "limit": f"{longest:,}"}, field=name)
    if name == "response" and value and value not in Response.values:
        raise Refusal(_("Choose one of the eight responses. A brief asks for one thing only."), field=name)
    if name == "title" and not value:
        raise Refusal(_("A brief needs a title. The old one was kept."), field=name)
    return value
