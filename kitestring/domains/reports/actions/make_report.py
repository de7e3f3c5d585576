"""Makes a report: gathers the facts and freezes what they say in the report's language. Nobody outside reads it yet."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.planning.models import Campaign
from kitestring.domains.reports.models import Report
from kitestring.domains.reports.queries.facts import Scope, gather
from kitestring.domains.reports.rules.content import compose
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Language, Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal
from kitestring.ui import formats

LONGEST_DAYS: Final = 400


def make_report(
    member: Member,
    brand: Brand,
    *,
    campaign: Campaign | None = None,
    starts_on: date,
    ends_on: date,
    language: str,
) -> Report:
    """A draft, until somebody shares it.

    Days are the brand's own, both inclusive. Raises Refusal for days, brand, campaign or language that cannot be.
    """
    require(member, "report.make")
    scope = _scope(member, brand, campaign, starts_on, ends_on)
    if language not in Language.values:
        raise Refusal(_("Choose one of the languages offered."), field="language")
    content = content_of(member, scope, language, member.name)
    report = Report(
        brand=brand,
        campaign=campaign,
        language=language,
        title=content["title"][:300],
        starts_on=starts_on,
        ends_on=ends_on,
        content=content,
        secret=secrets.token_urlsafe(32),
        made_by=member,
    )
    with transaction.atomic():
        report.save(force_insert=True)
        after = {"title": report.title, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
        record(member, "report.make", report, after=after | {"language": language})
    return report


def content_of(member: Member, scope: Scope, language: str, by: str) -> dict[str, Any]:
    """What the samples say now, in words of `language`; `by` is named at the head."""
    with translation.override(language):
        return compose(gather(member, scope), language=language) | _heading(by, scope)


def _scope(member: Member, brand: Brand, campaign: Campaign | None, first: date, last: date) -> Scope:
    if brand.workspace_id != member.workspace_id:
        raise Refusal(_("This brand belongs to another workspace."), reason="not_found")
    if campaign is not None and campaign.brand_id != brand.pk:
        raise Refusal(
            _("This campaign belongs to another brand. Choose one of this brand’s."), field="campaign"
        )
    if last < first:
        raise Refusal(_("The last day lies before the first. Nothing was made."), field="ends_on")
    if (last - first).days >= LONGEST_DAYS:
        message = _("A report covers %(n)s days at most. Nothing was made; choose a shorter time.")
        raise Refusal(message % {"n": LONGEST_DAYS}, field="ends_on")
    return Scope(brand, campaign, first, last)


def _heading(by: str, scope: Scope) -> dict[str, Any]:
    """The line above the title, in the active language."""
    days = _("%(first)s – %(last)s") % {
        "first": formats.date(scope.starts_on, "medium"),
        "last": formats.date(scope.ends_on, "medium"),
    }
    about = (
        _("Campaign “%(name)s”, %(days)s") % {"name": scope.campaign.name[:60], "days": days}
        if scope.campaign
        else _("Whole brand, %(days)s") % {"days": days}
    )
    return {
        "brand": {"name": scope.brand.name, "colour": scope.brand.colour, "mark": _mark(scope.brand)},
        "about": about,
        "by": _("Made by %(name)s") % {"name": by},
        "goal_words": scope.campaign.goal[:200] if scope.campaign else "",
        "read_at": formats.date_time(now(), "medium", scope.brand.zone),
    }


def _mark(brand: Brand) -> str:
    return (brand.mark or brand.name[:1]).upper()
