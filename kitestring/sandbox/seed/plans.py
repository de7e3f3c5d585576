"""Briefs with their ideas and votes, the decisions, and the campaigns that came of them."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from kitestring.domains.composing.actions.start_from_decision import start_from_decision
from kitestring.domains.ideas.actions.add_ideas import add_ideas
from kitestring.domains.ideas.actions.save_brief import ANSWERS, save_brief
from kitestring.domains.ideas.actions.shortlist import shortlist
from kitestring.domains.ideas.actions.write_brief import write_brief
from kitestring.domains.ideas.models import Brief, Idea, Vote
from kitestring.domains.planning.actions.change_campaign import CampaignFacts, change_campaign
from kitestring.domains.planning.actions.start_campaign import start_campaign
from kitestring.domains.planning.models import Campaign
from kitestring.domains.workspaces.permissions import may
from kitestring.sandbox.seed.desk import WORLD, Desk, read_world
from kitestring.sandbox.seed.queries import backdate, ideas_beginning, insert

# Campaigns of decided briefs by series: the figure they are held to, and how many days before and after today they run.
GOALS = {"salt": ("likes", 3000.0, 42, 21), "solo": ("likes", 600.0, 6, 30)}
BY_HAND = (
    ("hien", "morning", "Sáng sớm ở Hiên", "Người đi làm sớm ghé quán trước 8 giờ.", 90, 60),
    ("qinglan", "xiaoxue", "小雪煮茶", "让读者在小雪前照着煮一壶。", 34, -8),
)


def write_plans(desk: Desk) -> None:
    """All briefs of the world, then campaigns started by hand. Fills `desk.series`."""
    for entry in read_world("briefs.toml")["brief"]:
        brief = _brief(desk, entry)
        if "ideas" in entry:
            _ideas(desk, brief, entry)
        if "decide" in entry:
            _decide(desk, brief, entry)
    for brand, series, name, goal, before, after in BY_HAND:
        day = desk.at.astimezone(desk.brand(brand).zone).date()
        campaign = start_campaign(
            desk.member("ha"),
            desk.brand(brand),
            name,
            goal=goal,
            starts_on=day - timedelta(days=before),
            ends_on=day + timedelta(days=after),
        )
        backdate(campaign, created_at=desk.at - timedelta(days=before + 2))
        desk.series[series] = campaign, None


def _brief(desk: Desk, entry: dict[str, Any]) -> Brief:
    member = desk.member("ha" if entry["brand"] == "hien" else "zhou")
    brief = write_brief(member, desk.brand(entry["brand"]), entry["title"])
    answers: dict[str, str] = {key: entry[key] for key in ANSWERS if key in entry}
    brief = save_brief(member, brief.pk, answers, brief.version)
    then = desk.at - timedelta(days=entry["days_ago"])
    backdate(brief, created_at=then, saved_at=then + timedelta(hours=2))
    return brief


def _ideas(desk: Desk, brief: Brief, entry: dict[str, Any]) -> None:
    """Everybody adds a part, then everybody who may votes; what was liked much got the shortlist."""
    lines = (WORLD / entry["ideas"]).read_text("utf-8").splitlines()
    members = [desk.member(key) for key in ("zhou", "quan", "ha", "tuan")]
    size = -(-len(lines) // len(members))
    found: list[Idea] = []
    for number, member in enumerate(members):
        part = lines[number * size : (number + 1) * size]
        if part:
            found += add_ideas(member, brief.pk, part)
    wanted = [ideas_beginning(brief.pk, words) for words in entry["shortlist"]]
    _votes(desk, brief, found, {idea.pk for idea in wanted})
    for idea in wanted:
        shortlist(desk.member("ha"), idea.pk, on=True)


def _votes(desk: Desk, brief: Brief, ideas: list[Idea], loved: set[Any]) -> None:
    """Few ideas get many yeses; the first of the shortlist gets all."""
    chance = Random(str(brief.title))
    everybody = [one for one in desk.house.members.values() if may(one, "idea.vote")]
    rows: list[Vote] = []
    best = next((idea.pk for idea in ideas if idea.pk in loved), None)
    for idea in ideas:
        number = min(len(everybody), int(chance.paretovariate(1.6)) - 1 + (3 if idea.pk in loved else 0))
        if idea.pk == best:
            number = len(everybody)
        rows += [Vote(idea=idea, member=member) for member in chance.sample(everybody, max(0, number))]
    insert(rows)


def _decide(desk: Desk, brief: Brief, entry: dict[str, Any]) -> None:
    member = desk.member("ha")
    idea = ideas_beginning(brief.pk, entry["decide"])
    started = start_from_decision(member, idea.pk, entry["reason"])
    then = desk.at - timedelta(days=entry["days_ago"] - 2)
    backdate(started.decision, decided_at=then)
    desk.series[entry["series"]] = _aim(desk, started.campaign, entry["series"]), idea


def _aim(desk: Desk, campaign: Campaign, series: str) -> Campaign:
    metric, value, before, after = GOALS[series]
    day = desk.at.astimezone(campaign.brand.zone).date()
    facts = CampaignFacts(
        campaign.name, campaign.goal, metric, value, day - timedelta(days=before), day + timedelta(days=after)
    )
    campaign = change_campaign(desk.member("ha"), campaign.pk, facts)
    backdate(campaign, created_at=desk.at - timedelta(days=before + 1))
    return campaign
