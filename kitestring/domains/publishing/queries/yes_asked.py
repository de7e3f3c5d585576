"""What a yes would do that was asked for and did not come by its hour, and who was asked: told to one reader."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.hours import FOR_A_YES, UNPAUSED
from kitestring.domains.publishing.rules.late_yes import late_yes
from kitestring.domains.reviewing.models import Approval, ApprovalState
from kitestring.domains.reviewing.queries import is_stale, latest_approval
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.domains.workspaces.queries import others_who
from kitestring.domains.workspaces.rules.people import people
from kitestring.kit.clock import now
from kitestring.ui import formats


def yes_asked(member: Member, deliveries: Iterable[Delivery], zone: tzinfo | None = None) -> dict[UUID, str]:
    """By delivery that nobody approved by its hour, of a post for whose present words somebody is asked; else not named."""
    wanting = {d.pk: d for d in deliveries if d.state == "needs_attention" and d.reason in FOR_A_YES}
    if not wanting:
        return {}
    rows = Delivery.objects.filter(pk__in=wanting, part=0)
    free = set(rows.filter(UNPAUSED).values_list("pk", flat=True))
    asked = Approval.objects.filter(
        revision__post__brand__workspace_id=member.workspace_id,
        revision__post__in=rows.values("revision__post"),
        revision__digest=F("revision__post__digest"),
        state=ApprovalState.ASKED,
    ).select_related("asked_by")
    by_post = {
        one.revision.post_id: asked_words(member, one.asked_by) for one in asked.select_related("revision")
    }
    found = rows.filter(revision__post__in=by_post).values_list("pk", "revision__post")
    return {
        pk: formats.sentences(_does(wanting[pk], pk in free, now(), zone), by_post[post])
        for pk, post in found
        if post is not None
    }


def asked_words(member: Member, asker: Member | None) -> str:
    """Whose yes it waits for, once this person asked."""
    names = _answers(member, asker)
    return _("Asked to approve it: %(who)s.") % {"who": names} if names else _("It waits for your yes.")


def now_asks(member: Member, post: Post) -> str:
    """What "publish now" does first, where the post lacks a yes: whom it asks, or who is asked already."""
    newest = latest_approval(post)
    if newest is not None and newest.state == ApprovalState.ASKED and not is_stale(newest, post):
        return asked_words(member, newest.asked_by)
    names = _answers(member, member)
    return (
        _("This asks %(who)s for approval at once.") % {"who": names}
        if names
        else _("It waits for your yes.")
    )


def _answers(member: Member, asker: Member | None) -> str:
    """Who says yes to it; "" for the reader. Nobody answers their own question while somebody else may."""
    if asker is None or asker.pk != member.pk:
        return "" if may(member, "approval.give") else _others(member, asker)
    return _others(member, None)


def _others(member: Member, asker: Member | None) -> str:
    found = others_who(member, "approval.give").select_related(None)
    if asker is not None:
        found = found.exclude(pk=asker.pk)
    named = list(found.values_list("name", flat=True))
    return people(named or ([asker.name] if asker is not None else []))


def _does(delivery: Delivery, free: bool, moment: datetime, zone: tzinfo | None) -> str:
    until = delivery.due_at + timedelta(seconds=delivery.tolerance) if free else None
    return late_yes(delivery.due_at, until, moment, zone) if delivery.due_at <= moment else ""
