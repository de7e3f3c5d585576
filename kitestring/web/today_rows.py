"""The rows of Today's lists, with the columns its lines show and no more: whole rows cost the page ten milliseconds.

Everybody asks the same six questions all day, so each is compiled once for each role (`kit.kept`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import F, Model, QuerySet
from django.db.models.fields.json import KT

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels import queries as channels
from kitestring.domains.channels.models import Account
from kitestring.domains.inbox import queries as inbox
from kitestring.domains.inbox.models import Conversation
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries import deliveries
from kitestring.domains.publishing.queries.problems import HELD_TOGETHER
from kitestring.domains.publishing.queries.seen import HAS_YES
from kitestring.domains.reports.models import ReportRevision
from kitestring.domains.reports.queries import reports
from kitestring.domains.reviewing import queries as reviewing
from kitestring.domains.reviewing.models import Approval
from kitestring.domains.workspaces.models import Member
from kitestring.kit.kept import Kept

M = TypeVar("M", bound=Model)
MOST: Final = 7
READ: Final = 60
POST: Final = ("revision__post__title", "revision__post__text")
ACCOUNT: Final = ("account__channel", "account__handle", "account__name")
AGAIN: Final = ("not_before", "withdraw_asked", "tolerance")
DELIVERY: Final = (
    "state",
    "due_at",
    "series",
    "reason",
    "reason_params",
    "payload",
    "attempts",
    *AGAIN,
    *POST,
    *ACCOUNT,
)
STOPS: Final = (
    "account__state",
    "account__paused_at",
    "account__brand__paused_at",
    "account__workspace__paused_at",
)
SEEN: Final = ("needs_approval", "doubt_since", *STOPS)
APPROVAL: Final = ("asked_at", "asked_by__name", *POST)
REPORT: Final = ("report_id", "shared_at", "shared_by__name")
OWED: Final = ("contact_name", "snippet", "owed_since", "answer_by", "contact__stance", *ACCOUNT)


def needing(member: Member, brand: Brand) -> list[Delivery]:
    """What waits for this person alone, the oldest first; the first `READ`. What one problem holds together is not there."""
    return _NEEDING((member.role,), *_who(member, brand))


def going_out(member: Member, brand: Brand, start: datetime, end: datetime) -> list[Delivery]:
    """The posts whose hour lies in [start, end), each with its `approved`; the first `READ`."""
    return _GOING((member.role,), *_who(member, brand), start, end)


def waiting_for_approval(member: Member, brand: Brand) -> list[Approval]:
    """What is asked and not yet answered, oldest first, with the posts' pictures; the first `READ`."""
    return _WAITING((member.role,), *_who(member, brand))


def owed(member: Member, brand: Brand) -> list[Conversation]:
    """What waits for an answer, oldest owed first; the first `MOST`."""
    return _OWED((member.role,), *_who(member, brand))


def to_sign(member: Member, brand: Brand) -> list[ReportRevision]:
    """What asks this member for a decision, newest first; one more than `MOST`."""
    return _TO_SIGN((member.role,), *_who(member, brand))


def ending(member: Member, brand: Brand) -> list[Account]:
    """The accounts whose consent ends soon and is not renewed, soonest first; the first `MOST`."""
    return _ENDING((member.role,), *_who(member, brand))


def newest_report(member: Member, brand: Brand) -> ReportRevision | None:
    return next(iter(_NEWEST((member.role,), *_who(member, brand))), None)


def _who(member: Member, brand: Brand) -> tuple[UUID, UUID, UUID]:
    return member.pk, member.workspace_id, brand.pk


def _kept(read: Callable[..., QuerySet[M]]) -> Kept[M]:
    """A read of a member and a brand, kept for each role: nothing else of the two changes its statement."""

    def build(role: str, me: UUID, workspace: UUID, brand: UUID, *moments: datetime) -> QuerySet[M]:
        member = Member(pk=me, workspace_id=workspace, role=role)
        return read(member, Brand(pk=brand, workspace_id=workspace), *moments)

    return Kept(build)


def _short(found: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Each with its `account_waits`."""
    short = found.select_related(None).select_related("account", "revision__post").only(*DELIVERY)
    return short.annotate(account_waits=F("account__lane__not_before"))


def _titled(found: QuerySet[ReportRevision]) -> QuerySet[ReportRevision]:
    """With the title as it was shared, and without the page."""
    return found.select_related("shared_by").only(*REPORT).annotate(title=KT("content__title"))


def _with_yes(found: QuerySet[Delivery]) -> QuerySet[Delivery]:
    short = _short(found).select_related("account__brand", "account__workspace", "revision__post")
    return short.only(*DELIVERY, *SEEN).annotate(approved=HAS_YES)


def _asked(found: QuerySet[Approval]) -> QuerySet[Approval]:
    short = found.select_related(None).select_related("asked_by", "revision__post").only(*APPROVAL)
    return short.prefetch_related("revision__post__assets__asset")


def _talks(found: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return found.select_related(None).select_related("account", "contact").only(*OWED)


_NEEDING: Final = _kept(lambda *who: _short(deliveries.needing(*who).exclude(HELD_TOGETHER))[:READ])
_GOING: Final = _kept(lambda *who: _with_yes(deliveries.going_out(*who))[:READ])
_WAITING: Final = _kept(lambda *who: _asked(reviewing.waiting_for_approval(*who))[:READ])
_OWED: Final = _kept(lambda *who: _talks(inbox.owed(*who))[:MOST])
_TO_SIGN: Final = _kept(lambda *who: _titled(reports.waiting_for_signature(*who))[: MOST + 1])
_ENDING: Final = _kept(lambda *who: channels.ending_accounts(*who)[:MOST])
_NEWEST: Final = _kept(lambda *who: _titled(reports.went_up(*who))[:1])
