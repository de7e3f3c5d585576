"""The reports that lie on the boss's desk: one answered, others waiting, one a draft."""

from __future__ import annotations

from datetime import timedelta

from kitestring.domains.reports.actions.answer_report import answer_as_member
from kitestring.domains.reports.actions.make_report import make_report
from kitestring.domains.reports.actions.share_report import share_report
from kitestring.domains.reports.models import Report
from kitestring.sandbox.seed.desk import Desk
from kitestring.sandbox.seed.queries import backdate

# brand, campaign (by series; "" = all posts), first and last day before today, language, made how many days ago
PAPERS = (
    ("qinglan", "xiaoxue", 34, 8, "zh-hans", 6),
    ("hien", "", 30, 1, "vi", 1),
    ("qinglan", "", 30, 1, "zh-hans", 1),
    ("hien", "salt", 41, 1, "en", 0),
)
ANSWER = "同意。一人份的做法继续，抽奖先停。"


def write_papers(desk: Desk) -> None:
    """Made by the analyst, shared but for today's; the boss has answered the oldest that asked."""
    answered = False
    for brand, series, first, last, language, ago in PAPERS:
        day = desk.at.astimezone(desk.brand(brand).zone).date()
        report = make_report(
            desk.member("tuan"),
            desk.brand(brand),
            campaign=desk.series[series][0] if series else None,
            starts_on=day - timedelta(days=first),
            ends_on=day - timedelta(days=last),
            language=language,
        )
        backdate(report, made_at=desk.at - timedelta(days=ago, hours=2))
        if not ago:
            continue  # today's is still a draft
        revision = share_report(desk.member("tuan"), report.pk)
        backdate(revision, shared_at=desk.at - timedelta(days=ago, hours=1))
        if not answered and (choice := _first_choice(report)):
            answer_as_member(desk.member("lin"), report, choice, ANSWER)
            answered = True


def _first_choice(report: Report) -> str:
    """The answer recommended, if the report asks for any."""
    options = (report.content.get("ask") or {}).get("options", [])
    return str(options[0]["key"]) if options else ""
