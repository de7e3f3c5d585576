"""The boss, on a phone: the live link is read and signed by somebody without a login; signed in, only what they may is there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from kitestring.domains.reports.actions.make_report import make_report
from kitestring.domains.reports.actions.share_report import share_report
from kitestring.domains.reports.models import Report, ReportAnswer
from kitestring.domains.reports.tests.conftest import Past
from kitestring.domains.workspaces.models import AuditEntry
from kitestring.kit.clock import now
from tests.journeys.conftest import Desk
from tests.journeys.engine import aside
from tests.journeys.looking import PHONE, calm, troubles
from tests.world import World, make_world

SENT = """() => [...document.querySelectorAll('main form')].map(
    f => [f.method, f.getAttribute('action') || f.getAttribute('hx-post') || ''])"""


LETTERS = """() => [...document.querySelectorAll('.fnd svg text')].map(t => parseFloat(getComputedStyle(t).fontSize)
    * t.ownerSVGElement.getBoundingClientRect().width / t.ownerSVGElement.viewBox.baseVal.width)"""


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def told(world: World) -> Report:
    past = Past(world)
    there = past.account()
    for n in range(8):
        past.talk(past.post(there, 10 + n % 3, age=20 - n), answered_after=30)
    past.post(there, 120, age=3, title="把杯子倒过来卖")
    today = now().date()

    def shared() -> Report:
        report = make_report(
            world.analyst,
            world.brand,
            starts_on=today - timedelta(days=30),
            ends_on=today,
            language="zh-hans",
        )
        share_report(world.analyst, report.pk)
        return report

    return aside(shared)


def missing(page: Page) -> None:
    """Nothing is signed: said at the head of the form and beside the choice, which has the focus; all of it in sight."""
    expect(page.locator("main form [name=choice]").first).to_be_focused()
    for said in (page.locator("main form [data-unsent]"), page.locator("main form .fld .err").first):
        expect(said).to_be_in_viewport(ratio=1)


def test_the_link_is_read_and_signed_on_a_phone_without_a_login(told: Report, visitor: Desk) -> None:
    page = visitor(f"/r/{told.secret}/", width=PHONE, language="zh-hans")
    expect(page.locator("article.report h1")).to_have_text(told.title)
    assert troubles(page) == []
    page.click("main form button[type=submit]")
    missing(page)
    assert not ReportAnswer.objects.exists(), "a signature needs a choice and a name"
    expect(page.locator("main form .fld .err")).to_have_count(2)
    expect(page.locator("main form .fld .err").first).to_have_text("请在两个选项中选一个。")
    calm(page)
    # The same from the house, should the browser have let it pass: the page begins where something is missing.
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.fill("main form [name=note]", "先看看")
    page.click("main form button[type=submit]")
    expect(page.locator("main form [name=note]")).to_have_value("先看看")
    missing(page)
    calm(page)
    page.locator("main form [name=choice]").first.check()
    page.fill("main form [name=note]", "同意，先这样做。")
    page.fill("main form [name=signed_as]", "林总")
    page.click("main form button[type=submit]")
    expect(page.locator(".askbox .signed")).to_contain_text("林总")
    expect(page.locator("main form")).to_have_count(0)
    expect(page.locator(".askbox .signed")).to_be_in_viewport()
    calm(page)
    answer = ReportAnswer.objects.get(revision__report=told)
    assert (answer.signed_as, answer.note, answer.member) == ("林总", "同意，先这样做。", None)
    page.reload()
    expect(page.locator(".askbox .signed")).to_contain_text("林总")
    paper = page.locator("a[href$='paper.pdf']").first.get_attribute("href")
    got = page.request.get(re.sub(r"/r/.*", "", page.url) + str(paper))
    assert (got.status, got.body()[:5]) == (200, b"%PDF-")


def test_the_paper_is_paper_in_the_dark_and_its_pictures_fit_a_phone(told: Report, visitor: Desk) -> None:
    page = visitor(f"/r/{told.secret}/", width=PHONE)
    page.emulate_media(color_scheme="dark")
    grounds = page.evaluate(
        "[document.documentElement, document.body, document.querySelector('main')].map(e => getComputedStyle(e).backgroundColor)"
    )
    assert grounds == ["rgb(255, 255, 255)", "rgb(251, 250, 248)", "rgb(255, 255, 255)"]
    assert page.evaluate(LETTERS)
    assert all(11 <= size <= 13 for size in page.evaluate(LETTERS))


def test_two_tabs_sign_once(told: Report, visitor: Desk) -> None:
    first, second = visitor(f"/r/{told.secret}/", width=PHONE), visitor(f"/r/{told.secret}/", width=PHONE)
    for page, name in ((first, "林总"), (second, "Somebody else")):
        page.locator("main form [name=choice]").first.check()
        page.fill("main form [name=signed_as]", name)
    first.click("main form button[type=submit]")
    expect(first.locator(".askbox .signed")).to_contain_text("林总")
    second.fill("main form [name=note]", "等一等")
    second.click("main form button[type=submit]")
    expect(second.locator(".askbox .err")).to_be_focused()
    expect(second.locator(".askbox .err")).to_contain_text("林总")
    expect(second.locator(".askbox")).to_contain_text("等一等")
    assert ReportAnswer.objects.get().signed_as == "林总"


def buttons(page: Page) -> list[str]:
    """The links of the page and of the frame around it that lead inside the house."""
    found = page.eval_on_selector_all("a[href^='/']", "all => all.map(a => a.getAttribute('href'))")
    return sorted({str(href).split("#")[0] for href in found})


def test_a_stakeholder_signs_in_and_finds_no_dead_door(world: World, told: Report, desk: Desk) -> None:
    page = desk(world.stakeholder, "/", width=PHONE)
    base = page.url.rstrip("/")
    walked: set[str] = set()
    for path in (
        "/",
        "/briefs/",
        "/posts/",
        "/calendar/",
        "/results/",
        "/reports/",
        f"/reports/{told.pk}/",
        "/settings/",
    ):
        answer = page.goto(base + path)
        assert answer is not None
        assert answer.status == 200, path
        calm(page, axe=path in ("/", f"/reports/{told.pk}/"))
        for href in buttons(page):
            walked.add(href)
        for method, action in page.evaluate(SENT):
            assert method == "get" or action.startswith(
                (f"/reports/{told.pk}/", "/settings/", "/language/")
            ), (path, action)
    for href in sorted(walked):
        assert page.request.get(base + href).status == 200, href
    assert page.request.get(f"{base}/inbox/").status == 403
    page.goto(f"{base}/reports/{told.pk}/")
    page.locator("main form [name=choice]").first.check()
    page.locator("main .askbox button[type=submit]").click()
    expect(page.locator(".askbox .signed")).to_contain_text(world.stakeholder.name)
    assert AuditEntry.objects.filter(verb="report.answer", member=world.stakeholder).exists()
