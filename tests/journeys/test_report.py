"""A manager words a report where it stands, on the desk and on a phone, and shares it; the boss reads the same words."""

from __future__ import annotations

import pytest
from playwright.sync_api import APIResponse, Route, expect

from kitestring.domains.reports.models import Report, ReportRevision
from tests.journeys.conftest import Desk
from tests.journeys.looking import PHONE, calm
from tests.journeys.test_boss import told, world
from tests.world import World

__all__ = ["told", "world"]


@pytest.mark.parametrize("width", [1280, PHONE])
def test_words_are_saved_while_typing_and_shared(
    world: World, told: Report, desk: Desk, visitor: Desk, width: int
) -> None:
    page = desk(world.manager, f"/reports/{told.pk}/", width=width)
    calm(page)
    page.fill("#w-title", "一人份的做法值得继续")
    expect(page.locator("#mark-title")).to_contain_text(world.manager.name)
    page.fill("#w-claim-standout", "")
    expect(page.locator("#mark-claim-standout .err")).to_be_visible()
    expect(page.locator("#w-title")).to_have_value("一人份的做法值得继续")
    page.fill("#w-claim-standout", "大家停下来看的是杯子")
    expect(page.locator("#mark-claim-standout .err")).to_have_count(0)
    page.click("#down-standout")
    expect(page.locator(".fnd textarea[id^=w-claim]").nth(1)).to_have_value("大家停下来看的是杯子")
    page.fill("#w-remark", "数字我核过。")
    page.click("#report-share")
    expect(page.locator("#report-share")).to_have_count(0)
    assert ReportRevision.objects.filter(report=told).count() == 2
    calm(page)
    for what in ("[data-copies=live-link]", "a[href$='/paper.pdf']"):
        expect(page.locator(what)).to_be_in_viewport(ratio=1)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("[data-copies=live-link]")
    copied = "(end) => navigator.clipboard.readText().then((text) => text.endsWith(end))"
    page.wait_for_function(copied, arg=f"/r/{told.secret}/")
    expect(page.locator("#toasts .toast.good").last).to_be_visible()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    page.click("[data-copies=live-link]")
    expect(page.locator("#live-link")).to_be_focused()
    expect(page.locator("#live-link")).to_be_in_viewport()
    boss = visitor(f"/r/{told.secret}/", width=PHONE, language="zh-hans")
    expect(boss.locator("article.report h1")).to_have_text("一人份的做法值得继续")
    expect(boss.locator("article.report")).to_contain_text("大家停下来看的是杯子")
    expect(boss.locator("article.report")).to_contain_text("数字我核过。")


def test_words_taken_back_while_they_are_saved_are_taken_back(world: World, told: Report, desk: Desk) -> None:
    page = desk(world.manager, f"/reports/{told.pk}/")
    before = page.input_value("#w-title")
    slow: list[tuple[Route, APIResponse]] = []

    def saved_and_slow(route: Route) -> None:
        answer = route.fetch()
        if slow:
            route.fulfill(response=answer)
        else:
            slow.append((route, answer))

    page.route("**/words/", saved_and_slow)
    page.fill("#w-title", "说早了")
    while not slow:
        page.wait_for_timeout(100)
    page.fill("#w-title", before)
    page.wait_for_timeout(1300)
    assert Report.objects.get(pk=told.pk).title == "说早了"
    slow[0][0].fulfill(response=slow[0][1])
    expect(page.locator("#report-version")).to_have_value(str(told.version + 2))
    expect(page.locator("#w-title")).to_have_value(before)
    assert Report.objects.get(pk=told.pk).title == before


def test_words_of_a_lost_line_come_back(world: World, told: Report, desk: Desk) -> None:
    page = desk(world.manager, f"/reports/{told.pk}/")
    page.route("**/words/", lambda route: route.abort())
    page.fill("#w-remark", "没有发出去的一句。")
    page.wait_for_timeout(1200)
    page.unroute("**/words/")
    page.reload()
    expect(page.locator("#w-remark")).to_have_value("没有发出去的一句。")
    expect(page.locator("#report-kept")).not_to_be_empty()
    assert Report.objects.get(pk=told.pk).words["lines"]["remark"]["text"] == "没有发出去的一句。"


def test_the_form_of_a_report_begins_at_its_first_field(world: World, told: Report, desk: Desk) -> None:
    """Opened by its address, by hand, and with a mistake in it: never on the ✕."""
    page = desk(world.analyst, "/reports/?campaign=", language="en")
    expect(page.locator("#make-report [name=campaign]")).to_be_focused()
    page.locator("#make-report [data-close]").click()
    page.locator("main [data-open=make-report]").first.click()
    expect(page.locator("#make-report [name=campaign]")).to_be_focused()
    page.fill("#make-report [name=starts_on]", "2026-03-02")
    page.fill("#make-report [name=ends_on]", "2026-03-01")
    page.locator("#make-report button[type=submit]").click()
    expect(page.locator("#make-report [name=ends_on]")).to_be_focused()
    expect(page.locator("#make-report .err")).to_be_in_viewport()
