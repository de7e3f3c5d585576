"""For an account's page: when something last went out, what waits for a person, and how much of each quota is gone."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kitestring.domains.channels.queries import account
from kitestring.domains.publishing.queries.account_health import last_out, waiting_for_people
from kitestring.domains.publishing.queries.quotas import quota_use
from kitestring.domains.publishing.rules.quota_words import period_words, use_words
from kitestring.domains.workspaces.doors import MemberRequest, members_only


@members_only()
@require_GET
def account_health(request: MemberRequest, account_id: UUID) -> HttpResponse:
    """A fragment; of another workspace's account, nothing."""
    found = account(request.member, account_id)
    uses = [
        use_words(
            use.label, period_words(use.quota.window, use.starts, use.zone), use.used, use.planned, use.limit
        )
        for use in quota_use([found])
    ]
    page = {"of": found, "last": last_out(found), "waiting": waiting_for_people(found), "uses": uses}
    return render(request, "publishing/_account_health.html", page)
