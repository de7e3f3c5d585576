"""A report is worded by a person; figures and evidence stay the samples' own, and nobody's words are lost."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from pypdf import PdfReader

from kitestring.domains.analytics.models import Sample
from kitestring.domains.reports.actions.arrange_findings import leave_out, move_finding, put_back
from kitestring.domains.reports.actions.make_anew import make_anew
from kitestring.domains.reports.actions.make_report import make_report
from kitestring.domains.reports.actions.restore_words import keep_words, restore_words
from kitestring.domains.reports.actions.save_words import Saved, save_words
from kitestring.domains.reports.actions.share_report import page_of, share_report
from kitestring.domains.reports.models import Report
from kitestring.domains.reports.rules.wording import homeless, moved
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.refusals import Conflict, Refusal
from tests.world import World

Door = Callable[[Member], Client]
HOSTILE = '#panic("x") $1/0$ <b>no</b> *bold* _it_ @ref \\u{0}'


@pytest.fixture
def made(world: World, past: Any, days: Callable[[], dict[str, Any]]) -> Report:
    """Two findings: one post stands out, and people were answered in time."""
    there = past.account()
    for n in range(8):
        past.talk(past.post(there, 10 + n % 3, age=20 - n), answered_after=30)
    past.post(there, 120, age=3, title="Bánh mì")
    return make_report(world.analyst, world.brand, **days(), language="en")


def now(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)


def said(report: Report) -> dict[str, dict[str, Any]]:
    return {f["key"]: f for f in page_of(now(report))["findings"]}


def type_in(member: Member, report: Report, **lines: str) -> Saved:
    """As the page sends it: what is typed, and what it was."""
    typed = {name.replace("__", "-"): text for name, text in lines.items()}
    page, was = now(report), {}
    for name in typed:
        part, _dash, key = name.partition("-")
        was[name] = said(page)[key][part] if key else page_of(page)["title"] if part == "title" else ""
    return save_words(member, report.pk, typed, was)


def test_words_are_hers_and_evidence_is_the_samples(world: World, made: Report) -> None:
    assert type_in(world.manager, made, title="We found what works", claim__standout="One loaf flew").whole
    page = page_of(now(made))
    first = page["findings"][0]
    assert (page["title"], first["claim"]) == ("We found what works", "One loaf flew")
    for kept in ("evidence", "n", "samples", "plot"):
        assert first[kept] == made.content["findings"][0][kept]
    assert page["kpis"] == made.content["kpis"]
    assert page["foot"].endswith(made.content["foot"])
    assert world.manager.name in page["foot"]
    assert now(made).content == made.content
    entries = AuditEntry.objects.filter(verb="report.word", subject_id=made.pk)
    assert {"claim": "One loaf flew"} in [e.after for e in entries]
    assert {"claim": made.content["findings"][0]["claim"]} in [e.before for e in entries]


def test_evidence_cannot_be_typed_over(world: World, made: Report, door: Door) -> None:
    door(world.manager).post(
        f"/reports/{made.pk}/words/",
        {"evidence-standout": "1,000,000", "was-evidence-standout": "", "n-standout": "9", "version": "1"},
    )
    assert said(made)["standout"]["evidence"] == made.content["findings"][0]["evidence"]
    assert now(made).words == {}


def test_the_generated_sentence_comes_back(world: World, made: Report) -> None:
    type_in(world.manager, made, so__standout="Bake it again")
    restore_words(world.manager, made.pk, "so-standout")
    assert said(made)["standout"]["so"] == made.content["findings"][0]["so"]
    last = AuditEntry.objects.filter(verb="report.word").latest("at")
    assert last.before == {"so": "Bake it again"}
    type_in(world.manager, made, so__standout="Bake it again")
    type_in(world.manager, made, so__standout=made.content["findings"][0]["so"])
    assert now(made).words["lines"] == {}


def test_order_and_what_is_left_out_hold_in_the_decision_too(world: World, made: Report) -> None:
    keys = list(said(made))
    assert len(keys) == 2
    move_finding(world.manager, made.pk, keys[0], 1)
    page = page_of(now(made))
    assert [f["key"] for f in page["findings"]] == keys[::-1]
    assert [f["no"] for f in page["findings"]] == ["1. ", "2. "]
    assert page["ask"]["options"][0]["items"] == [f["ask"] for f in page["findings"]]
    leave_out(world.manager, made.pk, keys[0])
    page = page_of(now(made))
    assert [f["key"] for f in page["findings"]] == keys[1:]
    assert "Bánh mì" not in page["title"]
    put_back(world.manager, made.pk, keys[0])
    for key in keys:
        leave_out(world.manager, made.pk, key)
    assert page_of(now(made))["ask"] is None
    verbs = set(AuditEntry.objects.filter(subject_id=made.pk).values_list("verb", flat=True))
    assert verbs >= {"report.arrange", "report.leave_out", "report.put_back"}


@pytest.mark.parametrize(
    ("line", "text", "told"),
    [
        ("title", "", "conclusion"),
        ("title", "\u200b\u200e \u2060", "conclusion"),
        ("claim__standout", " \n ", "leave the finding out"),
        ("so__standout", "", "what follows"),
        ("claim__standout", "x" * 1_000_000, "1,000,000 characters"),
    ],
)
def test_bad_words_are_told_and_hold_no_other_line_back(
    world: World, made: Report, line: str, text: str, told: str
) -> None:
    done = type_in(world.manager, made, **{line: text, "remark": "A remark"})
    (message,) = done.refused.values()
    assert told in message
    assert said(made)["standout"]["claim"] == made.content["findings"][0]["claim"]
    assert page_of(now(made))["remark"]["text"] == "A remark"


def test_markup_and_turning_letters_print_as_text(world: World, made: Report) -> None:
    type_in(world.manager, made, claim__standout=f"\u202e{HOSTILE}", remark="Dòng một\n dòng hai 一起")
    shared = share_report(world.manager, made.pk)
    (sheet,) = PdfReader(BytesIO(Client().get(f"/r/{made.secret}/paper.pdf").content)).pages
    paper = "".join(sheet.extract_text().split())
    page = Client().get(f"/r/{made.secret}/").content.decode()
    assert "".join(HOSTILE.split()) in paper
    assert "Dòngmộtdònghai一起" in paper
    assert "<b>no</b>" not in page
    assert "&lt;b&gt;no&lt;/b&gt;" in page
    assert "\u202e" not in shared.content["findings"][0]["claim"]


def test_what_the_paper_cannot_print_is_told_before_it_goes_up(world: World, made: Report) -> None:
    assert type_in(world.manager, made, remark="Chúc mừng 🎉 مرحبا").whole
    with pytest.raises(Refusal, match="🎉"):
        share_report(world.manager, made.pk)
    assert page_of(now(made))["remark"]["text"] == "Chúc mừng 🎉 مرحبا"


def test_two_people_the_later_is_told_and_nothing_is_lost(world: World, made: Report) -> None:
    was = {"title": made.title, "remark": ""}
    save_words(world.manager, made.pk, {"title": "Hers"}, was)
    late = save_words(world.owner, made.pk, {"title": "His", "remark": "And this"}, was)
    assert late.theirs == {"title": {"text": "Hers", "by": world.manager.name}}
    page = page_of(now(made))
    assert (page["title"], page["remark"]["text"]) == ("Hers", "And this")
    assert save_words(world.owner, made.pk, {"title": "His"}, was, over=["title"]).whole
    assert now(made).title == "His"
    assert AuditEntry.objects.filter(before={"title": "Hers"}, after={"title": "His"}).exists()
    with pytest.raises(Conflict):
        share_report(world.manager, made.pk, version=2)


def test_new_numbers_under_her_words_are_told_with_both(world: World, made: Report) -> None:
    type_in(world.manager, made, claim__standout="One loaf flew", so__answers_kept="We are quick")
    make_anew(world.manager, made.pk)
    assert moved(now(made).content, now(made).words) == {}
    Sample.objects.update(value=F("value") + 7)
    make_anew(world.manager, made.pk)
    here = now(made)
    changed = moved(here.content, here.words)
    assert list(changed) == ["standout"]
    assert changed["standout"]["evidence"] == made.content["findings"][0]["evidence"]
    assert said(here)["standout"]["claim"] == "One loaf flew"
    assert said(here)["standout"]["evidence"] != made.content["findings"][0]["evidence"]
    with pytest.raises(Refusal, match="numbers under your words"):
        share_report(world.manager, made.pk)
    keep_words(world.manager, made.pk, "standout")
    assert share_report(world.manager, made.pk).number == 1


def test_words_on_a_finding_that_is_gone_are_kept(world: World, made: Report) -> None:
    type_in(world.manager, made, claim__standout="One loaf flew")
    Sample.objects.update(value=10)
    make_anew(world.manager, made.pk)
    here = now(made)
    assert "standout" not in said(here)
    assert homeless(here.content, here.words)["claim-standout"]["text"] == "One loaf flew"
    assert share_report(world.manager, made.pk).number == 1
