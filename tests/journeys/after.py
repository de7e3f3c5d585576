"""The line from the calendar on: moved, sent by the engine, answered, measured, told upward."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from kitestring.domains.analytics.models import Sample
from kitestring.domains.inbox.models import Conversation
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.reports.models import ReportRevision
from kitestring.kit import clock
from tests.journeys.line import Line
from tests.journeys.looking import PHONE

HOUR = "10:30"
DAYS = 3


def due(line: Line, days: int = DAYS) -> datetime:
    """The hour chosen, on the brand's own clock, so many days from today."""
    zone = ZoneInfo(line.words.zone)
    there = clock.now().astimezone(zone) + timedelta(days=days)
    return there.replace(hour=10, minute=30, second=0, microsecond=0)


def delivery(line: Line, slug: str) -> Delivery:
    return Delivery.objects.get(account__channel=slug, account__brand=line.brand, kind="variant")


def schedule(line: Line, page: Page) -> None:
    """From the composer, for every account at one hour of the brand's own clock."""
    page.click("[data-open=schedule]:visible")
    page.fill("#deliver-day", due(line).date().isoformat())
    page.fill("#deliver-time", HOUR)
    line.look(page, "schedule dialog")
    page.click("#deliveries form[hx-post$='/schedule/'] button[type=submit]")
    expect(page.locator("#deliveries .li")).to_have_count(4)
    expect(page.locator("#schedule")).not_to_be_visible()
    expect(page.locator("[data-open=schedule]:visible")).to_be_focused()
    assert {d.due_at for d in Delivery.objects.all()} == {due(line)}


def move(line: Line, page: Page) -> None:
    """One account's delivery by its own page, the others together by the keys, and that one again by the dialog."""
    day, alone = due(line).date(), delivery(line, "wordpress")
    line.go(page, f"/deliveries/{alone.pk}/")
    page.click("[data-open=move]")
    page.check("#move [name=who][value=one]")
    page.fill("#move [name=time]", "11:45")
    page.click("#move form button[type=submit]")
    expect(page.locator("#move")).not_to_be_visible()
    line.go(page, f"/calendar/?day={day}")
    line.look(page, "calendar")
    chips = page.locator(f".day[data-day='{day}'] .ev1[data-move]")
    expect(chips).to_have_count(2)
    next_day, key = next_to(page, day)
    chips.first.focus()
    page.keyboard.press(f"Alt+{key}")
    expect(page.locator(f".day[data-day='{next_day}'] .ev1[data-move]")).to_be_focused()
    expect(page.locator("#toasts .toast.good")).to_have_count(1)
    later = next_day + timedelta(days=1)
    chips.first.focus()
    page.keyboard.press("m")
    page.fill("#move-entry [name=day]", later.isoformat())
    page.keyboard.press("Enter")
    expect(page.locator("#toasts .toast.good")).to_have_count(2)
    zone = ZoneInfo(line.words.zone)
    there = {d.account.channel: d.due_at.astimezone(zone) for d in Delivery.objects.select_related("account")}
    moved = there.pop("wordpress")
    assert (moved.date(), f"{moved:%H:%M}") == (later, "11:45")
    assert {(at.date(), f"{at:%H:%M}") for at in there.values()} == {(next_day, HOUR)}


def next_to(page: Page, day: date) -> tuple[date, str]:
    """A later day that this month's page shows, and the arrow that leads there."""
    if page.locator(f".day[data-day='{day + timedelta(days=1)}']").count():
        return day + timedelta(days=1), "ArrowRight"
    return day + timedelta(days=7), "ArrowDown"


def first_hour(line: Line) -> None:
    """Nothing leaves before its hour; at its hour it does, and only that."""
    line.engine.work()
    assert not [one for there in line.platforms.values() for one in there.platform.posts()]
    line.engine.go_to(min(d.due_at for d in Delivery.objects.all()) + timedelta(seconds=2))
    line.engine.work()
    assert sorted(slug for slug, there in line.platforms.items() if there.platform.posts()) == [
        "bluesky",
        "mastodon",
    ]


def deliver(line: Line, page: Page) -> None:
    """Each at its own hour, once; its page says so and links there."""
    for moment in sorted({d.due_at for d in Delivery.objects.filter(state="scheduled")}):
        line.engine.go_to(moment + timedelta(seconds=2))
        line.engine.work()
    for slug in ("bluesky", "mastodon", "wordpress"):
        sent, there = delivery(line, slug), line.platforms[slug]
        assert sent.state == "published", (slug, sent.state, sent.reason, sent.said)
        assert [post.id for post in there.platform.posts()] == [sent.remote_id]
    sent = delivery(line, "bluesky")
    line.go(page, f"/deliveries/{sent.pk}/")
    expect(page.locator(f"a[href='{sent.remote_url}']").first).to_be_visible()
    line.look(page, "delivery")
    assert line.platforms["bluesky"].platform.posts()[0].text.startswith(line.words.own_text[:10])
    line.go(page, f"/calendar/?day={sent.due_at.astimezone(ZoneInfo(line.words.zone)).date()}")
    expect(page.locator(".ev1")).not_to_have_count(0)
    expect(page.locator(".ev1[data-move]")).to_have_count(0)


def hand_off(line: Line, page: Page) -> None:
    """On a phone: words to copy, the file to save, and the address as the proof."""
    waits = delivery(line, "xiaohongshu")
    assert waits.state == "handed_off"
    line.go(page, "/")
    page.locator(f"a[href='/deliveries/{waits.pk}/hand-off/']").first.click()
    expect(page.locator("#copy-text")).to_have_value(re.compile(re.escape(line.words.text[:20])))
    line.look(page, "hand-off")
    page.fill("[name=url]", "https://example.com/not-there")
    page.click("form[action$='/proof/'] button[type=submit]")
    expect(page.locator("#f-url-err")).to_be_visible()
    line.look(page, "hand-off, refused")
    proof = "https://www.xiaohongshu.com/explore/65f0c0de000000001"
    page.fill("[name=url]", proof)
    page.click("form[action$='/proof/'] button[type=submit]")
    expect(page).to_have_url(f"{line.base}/deliveries/{waits.pk}/")
    expect(page.locator(f"a[href='{proof}']").first).to_be_visible()
    line.look(page, "delivery, by hand")
    waits.refresh_from_db()
    assert (waits.state, waits.remote_url) == ("published", proof)


def answer(line: Line, page: Page) -> None:
    """A question comes in by itself, is answered where it stands, and the answer is on the platform once."""
    sent, there = delivery(line, "bluesky"), line.platforms["bluesky"]
    asked = there.platform.comment(sent.remote_id, "ada.test", "Ada", line.words.question)
    for key in ("likes", "likes", "reposts"):
        there.platform.count(sent.remote_id, key)
    line.engine.collect()
    talk = Conversation.objects.get(owed_since__isnull=False)
    line.go(page, "/inbox/")
    page.locator(f"a.conv[href*='{talk.pk}']").click()
    expect(page.locator("#thread")).to_contain_text(line.words.question)
    expect(page).to_have_url(re.compile(f"/inbox/{talk.pk}/"))
    line.look(page, "inbox")
    page.fill("#answer", line.words.answer)
    page.click("form.reply button[type=submit]")
    expect(page.locator("#thread .msg.us")).to_contain_text(line.words.answer)
    line.engine.work()
    assert [item.text for item in there.answers_to(asked.id)] == [line.words.answer]
    line.engine.collect()
    talk.refresh_from_db()
    assert talk.owed_since is None
    page.reload()
    expect(page.locator("#thread .msg")).to_have_count(2)
    line.go(page, "/inbox/")
    expect(page.locator("a.conv.un")).to_have_count(0)
    line.look(page, "inbox, nobody waits")


def results(line: Line, page: Page) -> None:
    """Numbers are read from the channels and stand on the results page with what is missing and why."""
    line.engine.go_to(clock.now() + timedelta(hours=2))
    line.engine.measure()
    sent = delivery(line, "bluesky")
    likes = Sample.objects.filter(delivery=sent, metric="likes").latest("read_at")
    assert (likes.value, bool(likes.field)) == (2, True)
    line.go(page, "/results/")
    line.look(page, "results")
    page.locator(f"main a[href='/results/{sent.pk}/']").first.click()
    expect(page.locator(f"main a[href='/deliveries/{sent.pk}/']").first).to_be_visible()
    line.look(page, "results of a post")


def report(line: Line) -> None:
    """Made from the campaign, printed as a draft, shared, and read as it was shared by somebody who is not signed in."""
    page = line.at_desk
    line.go(page, f"/campaigns/{line.campaign}/")
    page.locator(f"a[href^='/reports/?campaign={line.campaign}']").click()
    page.fill("#make-report [name=starts_on]", due(line, -4).date().isoformat())
    page.fill("#make-report [name=ends_on]", clock.now().date().isoformat())
    line.look(page, "reports")
    page.click("#make-report form button[type=submit]")
    expect(page).to_have_url(re.compile(r"/reports/[0-9a-f-]{36}/$"), timeout=30_000)
    line.look(page, "report")
    paper = page.locator("a[href$='/paper.pdf']").first.get_attribute("href")
    printed = page.request.get(f"{line.base}{paper}")
    assert (printed.status, printed.body()[:5]) == (200, b"%PDF-")
    told = page.input_value("#w-title")
    expect(page.locator("#live-link")).to_have_count(0)
    page.click("#report-share")
    expect(page.locator("#report-share")).to_have_count(0, timeout=30_000)
    line.look(page, "report, shared")
    link = page.input_value("#live-link")
    boss = line.visitor(link.removeprefix(line.base), language=line.words.language, width=PHONE)
    expect(boss.locator("article.report h1")).to_have_text(told)
    shared = ReportRevision.objects.get()
    expect(boss.locator(".fnd[id] h2")).to_have_count(len(shared.content["findings"]))
    for finding in shared.content["findings"]:
        expect(boss.locator(f"#fnd-{finding['key']} h2")).to_contain_text(finding["claim"])
    line.look(boss, "live link")
    assert boss.request.get(f"{line.base}/reports/", max_redirects=0).status == 302
