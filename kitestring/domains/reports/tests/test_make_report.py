"""The report says what its samples say, and no more."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pypdf import PdfReader

from kitestring.domains.analytics.models import Sample
from kitestring.domains.inbox.models import Message
from kitestring.domains.planning.models import Campaign
from kitestring.domains.reports.actions.make_report import make_report
from kitestring.domains.reports.actions.share_report import share_report
from kitestring.domains.reports.models import Report
from kitestring.domains.workspaces.models import AuditEntry
from kitestring.kit.refusals import Refusal
from tests.world import World

Days = Callable[[], dict[str, Any]]


def page_of(report: Report) -> tuple[PdfReader, str]:
    """The printed file of what is shared, which must be one page, and its text without line breaks."""
    assert report.made_by is not None
    shared = share_report(report.made_by, report.pk)
    reader = PdfReader(BytesIO((Path(settings.HOME) / shared.pdf).read_bytes()))
    assert len(reader.pages) == 1
    return reader, "".join(reader.pages[0].extract_text().split())


def keys(report: Report) -> list[str]:
    return [f["key"] for f in report.content["findings"]]


def test_a_hit_is_told_with_its_samples(world: World, past: Any, days: Days) -> None:
    there = past.account()
    for n in range(8):
        past.post(there, 10 + n % 3, age=20 - n)
    hit = past.post(there, 120, age=3, title="Nướng bánh lúc 5 giờ")
    report = make_report(world.analyst, world.brand, **days(), language="en")
    first = report.content["findings"][0]
    assert first["key"] == "standout"
    assert first["posts"] == [str(hit.pk)]
    assert [str(s.pk) for s in Sample.objects.filter(delivery=hit)] == first["samples"]
    assert "Nướng bánh lúc 5 giờ" in report.title
    assert "120 reactions" in first["evidence"]
    assert "median is 11" in first["evidence"]
    assert first["so"]
    assert first["ask"] in report.content["ask"]["options"][0]["items"]
    assert AuditEntry.objects.filter(verb="report.make", subject_id=report.pk).exists()


def test_too_few_asks_nothing(world: World, past: Any, days: Days) -> None:
    there = past.account()
    for n in range(5):
        past.post(there, 10 if n else 900, age=12 - n)
    report = make_report(world.analyst, world.brand, **days(), language="en")
    assert keys(report) == []
    assert report.content["ask"] is None
    assert len(report.content["untold"]) == 2
    _reader, text = page_of(report)
    assert "Toofewtotell" in text
    assert "Pleasedecide" not in text


def test_the_goal_is_held_against_the_result(world: World, past: Any, days: Days) -> None:
    campaign = Campaign.objects.create(brand=world.brand, name="Tết", goal_metric="likes", goal_value=100)
    there = past.account()
    past.post(there, 60, campaign=campaign)
    past.post(there, 25, campaign=campaign)
    past.post(there, 9000)
    report = make_report(world.analyst, world.brand, campaign=campaign, **days(), language="en")
    goal = report.content["kpis"][0]
    assert (goal["label"], goal["value"]) == ("Likes, goal 100", "85")
    assert goal["note"] == "15 short of it"
    assert len(goal["samples"]) == 2
    assert "85 of the 100" in report.title


def test_a_missing_number_is_missing_with_its_reason(world: World, past: Any, days: Days) -> None:
    campaign = Campaign.objects.create(brand=world.brand, name="Tết", goal_metric="views", goal_value=100)
    past.post(past.account(), None, campaign=campaign)
    report = make_report(world.analyst, world.brand, campaign=campaign, **days(), language="en")
    goal = report.content["kpis"][0]
    assert goal["value"] == "missing"
    assert "foot" in goal["note"]
    assert "Views missing: " in report.content["foot"]
    assert "missing" in report.title


@pytest.mark.parametrize(("minutes", "key"), [(20, "answers_kept"), (600, "answers_late")])
def test_answers_against_the_promise(world: World, past: Any, days: Days, minutes: int, key: str) -> None:
    post = past.post(past.account(), 3)
    asked = [past.talk(post, answered_after=minutes + n) for n in range(5)]
    waits = past.talk(post, answered_after=None)
    report = make_report(world.analyst, world.brand, **days(), language="en")
    assert keys(report) == [key]
    finding = report.content["findings"][0]
    assert set(finding["samples"]) == {str(m.pk) for m in [*asked, waits]}
    assert "1 is past the promise and has not come yet." in finding["evidence"]
    assert "whole inbox" not in finding["evidence"]


def test_an_answer_that_never_left_is_no_answer(world: World, past: Any, days: Days) -> None:
    post = past.post(past.account(), 3)
    for n in range(5):
        past.talk(post, answered_after=n + 1)
    Message.objects.filter(direction="out").update(remote_id="")
    assert keys(make_report(world.analyst, world.brand, **days(), language="en")) == []


def test_an_account_that_fell(world: World, past: Any, days: Days) -> None:
    there = past.account("Harbour")
    for n in range(6):
        past.post(there, 100 + n, age=60 + n)
        past.post(there, 10 + n, age=20 + n)
    report = make_report(world.analyst, world.brand, **days(), language="en")
    assert "below" in keys(report)


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh-hans", "煮一壶“单人位”的茶，过冬"), ("vi", "Ngõ nhỏ Nguyễn Trường Tộ vẫn ồn ã, đẫm sương")],
)
def test_the_paper_speaks_chinese_and_vietnamese(
    world: World, past: Any, days: Days, language: str, title: str
) -> None:
    there = past.account()
    for n in range(8):
        past.post(there, 10 + n % 3, age=20 - n)
    past.post(there, 120, age=3, title=title)
    reader, text = page_of(make_report(world.analyst, world.brand, **days(), language=language))
    assert "".join(title.split()) in text
    for font in reader.pages[0]["/Resources"]["/Font"].values():
        inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile2" in inner or "/FontFile3" in inner


HOSTILE = '#panic("x") $1/0$ <b>no</b> #read("/etc/passwd") {{ 7*7 }} \\u{0} *bold* '


def test_only_the_instance_reads_the_paper_on_disk(
    world: World, past: Any, days: Days, settings: Any, tmp_path: Path
) -> None:
    """As root the data folder itself can be walked through by every user of the machine."""
    settings.HOME = tmp_path
    (tmp_path / "reports").mkdir(mode=0o755)
    report = make_report(world.manager, world.brand, **days(), language="en")
    paper = tmp_path / share_report(world.manager, report.pk).pdf
    assert paper.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(paper.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(paper.stat().st_mode) == 0o600


def test_hostile_words_are_only_words(world: World, past: Any, days: Days) -> None:
    there = past.account(name=HOSTILE * 2)
    for n in range(8):
        past.post(there, 10 + n % 3, age=20 - n)
    past.post(there, 120, age=3, title=HOSTILE)
    Report.objects.all().delete()
    campaign = Campaign.objects.create(brand=world.brand, name=HOSTILE, goal_metric="likes", goal_value=1e15)
    make_report(world.analyst, world.brand, campaign=campaign, **days(), language="zh-hans")
    _reader, text = page_of(make_report(world.analyst, world.brand, **days(), language="en"))
    assert '#panic("x")' in text
    assert "<b>no</b>" in text


def test_a_post_of_a_million_letters_changes_nothing(world: World, past: Any, days: Days) -> None:
    there = past.account()
    for n in range(8):
        past.post(there, 10 + n % 3, age=20 - n)
    huge = past.post(there, 120, age=3)
    huge.revision.post.title = ""
    huge.revision.post.save()
    huge.payload = {"text": "龘" * 1_000_000}
    huge.save()
    report = make_report(world.analyst, world.brand, **days(), language="en")
    assert len(report.title) < 200
    page_of(report)


def test_refusals(world: World, stranger: World, days: Days) -> None:
    span = days()
    with pytest.raises(Refusal, match="role"):
        make_report(world.stakeholder, world.brand, **span, language="en")
    with pytest.raises(Refusal):
        make_report(world.analyst, stranger.brand, **span, language="en")
    theirs = Campaign.objects.create(brand=stranger.brand, name="x")
    with pytest.raises(Refusal):
        make_report(world.analyst, world.brand, campaign=theirs, **span, language="en")
    with pytest.raises(Refusal, match="before"):
        make_report(
            world.analyst, world.brand, starts_on=span["ends_on"], ends_on=span["starts_on"], language="en"
        )
    early = span["ends_on"] - timedelta(days=400)
    with pytest.raises(Refusal, match="400"):
        make_report(world.analyst, world.brand, starts_on=early, ends_on=span["ends_on"], language="en")
    with pytest.raises(Refusal):
        make_report(world.analyst, world.brand, **span, language="xx")
    assert not Report.objects.exists()
