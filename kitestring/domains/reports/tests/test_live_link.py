"""The boss reads and answers without signing in; the link can be closed; the answer stands once."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from kitestring.domains.reports.actions.answer_report import answer_as_member
from kitestring.domains.reports.actions.make_report import make_report
from kitestring.domains.reports.actions.share_report import share_report
from kitestring.domains.reports.models import Report, ReportAnswer, ReportRevision
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal
from kitestring.ui import formats
from tests.world import World

Days = Callable[[], dict[str, Any]]
Door = Callable[[Member], Client]


def told(world: World, past: Any, days: Days, language: str = "en") -> Report:
    there = past.account()
    for n in range(8):
        past.post(there, 10 + n % 3, age=20 - n)
    past.post(there, 120, age=3, title="Nướng bánh <script>alert(1)</script>")
    report = make_report(world.analyst, world.brand, **days(), language=language)
    share_report(world.analyst, report.pk)
    return report


def words_of(report: Report) -> str:
    """The paper by the link, which is one page, without its spaces."""
    (page,) = PdfReader(BytesIO(Client().get(f"/r/{report.secret}/paper.pdf").content)).pages
    return "".join(page.extract_text().split())


def test_the_boss_reads_and_answers_once(world: World, past: Any, days: Days) -> None:
    report, boss = told(world, past, days), Client()
    address = f"/r/{report.secret}/"
    page = boss.get(address)
    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    # With no-referrer a browser posts `Origin: null`, and the signature would be refused.
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert 'name="referrer"' not in page.content.decode()
    assert "<script>alert(1)" not in page.content.decode()
    assert "/results/" not in page.content.decode()
    nameless = boss.post(address, {"choice": "as_proposed", "note": "Go on"})
    assert nameless.status_code == 422
    assert "Go on" in nameless.content.decode()
    unchosen = boss.post(address, {"note": "Go on", "signed_as": "林总"})
    assert unchosen.status_code == 422
    # The page says so at the form's head, and marks the question: what the eye and the keyboard are led to.
    assert 'role="radiogroup" aria-invalid="true"' in unchosen.content.decode()
    assert "Nothing is signed yet." in unchosen.content.decode()
    assert unchosen.content.decode().count(" required") == 3  # both answers and the name
    done = boss.post(address, {"choice": "as_proposed", "note": "Go on", "signed_as": "林总"}, follow=True)
    assert "林总" in done.content.decode()
    again = boss.post(address, {"choice": "leave", "signed_as": "Somebody"})
    assert again.status_code == 409
    answer = ReportAnswer.objects.get(revision__report=report)
    assert (answer.choice, answer.note, answer.signed_as, answer.member) == (
        "as_proposed",
        "Go on",
        "林总",
        None,
    )
    entry = AuditEntry.objects.get(verb="report.answer")
    assert entry.after["signed_as"] == "林总"
    assert entry.workspace == world.workspace


def test_the_paper_comes_by_the_link(world: World, past: Any, days: Days) -> None:
    report = told(world, past, days)
    paper = Client().get(f"/r/{report.secret}/paper.pdf")
    assert paper.content.startswith(b"%PDF")
    ReportRevision.objects.update(pdf="reports/gone.pdf")
    assert Client().get(f"/r/{report.secret}/paper.pdf").content.startswith(b"%PDF")


def test_the_paper_says_who_signed_what_and_when(world: World, past: Any, days: Days) -> None:
    report = told(world, past, days, "zh-hans")
    assert "林总" not in words_of(report)
    Client().post(
        f"/r/{report.secret}/", {"choice": "leave", "note": "先看 #panic[x] 一看", "signed_as": "林总"}
    )
    words, answer = words_of(report), ReportAnswer.objects.get()
    with translation.override("zh-hans"):
        at = formats.date_time(answer.at, "medium", world.brand.zone)
    chosen = report.content["ask"]["options"][1]["title"]
    assert words.count("".join(chosen.split())) == 2
    assert "林总" in words
    assert "".join(at.split()) in words
    assert "先看#panic[x]一看" in words
    kept = [p.name for p in (Path(settings.HOME) / "reports").glob(f"{report.pk}*")]
    assert kept == [f"{report.pk}-1-signed.pdf"]
    # The file of before the signature is not handed out, should printing it again have failed.
    ReportRevision.objects.update(pdf=f"reports/{report.pk}-1.pdf")
    assert "林总" in words_of(report)


def test_the_longest_note_leaves_one_page(world: World, past: Any, days: Days) -> None:
    report = told(world, past, days)
    answer_as_member(world.stakeholder, report, "as_proposed", "Fewer, and better. " * 105)
    assert world.stakeholder.name.replace(" ", "") in words_of(report)


def test_a_closed_link_shows_nothing(world: World, past: Any, days: Days, door: Door) -> None:
    report = told(world, past, days)
    assert door(world.stakeholder).post(f"/reports/{report.pk}/link/").status_code == 403
    door(world.analyst).post(f"/reports/{report.pk}/link/")
    for address in (f"/r/{report.secret}/", f"/r/{report.secret}/paper.pdf", "/r/nonsense/"):
        page = Client().get(address)
        assert page.status_code == 404
        assert report.title not in page.content.decode()
    late = Client().post(f"/r/{report.secret}/", {"choice": "leave", "note": "Go on", "signed_as": "x"})
    assert late.status_code == 404
    assert "Go on" in late.content.decode()
    door(world.analyst).post(f"/reports/{report.pk}/link/", {"open": "1"})
    fresh = Report.objects.get(pk=report.pk)
    assert fresh.secret != report.secret
    assert Client().get(f"/r/{fresh.secret}/").status_code == 200


def test_the_link_speaks_the_reports_language(world: World, past: Any, days: Days) -> None:
    report = told(world, past, days, "vi")
    page = Client(headers={"accept-language": "en"}).get(f"/r/{report.secret}/").content.decode()
    assert '<html lang="vi"' in page


@pytest.mark.parametrize(("language", "too_near"), [("zh-hans", "你"), ("vi", "bạn ")])
def test_the_boss_is_spoken_to_as_a_boss(
    world: World, past: Any, days: Days, language: str, too_near: str
) -> None:
    report, boss = told(world, past, days, language), Client(headers={"accept-language": language})
    address = f"/r/{report.secret}/"
    pages = [boss.get(address), boss.post(address, {"note": "x"}), boss.get("/r/nonsense/")]
    pages += [boss.post(address, {"choice": "leave", "signed_as": "林总", "revision": "7"})]
    pages += [boss.post(address, {"choice": "leave", "signed_as": "林总"}), boss.post(address, {"note": "x"})]
    assert [p.status_code for p in pages] == [200, 422, 404, 409, 302, 409]
    for page in pages:
        assert too_near not in page.content.decode().lower()


def test_members_pages(world: World, stranger: World, past: Any, days: Days, door: Door) -> None:
    report = told(world, past, days)
    page = door(world.stakeholder).get(f"/reports/{report.pk}/").content.decode()
    assert report.secret in page
    posts = report.content["findings"][0]["posts"]
    assert f"/results/{posts[0]}/" in page
    assert report.title.split("”")[0][:10] in door(world.editor).get("/reports/").content.decode()
    assert door(stranger.owner).get(f"/reports/{report.pk}/").status_code == 404
    assert door(stranger.owner).get(f"/reports/{report.pk}/paper.pdf").status_code == 404
    assert door(world.editor).post(f"/reports/{report.pk}/answer/", {"choice": "leave"}).status_code == 403
    signed = door(world.stakeholder).post(
        f"/reports/{report.pk}/answer/", {"choice": "leave", "note": "Later"}, follow=True
    )
    assert "Later" in signed.content.decode()
    assert ReportAnswer.objects.get().member == world.stakeholder


def test_making_one_from_the_page(world: World, past: Any, door: Door) -> None:
    past.post(past.account(), 4)
    analyst = door(world.analyst)
    wrong = analyst.post("/reports/", {"language": "vi", "starts_on": "yesterday"})
    assert wrong.status_code == 422
    made = analyst.post("/reports/", {"language": "vi"}, follow=True)
    assert made.status_code == 200
    assert Report.objects.get().language == "vi"
    assert door(world.editor).post("/reports/", {"language": "vi"}).status_code == 403


def test_who_made_it_signs_only_when_nobody_else_may(world: World, past: Any, days: Days) -> None:
    there = past.account()
    for n in range(8):
        past.post(there, 10 + n % 3, age=20 - n)
    past.post(there, 120, age=3, title="Bánh mì")
    report = make_report(world.owner, world.brand, **days(), language="en")
    share_report(world.owner, report.pk)
    with pytest.raises(Refusal, match=world.stakeholder.name):
        answer_as_member(world.owner, report, "as_proposed")
    assert not ReportAnswer.objects.exists()
    Member.objects.exclude(pk=world.owner.pk).update(left_at=now())
    assert answer_as_member(world.owner, report, "as_proposed").member == world.owner
