"""The line up to the moment a post may go out: first owner, brief, ideas, decision, composer, approval."""

from __future__ import annotations

import re
from uuid import UUID

from playwright.sync_api import Page, expect

from kitestring.domains.composing.models import Post, Variant
from kitestring.domains.ideas.models import Brief, Idea
from kitestring.domains.workspaces.models import Member, Role
from kitestring.ui.people import given_name
from tests.journeys.line import Line, picture
from tests.world import PASSWORD

EMAIL = "first@owner.test"


def id_in(page: Page) -> UUID:
    found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", page.url)
    assert found, page.url
    return UUID(found.group())


def welcome(line: Line) -> None:
    """On an empty instance every page leads to the one that makes the first owner."""
    words, page = line.words, line.visitor("/calendar/", language=line.words.language)
    expect(page).to_have_url(re.compile("/welcome/$"))
    assert page.locator("html").get_attribute("lang") == {"zh-hans": "zh-Hans"}.get(
        words.language, words.language
    )
    line.look(page, "welcome")
    page.fill("[name=name]", words.owner)
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.select_option("[name=language]", words.language)
    page.fill("[name=workspace_name]", words.workspace)
    page.fill("[name=brand_name]", words.brand)
    page.select_option("[name=brand_language]", words.language)
    page.fill("[name=timezone]", words.zone)
    page.click("form.form button[type=submit]")
    expect(page).to_have_url(f"{line.base}/")
    expect(page.locator("h1")).to_contain_text(given_name(words.owner, words.language))
    expect(page.locator(".rail .me")).to_contain_text(words.owner)
    line.look(page, "today")
    line.owner = Member.objects.get(role=Role.OWNER)
    line.at_desk = page


def accounts(line: Line) -> None:
    """One account is connected on the page, the others the same way without it; one channel is published by hand."""
    page, there = line.at_desk, line.platforms["bluesky"]
    line.go(page, "/settings/accounts/add/bluesky/")
    for key, value in there.typed("crumb").items():
        page.fill(f"[name={key}]", value)
    line.look(page, "connect")
    page.click("#connect button[type=submit]")
    expect(page).to_have_url(re.compile(r"/settings/accounts/[0-9a-f-]{36}/$"))
    line.look(page, "account")
    line.connect("mastodon", "crumb")
    line.connect("wordpress", "crumb")
    line.connect_by_hand(line.words.brand)


def brief(line: Line) -> None:
    """A letter of seven questions, saved while typing; a second wanted verb is warned of and saved all the same."""
    page, words = line.at_desk, line.words
    line.go(page, "/briefs/")
    line.look(page, "briefs")
    page.click("main [data-open=new-brief]")
    page.fill("#new-brief [name=title]", words.brief)
    page.click("#new-brief button[type=submit]")
    expect(page.locator("#f-title")).to_have_value(words.brief)
    line.brief = id_in(page)
    page.fill("#a-objective", words.reason)
    page.fill("#a-key_message", words.key_message)
    page.locator(f"[name=response][value={words.response}]").check(force=True)
    page.fill("#a-response_object", words.warned)
    expect(page.locator("#margin-response_object .warnote")).to_be_visible()
    expect(page.locator("#brief-version")).not_to_have_value("1")
    line.look(page, "brief")
    assert Brief.objects.get(pk=line.brief).response_object == words.warned
    page.fill("#a-response_object", words.asked)
    expect(page.locator("#margin-response_object .warnote")).to_have_count(0)
    saved = Brief.objects.get(pk=line.brief)
    assert (saved.response, saved.response_object) == (words.response, words.asked)


def ideas(line: Line) -> None:
    """Pasted at once, repeats folded; votes are blind until one has voted oneself."""
    page, words = line.at_desk, line.words
    page.click("header.head a.btn.p")
    expect(page).to_have_url(re.compile("/ideas/$"))
    page.click("main [data-open=add-ideas]")
    page.fill("#add-ideas textarea", "\n".join(words.ideas))
    page.click("#add-ideas button[type=submit]")
    expect(page.locator(".idea")).to_have_count(len(words.ideas) - 1)
    assert Idea.objects.filter(brief=line.brief).count() == len(words.ideas)
    expect(page.locator(".votes")).to_have_count(0)
    page.locator(".idea .vote").first.click()
    expect(page.locator(".idea .vote.on")).to_have_count(1)
    page.reload()
    expect(page.locator(".idea .votes")).to_have_count(len(words.ideas) - 1)
    for at in (0, 1):
        page.locator(".idea").nth(at).locator("button[name=on]").click()
        expect(page.locator(".idea.pick")).to_have_count(at + 1)
    line.look(page, "wall")


def decision(line: Line) -> None:
    """One of the shortlist, with its reason; a campaign and a draft post stand there at once, linked to the idea."""
    page, words = line.at_desk, line.words
    chosen = Idea.objects.filter(brief=line.brief, shortlisted_at__isnull=False).order_by("number").first()
    assert chosen is not None
    page.select_option("#f-idea", str(chosen.pk))
    page.fill("#f-reason", words.reason)
    page.click("form.decide button[type=submit]")
    expect(page).to_have_url(re.compile("/campaigns/"))
    line.campaign = id_in(page)
    expect(page.locator("main")).to_contain_text(words.reason)
    row = page.locator("main a.li[href^='/posts/']")
    expect(row).to_have_count(1)
    line.look(page, "campaign")
    row.click()
    expect(page).to_have_url(re.compile("/posts/"))
    line.post = id_in(page)
    post = Post.objects.get(pk=line.post)
    assert (post.idea_id, post.campaign_id) == (chosen.pk, line.campaign)
    # One click each way: from the post to the brief, and from the wall to what came of it.
    expect(page.locator(f"a[href='/briefs/{line.brief}/']").first).to_be_visible()
    assert Variant.objects.filter(post=post).count() == 4


def compose(line: Line, page: Page) -> None:
    """Text, one account's own words, a picture with its description; each is kept while typing."""
    words = line.words
    page.fill("#f-title", words.brief[:18])
    page.fill("#t-source", words.text)
    expect(page.locator("#part-previews")).to_contain_text(words.text[:20])
    page.set_input_files("#f-files", {"name": "evening.png", "mimeType": "image/png", "buffer": picture()})
    expect(page.locator("#part-media .shot")).to_have_count(1)
    page.locator("#part-media [data-alt]").fill(words.alt)
    mine = Variant.objects.get(post=line.post, account__channel="bluesky")
    page.click(f"[data-show='side-{mine.pk}']")
    expect(page.locator("#part-previews img").first).to_have_attribute("alt", words.alt)
    area = page.locator(f"#t-{mine.pk}")
    expect(area).to_have_value(words.text)
    area.fill(words.own_text)
    expect(page.locator(f"[data-preview='side-{mine.pk}']")).to_contain_text(words.own_text)
    expect(page.locator("#part-checks .chip.danger")).to_have_count(0)
    line.look(page, "composer")
    mine.refresh_from_db()
    assert mine.text == words.own_text
    assert Post.objects.get(pk=line.post).text == words.text


def approval(line: Line, editor: Page, approver: Page) -> None:
    """Asked by one, given by another, voided in sight by an edit, given again."""
    ask, void = editor.locator("#acts-desk [hx-post]"), editor.locator("#strip-approval .chip.unk")
    given = editor.locator("#strip-approval .chip.good")
    ask.click()
    expect(ask).to_have_count(0)
    yes(line, approver)
    looks_again(editor)
    expect(given).to_be_visible()
    editor.click("[data-show=source]")
    editor.fill("#t-source", line.words.text + " …")
    expect(void).to_be_visible()
    ask.click()
    expect(void).to_have_count(0)
    yes(line, approver)
    looks_again(editor)
    expect(given).to_be_visible()


def looks_again(page: Page) -> None:
    """Somebody comes back to the open page: it asks what happened meanwhile."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def yes(line: Line, approver: Page) -> None:
    """From Today to the post as it will appear, and yes."""
    line.go(approver, "/")
    line.look(approver, "today, asked")
    approver.locator("a[href^='/approvals/']").first.click()
    expect(approver.locator(".review")).to_contain_text(line.words.text)
    line.look(approver, "review")
    approver.click("button[name=answer][value=yes]")
    expect(approver).to_have_url(f"{line.base}/")
    expect(approver.locator("a[href^='/approvals/']")).to_have_count(0)
