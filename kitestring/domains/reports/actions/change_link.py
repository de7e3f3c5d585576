"""Closes the live link of a report, or opens it again under a new address."""

from __future__ import annotations

import secrets

from django.db import transaction

from kitestring.domains.reports.models import Report
from kitestring.domains.reports.queries.reports import held
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now


@transaction.atomic
def close_link(member: Member, report: Report) -> Report:
    """Whoever has the address reads nothing more. Twice is once."""
    require(member, "report.make")
    here = held(member, report.pk)
    if here.closed_at is None:
        here.closed_at = now()
        here.save(update_fields=["closed_at"])
        record(member, "report.close_link", here)
    return here


@transaction.atomic
def open_link(member: Member, report: Report) -> Report:
    """A new address; the old one stays dead."""
    require(member, "report.make")
    here = held(member, report.pk)
    if here.closed_at is not None:
        here.closed_at, here.secret = None, secrets.token_urlsafe(32)
        here.save(update_fields=["closed_at", "secret"])
        record(member, "report.open_link", here)
    return here
