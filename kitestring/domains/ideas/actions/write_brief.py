"""Starts a brief: a title is enough, holes are allowed until the decision."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.ideas.models import Brief
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal
from kitestring.kit.text import clean


@transaction.atomic
def write_brief(member: Member, brand: Brand, title: str) -> Brief:
    """A new brief of `brand`. Raises Refusal without a right or a title."""
    require(member, "brief.write")
    title = clean(title)[:200]
    if not title:
        raise Refusal(
            _("A brief needs a title. Write a few words; you can change them later."), field="title"
        )
    brief = Brief(brand=brand, title=title, written_by=member)
    brief.save(force_insert=True)
    record(member, "brief.write", brief, after={"title": title})
    return brief
