"""Today: what needs this person, in the order in which it is lost. Each line is cured where it stands.

What a person may not cure is not theirs: the permission table decides which sections there are, never a role's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kitestring.domains.analytics.queries.moved import moved
from kitestring.domains.brands.models import Brand
from kitestring.domains.publishing.queries.fitting import unfit_ahead
from kitestring.domains.publishing.queries.hours import next_hours
from kitestring.domains.publishing.queries.problems import Problem, problems
from kitestring.domains.publishing.queries.rewordings import rewordings_waiting
from kitestring.domains.publishing.queries.yes_asked import yes_asked
from kitestring.domains.reports.queries.reports import waiting_for_signature
from kitestring.domains.reviewing.queries import waiting_for_approval as approvals_waiting
from kitestring.domains.reviewing.queries.changes import told_since
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.clock import now
from kitestring.ui.formats import between_sentences
from kitestring.ui.people import given_name
from kitestring.web.days.line import date_line
from kitestring.web.figures import MOST as COUNTED
from kitestring.web.first_steps import first_steps
from kitestring.web.today_cures import cure
from kitestring.web.today_lines import (
    Need,
    approval_lines,
    first_hour,
    need_lines,
    owed_head,
    owed_lines,
    timeline,
)
from kitestring.web.today_rows import (
    MOST,
    READ,
    ending,
    going_out,
    needing,
    newest_report,
    owed,
    to_sign,
    waiting_for_approval,
)

Section = dict[str, Any]


def greeting(hour: int, name: str) -> str:
    """By the clock of the brand: to noon, to 18, later."""
    if hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    return (_("Good afternoon, %(name)s") if hour < 18 else _("Good evening, %(name)s")) % {"name": name}


def answers(member: Member, brand: Brand, moment: datetime) -> Section | None:
    """For those who may answer; a late answer is being lost now."""
    lines = owed_lines(owed(member, brand), moment) if may(member, "inbox.reply") else []
    if not lines:
        return None
    lost = max(first_hour(lines) or moment, moment)
    return {"key": "answer", "lost": lost, "lines": lines, "head": owed_head(lines, moment)}


def approvals(member: Member, brand: Brand, moment: datetime) -> Section | None:
    """For those who may say yes; lost when the first of the posts should go out."""
    found = waiting_for_approval(member, brand) if may(member, "approval.give") else []
    if not found:
        return None
    lines = approval_lines(found, next_hours(member, [a.revision.post_id for a in found]))
    return {
        "key": "approve",
        "lost": _next([hour.at for _one, hour in lines if hour], moment),
        "lines": lines[:MOST],
        "total": len(found) if len(found) < READ else approvals_waiting(member, brand).count(),
        "posts": {a.revision.post_id for a in found},
        "again": told_since(member, [a for a, _hour in lines[:MOST]]),
    }


def faults(member: Member, brand: Brand, moment: datetime, *, whole: bool = False) -> Section | None:
    """What of the deliveries this person may cure: one line a problem, however many it holds. What has its hour behind it
    is lost no further. `whole`: every line, not only the first `MOST`.
    """
    waiting = needing(member, brand)
    needs = need_lines(waiting, moment, yes_asked(member, waiting))
    lines: list[Need | Problem] = [*needs, *problems(member, brand)]
    if not lines:
        return None
    lines.sort(key=lambda one: one.since)
    shown = [(one, cure(one, member)) for one in (lines if whole else lines[:MOST])]
    lost = _next([at for one in lines if (at := one.ahead)], moment)
    return {"key": "needs", "lost": lost, "lines": shown, "total": len(lines)}


def unfit_posts(member: Member, brand: Brand, moment: datetime) -> Section | None:
    """What is scheduled and no longer fits its account: told while it can still be mended."""
    found = unfit_ahead(member, brand, moment) if may(member, "post.write") else []
    if not found:
        return None
    return {
        "key": "unfit",
        "lost": found[0][0].due_at,
        "lines": found[:MOST],
        "total": len(found),
        "gap": between_sentences(),
    }


def endings(member: Member, brand: Brand) -> Section | None:
    """Accounts whose consent ends in a few days and that only a person can connect again: told while all still goes out."""
    found = ending(member, brand) if may(member, "account.connect") else []
    if not found:
        return None
    return {"key": "ends", "lost": found[0].grant.expires_at, "lines": found, "total": len(found)}


def changed_words(member: Member, brand: Brand) -> Section | None:
    """Changes of live words that ask for this person's yes; the old words stand until then."""
    found = rewordings_waiting(member, brand)[: MOST + 1] if may(member, "approval.give") else []
    lines = list(found)
    if not lines:
        return None
    total = len(lines) if len(lines) <= MOST else rewordings_waiting(member, brand).count()
    return {"key": "words", "lost": None, "lines": lines[:MOST], "total": total}


def signatures(member: Member, brand: Brand) -> Section | None:
    """Reports that ask this person for a decision; no hour takes them away."""
    found = to_sign(member, brand) if may(member, "report.sign") else []
    if not found:
        return None
    total = len(found) if len(found) <= MOST else waiting_for_signature(member, brand).count()
    return {"key": "sign", "lost": None, "lines": found[:MOST], "total": total}


def _next(moments: Sequence[datetime], moment: datetime) -> datetime | None:
    return min((at for at in moments if at > moment), default=None)


def in_order(sections: Sequence[Section | None]) -> list[Section]:
    """What is lost soonest first, then what has no hour, each as given; an empty section does not stand there."""
    there = [one for one in sections if one]
    last = max((one["lost"] for one in there if one["lost"]), default=None)
    return sorted(there, key=lambda one: (one["lost"] is None, one["lost"] or last))


def _page(member: Member, brand: Brand, moment: datetime, whole: bool) -> dict[str, Any]:
    midnight = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    yes = approvals(member, brand, moment)
    sections = in_order(
        [
            answers(member, brand, moment),
            yes,
            faults(member, brand, moment, whole=whole),
            unfit_posts(member, brand, moment),
            endings(member, brand),
            changed_words(member, brand),
            signatures(member, brand),
        ]
    )
    today = going_out(member, brand, midnight, midnight + timedelta(days=1))
    paused = brand.paused_at is not None or member.workspace.paused_at is not None
    going = timeline(today, moment, brand.needs_approval, yes["posts"] if yes else (), paused=paused)
    number = moved(member, brand) if may(member, "results.read") else None
    steps = first_steps(member, brand) if not sections and not going else []
    return {
        "sections": sections,
        "going": going,
        "steps": steps,
        "moved": number,
        "news": _news(member, brand, sections, worth_knowing=number is None and not steps),
        "does_all": all(may(member, one) for one in ("inbox.reply", "approval.give", "delivery.settle")),
    }


def _news(member: Member, brand: Brand, sections: Sequence[Section], *, worth_knowing: bool) -> Any:
    """The newest report, for those who read of the work rather than do it, and where nothing else is worth knowing."""
    wanted = not may(member, "post.write") or (worth_knowing and not sections)
    if not wanted or not may(member, "report.read") or any(one["key"] == "sign" for one in sections):
        return None
    return newest_report(member, brand)


@members_only()
@require_GET
def today(request: MemberRequest) -> HttpResponse:
    """The first page. How many answers are owed in all stands in the frame already, counted up to `most_counted`."""
    moment, member = now(), request.member
    local = timezone.localtime(moment)
    zone = request.brand.timezone if request.brand else "UTC"
    page: dict[str, Any] = {
        "moment": moment,
        "greeting": greeting(local.hour, given_name(member.name, member.language)),
        "date_line": date_line(local.date(), zone),
        "most_counted": COUNTED,
        "whole": request.GET.get("all") == "needs",
        "may_pause": may(member, "workspace.pause"),
    }
    if request.brand is not None:
        page |= _page(member, request.brand, moment, page["whole"])
    return render(request, "web/today.html", page)
