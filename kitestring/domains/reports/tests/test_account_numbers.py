"""The accounts' own numbers in a report: the change over its time where both ends were read, and why the others have none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from kitestring.connectorkit import registry
from kitestring.domains.analytics.models import AccountSample
from kitestring.domains.channels.models import Account
from kitestring.domains.planning.models import Campaign
from kitestring.domains.reports.actions.make_report import make_report
from kitestring.domains.reports.actions.print_paper import draft_of, paper_of
from kitestring.domains.reports.actions.share_report import share_report
from kitestring.domains.reports.models import Report
from kitestring.domains.reports.queries.numbers import numbers_in
from kitestring.kit.clock import now
from tests.world import World

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 28)


def counting(*, followers: bool) -> str:
    """A channel that tells its accounts' followers, or no number of an account at all."""
    for slug, one in registry.connectors().items():
        keys = {fact.key for fact in one.manifest.account_metrics}
        if ("followers" in keys) if followers else not keys:
            return slug
    raise LookupError


def read(
    account: Account, *given: tuple[date, float | None], why: str = "", metric: str = "followers"
) -> None:
    AccountSample.add_all(
        [
            AccountSample(
                account=account, metric=metric, day=day, value=value, field="followers_count", at=now(),
                why="" if value is not None else why,
            )
            for day, value in given
        ]
    )  # fmt: skip


@pytest.fixture
def there(past: Any) -> Account:
    account: Account = past.account("Crumb", channel=counting(followers=True))
    return account


def told(*accounts: Account) -> list[Any]:
    return list(numbers_in([(one, one.name) for one in accounts], FIRST, LAST))


def test_the_change_is_between_the_readings_nearest_to_both_ends(there: Account) -> None:
    day = timedelta(days=1)
    read(
        there,
        (FIRST - 2 * day, 90),
        (FIRST + day, 100),
        (date(2026, 11, 14), 500),
        (LAST - day, 130),
        (LAST + 2 * day, 7),
    )
    [one] = told(there)
    assert (one.first, one.last) == ((FIRST + day, 100), (LAST - day, 130))
    assert len(one.samples) == 2
    assert one.why == ""


def test_what_was_not_read_at_both_ends_is_not_measured(past: Any, there: Account) -> None:
    late, gone, never = (past.account(name, channel=there.channel) for name in ("Late", "Gone", "Never"))
    read(late, (date(2026, 11, 9), 40), (LAST, 50))
    read(gone, (FIRST, 40), (date(2026, 11, 20), 50))
    read(there, (FIRST - timedelta(days=3), 1), (LAST + timedelta(days=3), 2))
    silent = past.account("Silent", channel=counting(followers=False))
    facts = told(late, gone, never, there, silent)
    assert [one.last for one in facts] == [None] * 5
    assert "9" in facts[0].why
    assert facts[0].why.startswith("first read on")
    assert facts[1].why.startswith("last read on")
    assert facts[2].why == facts[3].why == "not read in this time"
    assert facts[4].why == "its channel gives no number of the account"


def test_a_number_that_the_channel_did_not_give_is_no_zero(there: Account) -> None:
    manifest = registry.get(there.channel).manifest
    reason = next(key for key in manifest.sentences)
    read(there, (FIRST, 40), (LAST, None), why=reason)
    [one] = told(there)
    assert one.last is None
    assert one.why
    assert manifest.sentences[reason].en.startswith(one.why.split("{")[0][:12])


def made(world: World, language: str = "en", **more: Any) -> Report:
    today = now().astimezone(world.brand.zone).date()
    return make_report(
        world.analyst,
        world.brand,
        starts_on=today - timedelta(days=20),
        ends_on=today,
        language=language,
        **more,
    )


def ends(world: World, account: Account, before: float, after: float) -> None:
    today = now().astimezone(world.brand.zone).date()
    read(account, (today - timedelta(days=20), before), (today, after))


@pytest.mark.parametrize(
    ("language", "title", "means"),
    [
        ("en", "The accounts themselves", "Followers: People and accounts that follow this one"),
        ("zh-hans", "账号本身", "关注者：关注此账号的人"),
        ("vi", "Chính các tài khoản", "Người theo dõi: Người và tài khoản"),
    ],
)
def test_the_page_says_the_change_what_it_counts_and_who_has_none(
    world: World, past: Any, there: Account, language: str, title: str, means: str
) -> None:
    ends(world, there, 1200, 1234)
    past.account("Silent", channel=counting(followers=False))
    page = made(world, language).content["numbers"]
    [row] = page["rows"]
    assert page["title"] == title
    assert row["by"] == "+34"
    assert "Crumb" in row["account"]
    assert "Silent" in page["notes"][0]
    assert any(note.startswith(means) for note in page["notes"])
    assert len(page["samples"]) == 2


def test_the_largest_change_is_first_and_a_loss_is_a_loss(world: World, past: Any, there: Account) -> None:
    down, same = past.account("Down", channel=there.channel), past.account("Same", channel=there.channel)
    ends(world, there, 1000, 1005)
    ends(world, down, 900, 860)
    ends(world, same, 70, 70)
    rows = made(world).content["numbers"]["rows"]
    assert [row["by"] for row in rows] == ["−40", "+5", "±0"]


def test_a_campaign_tells_only_of_the_accounts_it_was_on(world: World, past: Any, there: Account) -> None:
    other = past.account("Other", channel=there.channel)
    ends(world, there, 10, 12)
    ends(world, other, 10, 50)
    campaign = Campaign.objects.create(brand=world.brand, name="Winter")
    past.post(there, 3, age=4, campaign=campaign)
    page = made(world, campaign=campaign).content["numbers"]
    assert [row["by"] for row in page["rows"]] == ["+2"]
    assert "Other" not in str(page)


def test_no_account_no_part(world: World) -> None:
    assert made(world).content["numbers"] is None


@pytest.mark.parametrize("language", ["en", "zh-hans", "vi"])
def test_the_paper_and_the_public_link_say_the_same(
    world: World, past: Any, there: Account, language: str
) -> None:
    for n in range(9):
        ends(world, past.account(f"Account {n}", channel=there.channel), 1000, 1010 + n)
        past.post(there, 10 + n, age=3 + n)
    report = made(world, language)
    page = report.content["numbers"]
    assert len(page["rows"]) == 6
    revision = share_report(world.analyst, report.pk)
    pdf = PdfReader(BytesIO(paper_of(revision)))
    assert len(pdf.pages) == 1
    paper = "".join(pdf.pages[0].extract_text().split())
    public = Client().get(f"/r/{report.secret}/").content.decode()
    for row in page["rows"]:
        assert row["by"] in paper
        assert row["by"] in public
    assert page["title"].replace(" ", "") in paper
    assert page["title"] in public


def test_a_report_of_before_has_no_such_part(world: World, door: Callable[..., Client], past: Any) -> None:
    past.post(past.account(), 4)
    report = made(world)
    content = dict(report.content)
    del content["numbers"]
    Report.objects.filter(pk=report.pk).update(content=content)
    assert door(world.owner).get(f"/reports/{report.pk}/").status_code == 200
    report.refresh_from_db()
    assert draft_of(report, report.content)[:4] == b"%PDF"
