"""Trouble in the browser: a session that ends, buttons pressed twice, the way back, strangers' addresses, hostile text."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.ideas.actions.write_brief import write_brief
from kitestring.domains.ideas.models import Brief
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.text import clean
from tests.journeys.conftest import Desk
from tests.journeys.looking import calm, settled
from tests.world import PASSWORD, World

ODD = {
    "right to left": "مرحبا بكم في المخبز 🥖 نفتح الساعة السادسة",
    "zero width": "cof\u200bfee\u200d \u2060and\ufeff tea \u202etxt.exe",
    "marks": "Z̸̢̧̨͓͙̹̈́̏a̶̛l̷g̵o̶ " + "e\u0301" * 40,
    "markup": "<script>alert(1)</script> {{ 7*7 }} </textarea><img src=x onerror=alert(1)>",
    "one endless word": "ăn" * 600,
}


def sign_in(page: Page, world: World) -> None:
    page.fill("[name=login]", world.editor.user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("form button[type=submit]")


def test_a_session_that_ends_while_typing_in_the_composer_loses_nothing(
    world: World, post: Post, desk: Desk
) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/")
    settled(page)
    Session.objects.all().delete()
    page.fill("#t-source", "Words typed after the session had ended")
    expect(page.locator("#trouble")).to_contain_text(re.compile(r"\w+ \w+ \w+"))
    page.click("#trouble a[href^='/account/login/']")
    calm(page)
    sign_in(page, world)
    expect(page.locator("#t-source")).to_have_value("Words typed after the session had ended")
    expect(page.locator("#toasts")).to_contain_text("They are back")
    expect(page.locator("#kept")).not_to_have_class(re.compile("lost"))
    page.wait_for_timeout(800)
    assert post_for(world.editor, post.pk).text == "Words typed after the session had ended"


def test_a_session_that_ends_while_a_brief_is_written_loses_nothing(world: World, desk: Desk) -> None:
    brief = write_brief(world.editor, world.brand, "The last loaf")
    page = desk(world.editor, f"/briefs/{brief.pk}/")
    settled(page)
    Session.objects.all().delete()
    page.fill("#a-objective", "Kept although nobody was signed in")
    expect(page).to_have_url(re.compile("/account/login/"))
    sign_in(page, world)
    expect(page.locator("#a-objective")).to_have_value("Kept although nobody was signed in")
    expect(page.locator("#brief-version")).not_to_have_value(str(brief.version))
    assert Brief.objects.get(pk=brief.pk).objective == "Kept although nobody was signed in"


def test_buttons_pressed_twice_do_one_thing(world: World, post: Post, desk: Desk) -> None:
    page = desk(world.editor, "/briefs/")
    page.locator("main [data-open=new-brief]").first.click()
    page.fill("#new-brief [name=title]", "Once")
    page.locator("#new-brief button[type=submit]").dblclick()
    expect(page.locator("#f-title")).to_have_value("Once")
    assert Brief.objects.filter(title="Once").count() == 1
    before = Post.objects.count()
    page.goto(page.url.split("/briefs/")[0] + "/posts/")
    page.locator("main form[action='/posts/new/'] button").dblclick()
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}/"))
    assert Post.objects.count() == before + 1
    page.goto(page.url.split("/posts/")[0] + f"/posts/{post.pk}/")
    page.click("[data-open=schedule]:visible")
    page.locator("#deliveries form[hx-post$='/schedule/'] button[type=submit]").dblclick()
    expect(page.locator("#deliveries .li")).to_have_count(1)
    page.wait_for_timeout(300)
    assert Delivery.objects.count() == 1


def test_every_way_to_a_new_post_leads_to_one(world: World, desk: Desk) -> None:
    page = desk(world.editor, "/", width=390)
    page.click("nav.bottom .plus")
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}/"))
    desktop = desk(world.editor, "/calendar/")
    desktop.locator(
        "main header [href='/posts/new/'], main header form[action='/posts/new/'] button"
    ).first.click()
    expect(desktop).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}/"))
    desktop.keyboard.press("Control+k")
    desktop.locator("#palette [href='/posts/new/']").click()
    expect(desktop).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}/"))
    assert Post.objects.count() == 3


def test_back_after_saving_shows_what_was_saved(world: World, post: Post, desk: Desk) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.fill("#t-source", "Saved before leaving")
    expect(page.locator("#part-previews")).to_contain_text("Saved before leaving")
    page.click("header.topbar a.ico")
    expect(page).to_have_url(re.compile("/posts/$"))
    page.go_back()
    expect(page.locator("#t-source")).to_have_value("Saved before leaving")
    page.fill("#t-source", "And once more")
    expect(page.locator("#part-previews")).to_contain_text("And once more")
    page.wait_for_timeout(500)
    expect(page.locator("#trouble .notice")).to_have_count(0)
    assert post_for(world.editor, post.pk).text == "And once more"


@pytest.mark.parametrize("what", ODD)
def test_odd_text_stays_text_and_breaks_no_page(world: World, post: Post, desk: Desk, what: str) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/", width=390)
    page.fill("#t-source", ODD[what])
    expect(page.locator("#kept")).not_to_have_class(re.compile("lost"))
    page.wait_for_timeout(900)
    page.reload()
    expect(page.locator("#t-source")).to_have_value(clean(ODD[what]))
    calm(page, axe=False)
    post.refresh_from_db()
    Post.objects.filter(pk=post.pk).update(title=ODD[what][:200])
    for path in ("/posts/", f"/posts/{post.pk}/"):
        page.goto(page.url.split("/posts/")[0] + path)
        calm(page, axe=False)


def test_a_page_without_its_token_is_told_calmly(world: World, post: Post, desk: Desk) -> None:
    page = desk(world.editor, "/briefs/")
    page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(field => field.remove())")
    page.locator("main [data-open=new-brief]").first.click()
    page.fill("#new-brief [name=title]", "Without a token")
    page.click("#new-brief button[type=submit]")
    expect(page.locator("main, body").first).to_contain_text(re.compile(r"\w+ \w+ \w+"))
    calm(page)
    assert not Brief.objects.filter(title="Without a token").exists()


def paste(page: Page, text: str) -> None:
    """Put the text into the source at once, as a paste does; letter by letter takes a browser minutes."""
    page.evaluate(
        """text => { const area = document.getElementById("t-source"); area.value = text;
        area.dispatchEvent(new Event("input", {bubbles: true})); }""",
        text,
    )


def test_a_megabyte_is_refused_in_words_and_still_there(world: World, post: Post, desk: Desk) -> None:
    page, much = desk(world.editor, f"/posts/{post.pk}/"), "café " * 175_000
    paste(page, much)
    expect(page.locator("#trouble .notice")).to_be_visible()
    expect(page.locator("#trouble [data-message]")).to_contain_text(re.compile(r"\w+ \w+ \w+"))
    assert len(page.input_value("#t-source")) == len(much)
    assert post_for(world.editor, post.pk).text == post.text
    page.fill("#t-source", "Short again")
    expect(page.locator("#part-previews")).to_contain_text("Short again")
    expect(page.locator("#trouble .notice")).to_have_count(0)


def test_a_browser_without_room_saves_all_the_same(world: World, post: Post, desk: Desk) -> None:
    page = desk(world.editor, f"/posts/{post.pk}/")
    page.evaluate(
        "() => { for (let i = 0; i < 6; i++) try { localStorage.setItem('full' + i, 'x'.repeat(1 << 20)); } catch {} }"
    )
    page.evaluate(
        "() => { for (let i = 0; ; i++) try { localStorage.setItem('last' + i, 'x'.repeat(4096)); } catch { break; } }"
    )
    page.fill("#t-source", "Nothing can be laid aside here. " * 300)
    expect(page.locator("#part-previews")).to_contain_text("Nothing can be laid aside here.")
    assert post_for(world.editor, post.pk).text.startswith("Nothing can be laid aside")
