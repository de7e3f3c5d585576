"""The rows of Today's lists, with the columns its lines show and no more: whole rows cost the page ten milliseconds."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from kitestring.domains.brands.models import Brand
from kitestring.domains.inbox import queries as inbox
from kitestring.domains.inbox.models import Conversation
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries import deliveries
from kitestring.domains.publishing.queries.seen import HAS_YES
from kitestring.domains.reports.models import ReportRevision
from kitestring.domains.reports.queries import reports
from kitestring.domains.reviewing import queries as reviewing
from kitestring.domains.reviewing.models import Approval
from kitestring.domains.workspaces.models import Member

POST: Final = ("revision__post__title", "revision__post__text")
ACCOUNT: Final = ("account__channel", "account__handle", "account__name")
DELIVERY: Final = ("state", "due_at", "reason", "reason_params", "payload", "attempts", *POST, *ACCOUNT)
SEEN: Final = ("needs_approval", "doubt_since")
APPROVAL: Final = ("asked_at", "asked_by__name", *POST)
REPORT: Final = ("report_id", "shared_at", "shared_by__name")
OWED: Final = ("contact_name", "snippet", "owed_since", "answer_by", "contact__stance", *ACCOUNT)


def _short(found: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return found.select_related(None).select_related("account", "revision__post").only(*DELIVERY)


def needing(member: Member, brand: Brand) -> QuerySet[Delivery]:
    """What waits for this person, the oldest first."""
    return _short(deliveries.needing(member, brand))


def going_out(member: Member, brand: Brand, start: datetime, end: datetime) -> QuerySet[Delivery]:
    """The posts whose hour lies in [start, end), each with its `approved`."""
    found = _short(deliveries.going_out(member, brand, start, end))
    return found.only(*DELIVERY, *SEEN).annotate(approved=HAS_YES)


def waiting_for_approval(member: Member, brand: Brand) -> QuerySet[Approval]:
    """What is asked and not yet answered, oldest first, with the posts' pictures."""
    found = reviewing.waiting_for_approval(member, brand).select_related(None)
    found = found.select_related("asked_by", "revision__post").only(*APPROVAL)
    return found.prefetch_related("revision__post__assets__asset")


def owed(member: Member, brand: Brand) -> QuerySet[Conversation]:
    """What waits for an answer, oldest owed first."""
    found = inbox.owed(member, brand).select_related(None).select_related("account", "contact")
    return found.only(*OWED)


def to_sign(member: Member, brand: Brand) -> QuerySet[ReportRevision]:
    """What asks this member for a decision, newest first."""
    return _titled(reports.waiting_for_signature(member, brand))


def newest_report(member: Member, brand: Brand) -> ReportRevision | None:
    return _titled(reports.went_up(member, brand)).first()


def _titled(found: QuerySet[ReportRevision]) -> QuerySet[ReportRevision]:
    """With the title as it was shared, and without the page."""
    return found.select_related("shared_by").only(*REPORT).annotate(title=KT("content__title"))
